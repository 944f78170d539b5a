// A viewer asks the relay which chunks of the past it holds: from a sequence on, or from the group that shows a moment.

import type { Ticks } from '../time.ts';
import type { Codec } from './codec.ts';

export interface Locate {
  /** The answer carries it, too. */
  readonly id: number;
  readonly track: number;
  /** 0: the group that shows `at`; the viewer goes there, and what it fetched before and has not got is not sent any more. */
  readonly from: number;
  /** Channel time; what lies outside of what is held is taken for the nearest end of it. */
  readonly at: Ticks;
}

export const locate: Codec<Locate> = {
  type: 31,
  name: 'locate',
  maxSize: 32,
  write(writer, message) {
    writer.varint(message.id).varint(message.track).varint(message.from).varint(message.at);
  },
  read(reader) {
    return { id: reader.varint(), track: reader.varint(), from: reader.varint(), at: reader.varint() };
  },
};
