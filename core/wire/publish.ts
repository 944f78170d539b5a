// A publisher asks to feed a channel; the relay answers with `challenge` or `refused`.

import type { Bytes } from '../bytes.ts';
import type { Codec } from './codec.ts';

export interface Publish {
  readonly version: number;
  /** At most 128 bytes; the relay reads more, to say so. */
  readonly channel: string;
  /** The Ed25519 key, 32 bytes, that will sign the chunks. */
  readonly publicKey: Bytes;
  /** A token that allows it (JWT); absent: the publish key will be proven instead. */
  readonly token?: string;
}

/** Longest token that is read, in bytes. */
export const MAX_TOKEN = 4_096;

export const publish: Codec<Publish> = {
  type: 11,
  name: 'publish',
  maxSize: 5_300,
  write(writer, message) {
    writer.varint(message.version).text(message.channel).put(message.publicKey);
    writer.text(message.token ?? '');
  },
  read(reader) {
    const version = reader.varint();
    const channel = reader.text(1_024);
    const publicKey = reader.take(32);
    const token = reader.text(MAX_TOKEN);
    return { version, channel, publicKey, ...(token !== '' && { token }) };
  },
};
