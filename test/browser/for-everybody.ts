// What axe-core finds against WCAG 2.2 AA, and the ways a page may be dressed in which it has to find nothing.

import 'axe-core';
import type Axe from 'axe-core';

const { axe } = globalThis as unknown as { axe: typeof Axe }; // it isn't a module, and leaves itself on the window
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Both themes, both directions. */
export const DRESSES = ['light', 'dark'].flatMap(theme => [
  { theme, dir: 'ltr', lang: 'en' },
  { theme, dir: 'rtl', lang: 'ar' },
]);

/** Dresses the page. */
export function dress({ theme, dir, lang }: (typeof DRESSES)[number]): void {
  document.documentElement.style.colorScheme = theme;
  document.documentElement.style.background = theme === 'dark' ? '#000' : '#fff';
  Object.assign(document.documentElement, { dir, lang });
}

/** The page as it was. */
export function undress(): void {
  document.documentElement.removeAttribute('style');
  Object.assign(document.documentElement, { dir: '', lang: 'en' });
}

/** What axe holds against an element, one line each. */
export async function violations(element: Element): Promise<string> {
  const { violations: found } = await axe.run(element, { runOnly: TAGS });
  return found
    .flatMap(({ id, nodes }) =>
      nodes.map(({ failureSummary, target }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    )
    .join('\n');
}

/** Whether nothing in it fades or moves any more but what does so for ever. */
export const standsStill = (root: Node): boolean => root instanceof ShadowRoot && root.getAnimations().every(isEndless);

const isEndless = (animation: Animation) =>
  animation.playState !== 'running' || animation.effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY;
