// Asks the relay or a peer for chunks; what it can't give it answers with `lacking`.

import type { Codec } from './codec.ts';
import { readSequenceBits, type SequenceBits, writeSequenceBits } from './sequence-bits.ts';

export const want: Codec<SequenceBits> = {
  type: 21,
  name: 'want',
  maxSize: 96,
  write: writeSequenceBits,
  read: readSequenceBits,
};
