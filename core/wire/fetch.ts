// Asks the relay or a peer for chunks of the past, when there is nothing newer to send; what it can't give it answers with `lacking`.

import type { Codec } from './codec.ts';
import { readSequenceBits, type SequenceBits, writeSequenceBits } from './sequence-bits.ts';

export const fetch: Codec<SequenceBits> = {
  type: 33,
  name: 'fetch',
  maxSize: 96,
  write: writeSequenceBits,
  read: readSequenceBits,
};
