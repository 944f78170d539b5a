// How far one may go back, and where one is: the arithmetic of the rewind bar, the badge and the keys.

import type { ControlView } from './control-view.ts';
import type { Wish } from './wish.ts';

/** Seconds behind the live edge from which on it is called late. */
export const LATE = 2.5;
/** A window of fewer seconds isn't worth a bar. */
const SHORTEST = 15;
const KEY_STEP = 10;

/** Seconds on the video's clock. */
export interface Rewind {
  readonly start: number;
  /** Where live is. */
  readonly edge: number;
  /** What is seen now; the edge itself while that is nearly there. */
  readonly time: number;
  /** A recording: its end is nothing to catch up with. */
  readonly recorded?: boolean;
}

/** Where one is in the window; null where there is no going back. */
export function rewindOf(view: ControlView): Rewind | null {
  const { seekable, liveEdge, wanted, video, recorded } = view;
  if (!seekable) return null;
  const edge = liveEdge ?? seekable.end;
  const { start } = seekable;
  if (edge - start < (recorded ? 1 : SHORTEST)) return null;
  const live = !recorded && wanted && edge - video.currentTime < LATE;
  return { start, edge, recorded, time: live ? edge : Math.min(edge, Math.max(start, video.currentTime)) };
}

/** Seconds behind the live edge, 0 while that is nearly there. */
export function behindLive({ video, liveEdge, stats, targetLatency }: ControlView): number {
  const latency = stats?.latency ?? targetLatency;
  const behind = liveEdge === null ? latency - targetLatency : liveEdge - video.currentTime;
  return behind < LATE ? 0 : behind;
}

/** The wish for a time: near the edge, it is live that is meant. */
export function seekTo(time: number, { start, edge, recorded }: Rewind): Wish {
  if (!recorded && time > edge - LATE) return { to: 'live' };
  return { to: 'seek', time: Math.max(start, Math.min(time, edge)) };
}

/** What a key asks of the position. `rtl`: the bar runs from right to left, and so do the arrows. */
export function seekForKey(key: string, rewind: Rewind, rtl: boolean): Wish | undefined {
  const { start, edge, time } = rewind;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return seekTo(time + ((key === 'ArrowRight') === rtl ? -KEY_STEP : KEY_STEP), rewind);
    case 'j':
      return seekTo(time - KEY_STEP, rewind);
    case 'l':
      return seekTo(time + KEY_STEP, rewind);
    case 'Home':
      return seekTo(start, rewind);
    case 'End':
      return seekTo(edge, rewind);
    default:
      return undefined;
  }
}
