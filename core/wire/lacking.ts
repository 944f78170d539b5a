// The answer to `want` for chunks that the sender doesn't hold; to a child also what could not be pushed in time.

import type { Codec } from './codec.ts';
import { readSequenceBits, type SequenceBits, writeSequenceBits } from './sequence-bits.ts';

export const lacking: Codec<SequenceBits> = {
  type: 29,
  name: 'lacking',
  maxSize: 96,
  write: writeSequenceBits,
  read: readSequenceBits,
};
