// The answer to a `ping`.

import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';

export interface Pong {
  /** As it came in the ping. */
  readonly sentAt: Millis;
  /** The answerer's wall clock, Unix milliseconds. */
  readonly clock: Millis;
}

export const pong: Codec<Pong> = {
  type: 8,
  name: 'pong',
  maxSize: 32,
  write(writer, message) {
    writer.varint(message.sentAt).varint(message.clock);
  },
  read(reader) {
    return { sentAt: reader.varint(), clock: reader.varint() };
  },
};
