// The relay tells twice a second what is newest and what is oldest, so that a viewer knows what it lacks and how far back it may go.

import type { Millis, Ticks } from '../time.ts';
import type { Codec } from './codec.ts';

export interface Beacon {
  readonly track: number;
  /** Sequence of the newest chunk. */
  readonly edge: number;
  /** Sequence of the newest group's first chunk. */
  readonly group: number;
  /** Channel time of the oldest group that can be fetched. */
  readonly windowStart: Ticks;
  /** The relay's clock, Unix milliseconds. */
  readonly clock: Millis;
}

export const beacon: Codec<Beacon> = {
  type: 5,
  name: 'beacon',
  maxSize: 64,
  write(writer, message) {
    const { track, edge, group, windowStart, clock } = message;
    writer.varint(track).varint(edge).varint(group).varint(windowStart).varint(clock);
  },
  read(reader) {
    return {
      track: reader.varint(),
      edge: reader.varint(),
      group: reader.varint(),
      windowStart: reader.varint(),
      clock: reader.varint(),
    };
  },
};
