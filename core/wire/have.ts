// A peer tells a neighbour which of the latest chunks it holds, a few times a second.

import type { Codec } from './codec.ts';
import { readSequenceBits, type SequenceBits, writeSequenceBits } from './sequence-bits.ts';

export const have: Codec<SequenceBits> = {
  type: 28,
  name: 'have',
  maxSize: 96,
  write: writeSequenceBits,
  read: readSequenceBits,
};
