// What one party says to everybody on a channel; the relay puts in who said it.

import type { Bytes } from '../bytes.ts';
import type { Codec } from './codec.ts';

/** The longest message, in bytes. */
export const MAX_MESSAGE = 16_384;

export interface Message {
  /** To the relay empty; from it: a room member's name, or `#` and some letters for a link without one. At most 128 bytes. */
  readonly from: string;
  /** From the relay: comes back to the one who sent it. */
  readonly own: boolean;
  /** `data` is UTF-8. Nobody but the reader checks that. */
  readonly isText: boolean;
  /** At most `MAX_MESSAGE` bytes. */
  readonly data: Bytes;
}

/** Other flags are room to grow. */
const TEXT = 1;
const OWN = 2;

export const message: Codec<Message> = {
  type: 34,
  name: 'message',
  maxSize: MAX_MESSAGE + 140,
  write(writer, { from, own, isText, data }) {
    writer
      .u8((isText ? TEXT : 0) | (own ? OWN : 0))
      .text(from)
      .block(data);
  },
  read(reader) {
    const flags = reader.u8();
    const from = reader.text(128);
    return { from, own: (flags & OWN) !== 0, isText: (flags & TEXT) !== 0, data: reader.block(MAX_MESSAGE) };
  },
};
