// A set of sequences in blocks of 512, as peers tell each other of what they hold: one message a block.

import { MAX_SEQUENCE_BITS } from '../../core/wire/sequence-bits.ts';

/** Sequences in a block. */
export const BLOCK = MAX_SEQUENCE_BITS * 8;
/** Most blocks kept: at 4,000 bytes a chunk, 256 MB of a recording. */
const MAX_BLOCKS = 128;

/** The first sequence of the block that holds this one. */
export function blockOf(sequence: number): number {
  return sequence - (sequence % BLOCK);
}

/** The same sequences, in order, in as many runs as messages are needed to name them. */
export function runsWithinBlock(sequences: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (let at = 0; at < sequences.length; ) {
    const base = sequences[at]!; // at < length
    const near = sequences.slice(at).filter(sequence => sequence - base < BLOCK);
    runs.push(near);
    at += near.length;
  }
  return runs;
}

/** Bounded: beyond the limit the block that was told longest ago goes. */
export class SequenceBlocks {
  readonly #blocks = new Map<number, Uint8Array>();

  /** Takes a block as it is now; `base` is its first sequence. */
  set(base: number, bits: Uint8Array): void {
    this.#blocks.delete(base);
    if (base % BLOCK !== 0 || bits.every(byte => byte === 0)) return;
    this.#blocks.set(base, bits.slice(0, MAX_SEQUENCE_BITS));
    if (this.#blocks.size > MAX_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!); // there is one
  }

  has(sequence: number): boolean {
    const bits = this.#blocks.get(blockOf(sequence));
    const at = sequence % BLOCK;
    return (((bits?.[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
  }

  /** The sequences from `from` on that lie before `to`, ascending. */
  within(from: number, to: number): number[] {
    const found: number[] = [];
    for (const base of [...this.#blocks.keys()].sort((a, b) => a - b)) {
      const last = Math.min(to, base + BLOCK);
      for (let sequence = Math.max(from, base); sequence < last; sequence++) {
        if (this.has(sequence)) found.push(sequence);
      }
    }
    return found;
  }
}
