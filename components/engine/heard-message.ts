// What the relay tells of messages, as pages take it.

import type { Bytes } from '../../core/bytes.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { message, messageLoss } from '../../core/wire/index.ts';

/** Somebody on the channel says something. */
export interface HeardMessage {
  /** A room member's name, or `#` and some letters. */
  readonly from: string;
  /** It is one's own. */
  readonly own: boolean;
  readonly data: string | ArrayBuffer;
}

/** Reads a `message`. Throws `ProtocolViolation`. */
export function heardMessage(body: Bytes): HeardMessage {
  const { from, own, isText, data } = decodeBody(message, body);
  return { from, own, data: isText ? new TextDecoder().decode(data) : data.slice().buffer };
}

/** Reads a `message-loss`: messages were dropped or missed. Throws `ProtocolViolation`. */
export function lossWarning(body: Bytes) {
  const { cause, reason } = decodeBody(messageLoss, body);
  return { code: `message-${cause}`, message: reason } as const;
}
