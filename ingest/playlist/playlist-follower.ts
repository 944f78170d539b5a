// Which segments of a playlist come next, and when to look again (RFC 8216 §6.3.3, §6.3.4). Holds no clock.

import type { Millis } from '../../core/time.ts';
import type { MediaPlaylist, Segment } from './parse-playlist.ts';

/** A segment to play, in order. */
export interface Planned {
  readonly segment: Segment;
  /** Why the stream does not go on smoothly before this segment. */
  readonly break?: { readonly reason: string; readonly restarted: boolean };
}

/**
 * A live playlist is joined so many target durations before its end. The RFC asks for three, for the sake of players that stall; here the
 * cushion need only cover the wait between two reloads, and every second of it is a second of latency.
 */
const HOLD_BACK = 1.5;
/** A server's older copy lags by a segment or two; a playlist that goes back further has started over. */
const STALE_SEGMENTS = 2;
/** And so has one that stays behind for so many reloads. */
const STALE_RELOADS = 3;

export class PlaylistFollower {
  #next: number | undefined;
  #lastSeen = -1;
  #stale = 0;
  #changed = true;
  #targetMs: Millis = 2_000;

  /** The playlist as it is now -> the segments to play that were not given before. */
  take(playlist: MediaPlaylist): Planned[] {
    this.#targetMs = playlist.targetMs;
    const { segments } = playlist;
    const first = segments[0];
    const last = segments.at(-1);
    if (!first || !last) {
      this.#changed = false;
      return [];
    }
    const next = this.#next;
    if (next === undefined) return this.#join(playlist);
    if (this.#startedOver(last.sequence)) {
      return this.#join(playlist, { reason: 'the playlist starts over (media sequence went back)', restarted: true });
    }
    const fresh = segments.filter(segment => segment.sequence >= next);
    this.#changed = fresh.length > 0;
    if (fresh.length === 0) return [];
    this.#lastSeen = last.sequence;
    if (first.sequence > next) {
      const missed = first.sequence - next;
      return this.#join(playlist, {
        reason: `${missed} segments passed before they could be loaded`,
        restarted: false,
      });
    }
    this.#next = last.sequence + 1;
    return fresh.map(segment => plan(segment));
  }

  /** When to load again, if the last load began at `loadedAt`: after a target duration, or half of one if nothing was new. */
  reloadAt(loadedAt: Millis): Millis {
    return loadedAt + Math.max(200, this.#changed ? this.#targetMs : this.#targetMs / 2);
  }

  /** The last load failed: look again soon. */
  failed(): void {
    this.#changed = false;
  }

  #startedOver(lastSequence: number): boolean {
    const back = this.#lastSeen - lastSequence;
    this.#stale = back > 0 ? this.#stale + 1 : 0;
    return back > STALE_SEGMENTS || this.#stale >= STALE_RELOADS;
  }

  #join(playlist: MediaPlaylist, cause?: Planned['break']): Planned[] {
    const { segments } = playlist;
    this.#stale = 0;
    this.#changed = true;
    this.#lastSeen = segments.at(-1)!.sequence; // only called with segments
    this.#next = this.#lastSeen + 1;
    let from = 0;
    if (!playlist.ended) {
      let held = 0;
      from = segments.length;
      while (from > 0 && held < HOLD_BACK * playlist.targetMs) held += segments[--from]!.durationMs;
    }
    return segments.slice(from).map((segment, index) => plan(segment, index === 0, cause));
  }
}

function plan(segment: Segment, joins = false, cause?: Planned['break']): Planned {
  if (joins) return cause ? { segment, break: cause } : { segment };
  // Its time may go on or not: whoever reads the timestamps sees.
  if (segment.discontinuity) return { segment, break: { reason: 'a discontinuity in the playlist', restarted: true } };
  return { segment };
}
