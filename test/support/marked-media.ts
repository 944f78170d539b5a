// Media with something to say at given times: script tags in FLV, timed ID3 for MPEG-TS.

import { type Bytes, ByteWriter, concat, utf8 } from '../../core/bytes.ts';
import { flvTag } from './flv-muxer.ts';

const FLV_HEADER = 13;
const SCRIPT = 18;

function amfText(text: string): Bytes {
  return new ByteWriter().u16(text.length).put(utf8(text)).finish();
}

/** The body of an `onCuePoint` tag: `{ type: 'event', name }`. */
export function cuePoint(name: string): Bytes {
  const entries: [string, string][] = [
    ['type', 'event'],
    ['name', name],
  ];
  const parts = entries.flatMap(([key, value]) => [amfText(key), new Uint8Array([2]), amfText(value)]);
  return concat([new Uint8Array([2]), amfText('onCuePoint'), new Uint8Array([3]), ...parts, new Uint8Array([0, 0, 9])]);
}

/** An ID3v2.4 tag with one TXXX frame of a short text. */
export function id3Tag(text: string): Bytes {
  const body = concat([new Uint8Array([3, 0]), utf8(text)]);
  const frame = new ByteWriter().put(utf8('TXXX')).u32(body.length).u16(0).put(body).finish();
  return new ByteWriter().put(utf8('ID3')).u8(4).u8(0).u8(0).u32(frame.length).put(frame).finish();
}

/** The FLV with further script tags before the first tag of their time, in milliseconds. */
export function withScripts(flv: Bytes, scripts: readonly { readonly at: number; readonly body: Bytes }[]): Bytes {
  const view = new DataView(flv.buffer, flv.byteOffset, flv.byteLength);
  const parts: Bytes[] = [flv.subarray(0, FLV_HEADER)];
  const left = [...scripts];
  for (let at = FLV_HEADER; at < flv.length; ) {
    const timestamp = (view.getUint32(at + 4) >>> 8) | (flv[at + 7]! << 24);
    while (left[0] && timestamp >= left[0].at) {
      const { at: time, body } = left.shift()!; // it is there
      parts.push(flvTag(SCRIPT, time, body));
    }
    const end = at + 15 + (view.getUint32(at) & 0xff_ffff);
    parts.push(flv.subarray(at, end));
    at = end;
  }
  return concat(parts);
}
