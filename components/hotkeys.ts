// Keys -> wishes, as media-chrome has them; what goes beyond the live edge is live.

import { type Rewind, seekForKey } from './controls/rewind.ts';
import type { Wish } from './controls/wish.ts';

/** What a key is read against. `volume` is 0–1. */
export interface HotkeyState {
  readonly paused: boolean;
  readonly muted: boolean;
  readonly volume: number;
  /** Null where there is no going back. */
  readonly rewind: (Rewind & { readonly rtl: boolean }) | null;
}

const VOLUME_STEP = 0.05;

/** What the key asks for, if anything. */
export function wishForKey(key: string, { paused, muted, volume, rewind }: HotkeyState): Wish | undefined {
  switch (key) {
    case ' ':
    case 'k':
      return { to: paused ? 'play' : 'pause' };
    case 'm':
      return { to: muted ? 'unmute' : 'mute' };
    case 'f':
      return { to: 'fullscreen' };
    case 'p':
      return { to: 'pip' };
    case 'c':
      return { to: 'captions' };
    case 'ArrowUp':
      return { to: 'volume', volume: Math.min(1, volume + VOLUME_STEP) };
    case 'ArrowDown':
      return { to: 'volume', volume: Math.max(0, volume - VOLUME_STEP) };
    default:
      if (rewind) return seekForKey(key, rewind, rewind.rtl);
      return key === 'l' || key === 'End' ? { to: 'live' } : undefined;
  }
}

/** Whether the pressed key belongs to what has the focus: typing, a slider's arrows, a button's space. */
export function isTakenByFocus(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'range' || /^(Arrow|Page|Home|End)/.test(event.key);
  if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) return event.key === ' ';
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
