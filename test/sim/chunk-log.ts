// Which chunks a viewer has had, how late each of the latest was, and over how many hops it came.

import type { Millis } from '../../core/time.ts';

/** Delays are kept to a quarter of a millisecond; this one also stands for whatever took longer. */
const LONGEST = 65_535;

/** Indexes count the stream's chunks from 0. */
export class ChunkLog {
  readonly #held: Uint8Array;
  readonly #mask: number;
  readonly #delays: Uint16Array;
  readonly #hops: Uint8Array;
  /** Chunks below have been judged: nothing is noted about them any more. */
  judgedBelow = 0;

  /** `chunks`: in the whole stream; `recent`: how many delays are remembered, a power of two. */
  constructor(chunks: number, recent: number) {
    this.#held = new Uint8Array((chunks >> 3) + 1);
    this.#mask = recent - 1;
    this.#delays = new Uint16Array(recent);
    this.#hops = new Uint8Array(recent);
  }

  /** Whether it has come. */
  has(index: number): boolean {
    return index >= 0 && ((this.#held[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /** Notes a chunk that came for the first time. */
  add(index: number, delayMs: Millis, hops: number): void {
    this.#held[index >> 3]! |= 1 << (index & 7);
    const slot = index & this.#mask;
    this.#hops[slot] = hops;
    if (index >= this.judgedBelow) this.#delays[slot] = Math.max(1, Math.min(LONGEST, Math.round(delayMs * 4)));
  }

  /** Hops over which one of the latest chunks came. */
  hops(index: number): number {
    return this.#hops[index & this.#mask]!;
  }

  /** Reads the delay of a chunk, and makes its place free; undefined when it has not come. */
  judge(index: number): Millis | undefined {
    const slot = index & this.#mask;
    const delay = this.#delays[slot]!;
    this.#delays[slot] = 0;
    return delay === 0 ? undefined : delay / 4;
  }
}
