// Which of the latest sequences a viewer holds, and when each was captured: fixed memory, nothing allocated per chunk.

import type { Millis } from '../time.ts';

const NEVER = -1;

/** Remembers the last `capacity` sequences. Older ones count as not held. */
export class SequenceRing {
  readonly #mask: number;
  readonly #sequences: Float64Array;
  readonly #captured: Float64Array;
  #origin: number | undefined;

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    if ((capacity & (capacity - 1)) !== 0) throw new RangeError(`capacity of ${capacity}: a power of two is needed`);
    this.#mask = capacity - 1;
    this.#sequences = new Float64Array(capacity).fill(NEVER);
    this.#captured = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.#mask + 1;
  }

  /** Whether this sequence is held. */
  has(sequence: number): boolean {
    return this.#origin !== undefined && this.#sequences[(sequence - this.#origin) & this.#mask] === sequence;
  }

  /** Notes a sequence; false when it is held already, or when a later one has its place. */
  add(sequence: number, capturedAt: Millis): boolean {
    this.#origin ??= sequence;
    const slot = (sequence - this.#origin) & this.#mask;
    if (this.#sequences[slot]! >= sequence) return false;
    this.#sequences[slot] = sequence;
    this.#captured[slot] = capturedAt;
    return true;
  }

  /** Capture time of a sequence that is held. */
  capturedAt(sequence: number): Millis {
    return this.#captured[(sequence - (this.#origin ?? 0)) & this.#mask]!;
  }

  /** Forgets everything. */
  clear(): void {
    this.#sequences.fill(NEVER);
    this.#origin = undefined;
  }
}
