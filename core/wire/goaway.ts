// The relay is about to leave: connect again after a while (RFC 9114 has the same word).

import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';

export interface Goaway {
  /** How long to wait before connecting again. */
  readonly retryAfterMs: Millis;
  readonly reason: string;
}

export const goaway: Codec<Goaway> = {
  type: 10,
  name: 'goaway',
  maxSize: 1_100,
  write(writer, message) {
    writer.varint(message.retryAfterMs).text(message.reason);
  },
  read(reader) {
    return { retryAfterMs: reader.varint(), reason: reader.text(1_024) };
  },
};
