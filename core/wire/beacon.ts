// The relay tells twice a second what is newest, so that a viewer knows what it lacks.

import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';

export interface Beacon {
  readonly track: number;
  /** Sequence of the newest chunk. */
  readonly edge: number;
  /** Sequence of the newest group's first chunk. */
  readonly group: number;
  /** The relay's clock, Unix milliseconds. */
  readonly clock: Millis;
}

export const beacon: Codec<Beacon> = {
  type: 5,
  name: 'beacon',
  maxSize: 64,
  write(writer, message) {
    writer.varint(message.track).varint(message.edge).varint(message.group).varint(message.clock);
  },
  read(reader) {
    return { track: reader.varint(), edge: reader.varint(), group: reader.varint(), clock: reader.varint() };
  },
};
