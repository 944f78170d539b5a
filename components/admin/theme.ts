// Light, dark, or as the device is: chosen once, remembered by the browser.

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'p2p-admin-theme';

/** What was chosen before. */
export function savedTheme(): Theme {
  try {
    return THEMES.find(theme => theme === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto'; // storage is switched off
  }
}

/** Dresses an element, and remembers. */
export function applyTheme(element: HTMLElement, theme: Theme): void {
  element.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is left.
  }
}
