// Framing: type (QUIC varint), length (QUIC varint), body; the same on every link and in recordings.

import { ByteReader, type Bytes, ByteWriter, concat, NO_BYTES, varintSize } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

/** The longest body of any type, also of those that this version doesn't know. */
export const MAX_BODY = 131_072;

/** Writes one whole message: type, length, body. */
export function encodeMessage<Message>(codec: Codec<Message>, message: Message): Bytes {
  const body = new ByteWriter();
  codec.write(body, message);
  if (body.size > codec.maxSize) throw new RangeError(`${codec.name} of ${body.size} bytes`);
  return new ByteWriter(body.size + varintSize(codec.type) + varintSize(body.size))
    .varint(codec.type)
    .block(body.finish())
    .finish();
}

/** Reads the body of a message of a known type. Throws `ProtocolViolation`. */
export function decodeBody<Message>(codec: Codec<Message>, body: Bytes): Message {
  if (body.length > codec.maxSize) {
    throw new ProtocolViolation(`${codec.name} of ${body.length} bytes, at most ${codec.maxSize} allowed`);
  }
  const reader = new ByteReader(body);
  const message = codec.read(reader);
  reader.end();
  return message;
}

/** Bytes in any split -> messages. Holds at most one unfinished message of at most `MAX_BODY` bytes. */
export class MessageReader {
  readonly #receive: (type: number, body: Bytes) => void;
  #held: Bytes[] = [];
  #heldSize = 0;
  /** How many bytes must be there before parsing is tried again. */
  #needed = 1;

  constructor(receive: (type: number, body: Bytes) => void) {
    this.#receive = receive;
  }

  /** Takes the next bytes and hands on every message they complete. Throws `ProtocolViolation` on a message that is announced too long. */
  push(bytes: Bytes): void {
    if (this.#heldSize > 0) {
      this.#held.push(bytes);
      this.#heldSize += bytes.length;
      if (this.#heldSize < this.#needed) return;
      bytes = concat(this.#held);
      this.#held = [];
      this.#heldSize = 0;
    }
    let offset = 0;
    for (;;) {
      const next = this.#one(bytes, offset);
      if (next === undefined) break;
      offset = next;
    }
    if (offset < bytes.length) {
      this.#held = [offset === 0 ? bytes : bytes.subarray(offset)];
      this.#heldSize = bytes.length - offset;
    }
  }

  /** Throws `ProtocolViolation` when the stream ended inside a message. */
  end(): void {
    if (this.#heldSize > 0) throw new ProtocolViolation(`the stream ended ${this.#heldSize} bytes into a message`);
  }

  #one(bytes: Bytes, offset: number): number | undefined {
    const type = peekVarint(bytes, offset);
    const length = type && peekVarint(bytes, type.next);
    if (!type || !length) {
      this.#needed = bytes.length - offset + 1;
      return undefined;
    }
    if (length.value > MAX_BODY) {
      throw new ProtocolViolation(`a message of ${length.value} bytes is announced, at most ${MAX_BODY} are accepted`);
    }
    const end = length.next + length.value;
    if (end > bytes.length) {
      this.#needed = end - offset;
      return undefined;
    }
    this.#receive(type.value, length.value === 0 ? NO_BYTES : bytes.subarray(length.next, end));
    return end;
  }
}

function peekVarint(bytes: Bytes, offset: number): { value: number; next: number } | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  const size = 1 << (first >> 6);
  if (offset + size > bytes.length) return undefined;
  return { value: new ByteReader(bytes, offset).varint(), next: offset + size };
}
