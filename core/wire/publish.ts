// A publisher asks to feed a channel; the relay answers with `challenge` or `refused`.

import type { Bytes } from '../bytes.ts';
import type { Codec } from './codec.ts';

export interface Publish {
  readonly version: number;
  /** At most 128 bytes; the relay reads more, to say so. */
  readonly channel: string;
  /** The Ed25519 key, 32 bytes, that will sign the chunks. */
  readonly publicKey: Bytes;
}

export const publish: Codec<Publish> = {
  type: 11,
  name: 'publish',
  maxSize: 1_100,
  write(writer, message) {
    writer.varint(message.version).text(message.channel).put(message.publicKey);
  },
  read(reader) {
    return { version: reader.varint(), channel: reader.text(1_024), publicKey: reader.take(32) };
  },
};
