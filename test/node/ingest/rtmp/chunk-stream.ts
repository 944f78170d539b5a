// Writes RTMP chunks as an encoder would, well or ill (Adobe's RTMP specification 1.0 §5.3.1).

import { randomBytes } from 'node:crypto';
import AMF from 'node-media-server/src/protocol/amf.js';

/** C0, C1 and C2. */
export const HANDSHAKE: Buffer = Buffer.concat([Buffer.from([3]), randomBytes(1_536), randomBytes(1_536)]);

/** A message and how it is cut. */
export interface ChunkedMessage {
  readonly type: number;
  readonly body: Uint8Array;
  readonly time?: number;
  /** Chunk stream. */
  readonly stream?: number;
  readonly chunkSize?: number;
  /** `delta`: the time is one (a header of type 1). */
  readonly delta?: boolean;
}

/** The bytes of a message, with extended timestamps where they are needed. */
export function chunked({ type, body, time = 0, stream = 3, chunkSize = 128, delta = false }: ChunkedMessage): Buffer {
  const extended = time >= 0xff_ffff;
  const first = Buffer.alloc(delta ? 8 : 12);
  first[0] = (delta ? 0x40 : 0) | stream;
  first.writeUIntBE(extended ? 0xff_ffff : time, 1, 3);
  first.writeUIntBE(body.length, 4, 3);
  first[7] = type;
  const more = Buffer.alloc(extended ? 4 : 0);
  if (extended) more.writeUInt32BE(time);
  const parts: Uint8Array[] = [first, more];
  for (let at = 0; at < body.length; at += chunkSize) {
    if (at > 0) parts.push(Buffer.from([0xc0 | stream]), more);
    parts.push(body.subarray(at, at + chunkSize));
  }
  return Buffer.concat(parts);
}

/** A command message of these AMF0 values. */
export function command(...values: readonly unknown[]): Buffer {
  return chunked({ type: 20, body: AMF.amf0Encode(values) });
}

/** What an encoder says until it may publish. */
export function introduction(streamName: unknown, app: unknown = 'live'): Buffer {
  return Buffer.concat([
    HANDSHAKE,
    command('connect', 1, { app, tcUrl: 'rtmp://127.0.0.1/live' }),
    command('createStream', 2, null),
    command('publish', 3, null, streamName, 'live'),
  ]);
}
