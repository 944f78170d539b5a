// The first message of a recording's data file: whose stream it is. Only files have it; it never goes over a link.

import type { Bytes } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import type { Millis } from '../time.ts';
import type { Codec } from '../wire/codec.ts';

/** The version of the files' format. */
const VERSION = 1;
const PUBLIC_KEY_SIZE = 32;

export interface RecordingHead {
  /** Its name is part of what the chunks' signatures cover. */
  readonly channel: string;
  /** Of the publisher, who signed every chunk. */
  readonly publicKey: Bytes;
  /** When the first chunk came: Unix milliseconds of the relay's clock. */
  readonly startedAt: Millis;
}

export const recordingHead: Codec<RecordingHead> = {
  type: 62,
  name: 'recording-head',
  maxSize: 192,
  write(writer, { channel, publicKey, startedAt }) {
    writer.varint(VERSION).text(channel).put(publicKey).varint(startedAt);
  },
  read(reader) {
    const version = reader.varint();
    if (version !== VERSION) throw new ProtocolViolation(`a recording of version ${version}: this is ${VERSION}`);
    return { channel: reader.text(128), publicKey: reader.take(PUBLIC_KEY_SIZE), startedAt: reader.varint() };
  },
};
