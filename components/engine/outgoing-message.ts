// What a page sends to a channel, as the wire takes it.

import type { Bytes } from '../../core/bytes.ts';
import { MAX_MESSAGE } from '../../core/wire/message.ts';

/** Text, or bytes in any view. */
export type MessageData = string | ArrayBuffer | ArrayBufferView;

export interface OutgoingMessage {
  readonly data: Bytes;
  readonly isText: boolean;
}

/** Throws `RangeError` above 16 KiB, `TypeError` at what is neither text nor bytes. */
export function outgoingMessage(message: MessageData): OutgoingMessage {
  const isText = typeof message === 'string';
  const data = isText ? new TextEncoder().encode(message) : bytesOf(message);
  if (data.length > MAX_MESSAGE) throw new RangeError(`a message of ${data.length} bytes: at most ${MAX_MESSAGE}`);
  return { data, isText };
}

/** A copy: the page may go on to use its own. */
function bytesOf(message: ArrayBuffer | ArrayBufferView): Bytes {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(message) ? message : new Uint8Array(message);
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
