// The relay asks a publisher to prove that it holds its keys.

import type { Bytes } from '../bytes.ts';
import type { Codec } from './codec.ts';

export interface Challenge {
  /** 32 random bytes, used once. */
  readonly nonce: Bytes;
}

export const challenge: Codec<Challenge> = {
  type: 12,
  name: 'challenge',
  maxSize: 32,
  write(writer, message) {
    writer.put(message.nonce);
  },
  read(reader) {
    return { nonce: reader.take(32) };
  },
};
