// A viewer asks to receive a channel.

import type { Codec } from './codec.ts';

export interface Subscribe {
  readonly version: number;
  /** At most 128 bytes; the relay reads more, to say so. */
  readonly channel: string;
}

export const subscribe: Codec<Subscribe> = {
  type: 1,
  name: 'subscribe',
  maxSize: 1_100,
  write(writer, message) {
    writer.varint(message.version).text(message.channel);
  },
  read(reader) {
    return { version: reader.varint(), channel: reader.text(1_024) };
  },
};
