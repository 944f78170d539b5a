// A publisher's answer to `challenge`: the publish key never travels; a channel key is proven either way.

import type { Bytes } from '../bytes.ts';
import type { Codec } from './codec.ts';

export interface Prove {
  /** HMAC-SHA256 keyed with the publish key over `proofMessage`; zeros where a token has shown that publishing is allowed. */
  readonly mac: Bytes;
  /** Ed25519 signature of the channel key over `proofMessage`. */
  readonly signature: Bytes;
}

export const prove: Codec<Prove> = {
  type: 13,
  name: 'prove',
  maxSize: 96,
  write(writer, message) {
    writer.put(message.mac).put(message.signature);
  },
  read(reader) {
    return { mac: reader.take(32), signature: reader.take(64) };
  },
};
