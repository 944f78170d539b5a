// Finds what a viewer asks for in the past: the chunks from a sequence or a moment on.

import type { ChunkWindow } from '../../core/swarm/chunk-window.ts';
import type { Locate } from '../../core/wire/locate.ts';
import type { Located } from '../../core/wire/located.ts';
import { MAX_SEQUENCE_BITS, sequenceBits } from '../../core/wire/sequence-bits.ts';

/** What is held from there on, as far as a message tells; what is gone, or on another timeline, is taken for the oldest group. */
export function locateIn(window: ChunkWindow, { id, track, from, at }: Locate): Located {
  const oldest = window.pastStart?.header.sequence;
  if (oldest === undefined) return { id, track, base: 0, bits: new Uint8Array(0), next: 0 };
  const start = from === 0 ? window.groupAt(at)!.header.sequence : Math.max(from, oldest); // there is one, the oldest
  const sequences: number[] = [];
  for (let index = window.indexFrom(start); ; index++) {
    const sequence = window.at(index)?.header.sequence;
    if (sequence !== undefined && sequence < (sequences[0] ?? sequence) + MAX_SEQUENCE_BITS * 8)
      sequences.push(sequence);
    else return { id, ...sequenceBits(track, sequences), next: sequence ?? 0 };
  }
}
