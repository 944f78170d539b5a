// What a publisher proves its keys over: bound to the relay's nonce, the channel and the publisher's own key, so it can't be replayed.

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, concat, utf8 } from '../bytes.ts';

/** The message that `prove` signs and authenticates. */
export function proofMessage(nonce: Bytes, channel: string, publicKey: Bytes): Bytes {
  return concat([utf8(`p2p-live publish\0${channel}\0`), nonce, publicKey]);
}

/** HMAC-SHA256 (RFC 2104) keyed with the publish key's UTF-8 bytes. */
export function proofMac(publishKey: string, message: Bytes): Bytes {
  return new Uint8Array(hmac(sha256, utf8(publishKey), message));
}
