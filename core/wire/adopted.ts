// A peer tells its child that it pushes a stripe to it, and how far from the relay it is itself; again whenever that changes.

import type { Codec } from './codec.ts';

export interface Adopted {
  readonly track: number;
  readonly stripe: number;
  /** Hops from the relay to the sender: 1 when the relay pushes to it. */
  readonly depth: number;
}

export const adopted: Codec<Adopted> = {
  type: 26,
  name: 'adopted',
  maxSize: 16,
  write(writer, message) {
    writer.varint(message.track).varint(message.stripe).varint(message.depth);
  },
  read(reader) {
    return { track: reader.varint(), stripe: reader.varint(), depth: reader.varint() };
  },
};
