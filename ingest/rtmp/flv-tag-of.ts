// From an RTMP media message to the FLV tag with the same body.

import type { Bytes } from '../../core/bytes.ts';
import { writeTag } from '../../core/media/flv/flv-tag.ts';

/** Message types that carry media (Adobe's RTMP specification 1.0 §7.1). */
const KINDS: Readonly<Record<number, 'audio' | 'video' | 'script'>> = {
  8: 'audio',
  9: 'video',
  15: 'script',
  18: 'script',
};
const AMF3_DATA = 15;

/** As it stands in AMF0: a string's type, its length, its letters. */
const SET_DATA_FRAME = Buffer.from('\x02\x00\x0d@setDataFrame', 'latin1');
const CLEAR_DATA_FRAME = Buffer.from('\x02\x00\x0f@clearDataFrame', 'latin1');

/**
 * The tag of a message, copied out of `body`, at `timestamp` ms; nothing for what only means something to a server. Of metadata the command that says to set them
 * is taken away, and of AMF3 the byte that says that AMF0 follows; audio and video stay as they are.
 */
export function flvTagOf(type: number, timestamp: number, body: Bytes): Bytes | undefined {
  const kind = KINDS[type];
  let bytes = type === AMF3_DATA ? body.subarray(1) : body;
  if (kind === 'script') {
    if (startsWith(bytes, CLEAR_DATA_FRAME)) return undefined;
    if (startsWith(bytes, SET_DATA_FRAME)) bytes = bytes.subarray(SET_DATA_FRAME.length);
  }
  return kind && bytes.length > 0 ? writeTag(kind, timestamp, bytes) : undefined;
}

function startsWith(bytes: Bytes, start: Buffer): boolean {
  return bytes.length >= start.length && start.equals(bytes.subarray(0, start.length));
}
