// Asks for a `pong`: measures the round trip, tells a dead link, and reads the other party's clock.

import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';

export interface Ping {
  /** The asker's own steady clock; comes back in the pong. */
  readonly sentAt: Millis;
}

export const ping: Codec<Ping> = {
  type: 7,
  name: 'ping',
  maxSize: 16,
  write(writer, message) {
    writer.varint(message.sentAt);
  },
  read(reader) {
    return { sentAt: reader.varint() };
  },
};
