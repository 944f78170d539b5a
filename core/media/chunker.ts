// What a chunker is: bytes of one container in any split -> init bytes and cuts.

import type { Bytes } from '../bytes.ts';
import type { Container } from '../init-document.ts';
import type { Millis, Ticks } from '../time.ts';

/** How large a cut may grow. */
export interface CutLimits {
  /** A cut is made at the latest after this long, at the end of what has arrived. */
  readonly maxMs: Millis;
  /** And at the latest at this many bytes; TS: the packets that fit. */
  readonly maxBytes: number;
}

/** Design §2: small enough for a data channel to send without waiting. */
export const DEFAULT_LIMITS: CutLimits = { maxMs: 100, maxBytes: 4_000 };

/** A slice of the source's bytes, to be numbered and signed. */
export interface Cut {
  readonly payload: Bytes;
  readonly startsGroup: boolean;
  /** The source lost or damaged something just before. */
  readonly discontinuity: boolean;
  /** Unwrapped source decode time of the first unit that starts in it, else of the unit that runs on into it. */
  readonly dts: Ticks;
  /** How much media starts in it; 0 when no unit does. */
  readonly duration: Ticks;
  readonly entry: number;
  /** When its first byte arrived. */
  readonly arrivedAt: Millis;
}

/** What a chunker gives back, in order. */
export type ChunkerEvent =
  /** The groups that follow need this init: comes before the first cut, and again when the codec configuration changes, always right before a cut that starts a group. */
  | { readonly type: 'init'; readonly bytes: Bytes }
  | { readonly type: 'cut'; readonly cut: Cut }
  /** Source time jumped (backwards, or far ahead); the next cut starts a group. */
  | { readonly type: 'jump'; readonly from: Ticks; readonly to: Ticks }
  | { readonly type: 'damage'; readonly reason: string; readonly bytes: number };

/** Bytes -> cuts. Time is an argument; nothing is emitted before the first group start with a known init. */
export interface Chunker {
  readonly container: Container;
  /** The next bytes, which arrived at `now`. Throws `NotThisMedia`. */
  push(bytes: Bytes, now: Millis): ChunkerEvent[];
  /** Cuts what has waited long enough. */
  poll(now: Millis): ChunkerEvent[];
  /** When `poll` would have something to do, if ever. */
  wakeAt(): Millis | undefined;
  /** The source ends or breaks off: cuts what is left. The next push starts afresh at a group. */
  flush(now: Millis): ChunkerEvent[];
}
