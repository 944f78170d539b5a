// The relay tells which chunks of the past it holds: the answer to `locate`.

import type { Codec } from './codec.ts';
import { readSequenceBits, type SequenceBits, writeSequenceBits } from './sequence-bits.ts';

/** `base` is the first chunk held; without one there are no bits. */
export interface Located extends SequenceBits {
  /** Of the question. */
  readonly id: number;
  /** The lowest sequence held behind those told; 0: there is none yet. */
  readonly next: number;
}

export const located: Codec<Located> = {
  type: 32,
  name: 'located',
  maxSize: 112,
  write(writer, message) {
    writer.varint(message.id).varint(message.next);
    writeSequenceBits(writer, message);
  },
  read(reader) {
    const id = reader.varint();
    const next = reader.varint();
    return { id, next, ...readSequenceBits(reader) };
  },
};
