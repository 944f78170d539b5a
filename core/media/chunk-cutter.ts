// Cuts a container's pieces (tags, packets) into chunks' payloads: by size, by time, and before every group.

import { type Bytes, concat } from '../bytes.ts';
import type { Millis, Ticks } from '../time.ts';
import { type Cut, type CutLimits, DEFAULT_LIMITS } from './chunker.ts';

/** A run of the container's bytes. */
export interface Piece {
  readonly bytes: Bytes;
  /** A tag or packet starts at the first byte, so a reader can resynchronise here. */
  readonly entry: boolean;
  /** A group starts with this piece. */
  readonly startsGroup?: boolean;
  /** Unwrapped decode time of the unit that starts with this piece, where one does. */
  readonly dts?: Ticks;
  /** How long that unit lasts, as far as known. */
  readonly duration?: Ticks;
}

/** Collects pieces; `splittable` tells whether a piece may be cut at any byte (FLV) or only between pieces (TS packets). */
export class ChunkCutter {
  readonly #limits: CutLimits;
  readonly #splittable: boolean;
  #parts: Bytes[] = [];
  #size = 0;
  #entry: number | undefined;
  #startsGroup = false;
  #discontinuity = false;
  #dts: Ticks | undefined;
  #lastDts: Ticks = 0;
  #duration = 0;
  #arrivedAt: Millis = 0;

  constructor(splittable: boolean, limits: CutLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
    this.#splittable = splittable;
  }

  /** Takes the next piece, which arrived at `now`, and returns the cuts it completes. */
  add(piece: Piece, now: Millis): Cut[] {
    const cuts: Cut[] = [];
    if (piece.startsGroup) this.#cut(cuts);
    let { bytes } = piece;
    if (!this.#splittable && this.#size + bytes.length > this.#limits.maxBytes) this.#cut(cuts);
    if (this.#size === 0) this.#arrivedAt = now;
    if (piece.startsGroup) this.#startsGroup = true;
    // A tag that starts exactly at the limit belongs to the next cut, so its time is noted after the room is made.
    if (this.#size >= this.#limits.maxBytes) {
      this.#cut(cuts);
      this.#arrivedAt = now;
    }
    if (piece.entry) this.#entry ??= this.#size;
    if (piece.dts !== undefined) {
      this.#dts ??= piece.dts;
      this.#lastDts = piece.dts;
      this.#duration += piece.duration ?? 0;
    }
    while (this.#splittable && this.#size + bytes.length > this.#limits.maxBytes) {
      const room = this.#limits.maxBytes - this.#size;
      this.#parts.push(bytes.subarray(0, room));
      this.#size += room;
      bytes = bytes.subarray(room);
      this.#cut(cuts);
      this.#arrivedAt = now;
    }
    if (bytes.length > 0) {
      this.#parts.push(bytes);
      this.#size += bytes.length;
    }
    return cuts;
  }

  /** Marks that the source lost something before the next piece. */
  discontinuity(): Cut[] {
    const cuts: Cut[] = [];
    this.#cut(cuts);
    this.#discontinuity = true;
    return cuts;
  }

  /** Cuts what has waited for `maxMs`. */
  poll(now: Millis): Cut[] {
    const wakeAt = this.wakeAt();
    return wakeAt !== undefined && now >= wakeAt ? this.flush() : [];
  }

  /** When the bytes that wait have waited long enough. */
  wakeAt(): Millis | undefined {
    return this.#size > 0 ? this.#arrivedAt + this.#limits.maxMs : undefined;
  }

  /** Cuts what there is. */
  flush(): Cut[] {
    const cuts: Cut[] = [];
    this.#cut(cuts);
    return cuts;
  }

  #cut(cuts: Cut[]): void {
    if (this.#size === 0) return;
    cuts.push({
      payload: concat(this.#parts),
      startsGroup: this.#startsGroup,
      discontinuity: this.#discontinuity,
      dts: this.#dts ?? this.#lastDts,
      duration: this.#duration,
      entry: this.#entry ?? this.#size,
      arrivedAt: this.#arrivedAt,
    });
    this.#parts = [];
    this.#size = 0;
    this.#entry = undefined;
    this.#startsGroup = false;
    this.#discontinuity = false;
    this.#dts = undefined;
    this.#duration = 0;
  }
}
