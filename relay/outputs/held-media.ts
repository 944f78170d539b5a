// The media in what a window holds: chunks and init documents without what the wire has put around them.

import type { Bytes } from '../../core/bytes.ts';
import { type Container, decodeInit, type InitDocument } from '../../core/init-document.ts';
import type { HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import type { Codec } from '../../core/wire/codec.ts';
import { decodeBody, MessageReader } from '../../core/wire/framing.ts';
import { chunk, init } from '../../core/wire/index.ts';

const documents = new WeakMap<HeldInit, InitDocument>();

/** The chunk's own bytes of FLV or TS: a view. */
export function payloadOf({ message }: HeldChunk): Bytes {
  return read(chunk, message).payload;
}

/** The init document, read once. */
export function documentOf(held: HeldInit): InitDocument {
  let document = documents.get(held);
  if (!document) {
    document = decodeInit(read(init, held.message).document);
    documents.set(held, document);
  }
  return document;
}

/** The container of a chunk's epoch. */
export function containerOf(held: HeldChunk): Container {
  return documentOf(held.init).container;
}

function read<Message>(codec: Codec<Message>, message: Bytes): Message {
  let body: Bytes | undefined;
  new MessageReader((_, found) => {
    body = found;
  }).push(message);
  return decodeBody(codec, body!); // a window holds whole messages
}
