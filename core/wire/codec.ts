// What each message file exports: how its body is written and read.

import type { ByteReader, ByteWriter } from '../bytes.ts';

/** The codec of one message type. */
export interface Codec<Message> {
  /** QUIC varint before the length. */
  readonly type: number;
  readonly name: string;
  /** A body longer than this is refused as soon as its length is announced. */
  readonly maxSize: number;
  write(writer: ByteWriter, message: Message): void;
  /** Reads one body; throws `ProtocolViolation`. The caller checks that nothing is left over. */
  read(reader: ByteReader): Message;
}

/** The version of the wire protocol, sent first by whoever opens the link. */
export const WIRE_VERSION = 1;
