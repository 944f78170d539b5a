// A segment of HLS, and what it is collected in.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { MediaTrack } from '../../core/media/track.ts';
import type { TransmuxEvent } from '../../core/media/transmuxer.ts';
import type { Millis, Ticks } from '../../core/time.ts';

/** One file of a playlist. */
export interface Segment {
  /** The init segment that it needs: the same object as long as it is the same. */
  readonly init: Bytes;
  readonly bytes: Bytes;
  /** Seconds. */
  readonly duration: number;
  /** Of its first chunk. */
  readonly timestamp: Ticks;
  /** When its first picture was captured: Unix milliseconds of the relay's clock. */
  readonly capturedAt: Millis;
  /** It does not go on from the one before. */
  readonly discontinuity: boolean;
}

type Kind = MediaTrack['kind'];
type Span = { readonly start: number; readonly end: number };

/** Fragments of one segment, in order. */
export class SegmentDraft {
  /** What its fragments are of; they stay for the next one. */
  readonly tracks = new Map<Kind, MediaTrack>();
  #parts: Bytes[] = [];
  #spans = new Map<Kind, Span>();

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** Whether it has fragments of that kind. */
  has(kind: Kind): boolean {
    return this.#spans.has(kind);
  }

  add({ kind, bytes, start, end }: Extract<TransmuxEvent, { type: 'fragment' }>): void {
    this.#parts.push(bytes);
    const span = this.#spans.get(kind);
    this.#spans.set(kind, { start: Math.min(span?.start ?? start, start), end: Math.max(span?.end ?? end, end) });
  }

  /** Gives back what was collected, which lasts as long as its pictures do, and begins anew. */
  take(): Pick<Segment, 'bytes' | 'duration'> {
    const { start, end } = this.#spans.get('video') ?? this.#spans.get('audio') ?? { start: 0, end: 0 };
    const bytes = concat(this.#parts);
    this.#parts = [];
    this.#spans = new Map();
    return { bytes, duration: end - start };
  }
}
