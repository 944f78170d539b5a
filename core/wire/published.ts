// The relay lets a publisher go on.

import type { Codec } from './codec.ts';

export interface Published {
  /** The lowest sequence that the publisher may give its next chunk. */
  readonly nextSequence: number;
}

export const published: Codec<Published> = {
  type: 14,
  name: 'published',
  maxSize: 16,
  write(writer, message) {
    writer.varint(message.nextSequence);
  },
  read(reader) {
    return { nextSequence: reader.varint() };
  },
};
