// Reads movie fragments for tests.

import type { Bytes } from '../../core/bytes.ts';
import { boxesOf, findBoxes } from './mp4-boxes.ts';

/** What a fragment with one traf says of its samples; times in the track's timescale. */
export interface ParsedFragment {
  readonly sequence: number;
  readonly trackId: number;
  readonly samples: readonly { dts: number; pts: number; duration: number; key: boolean; data: Bytes }[];
}

/** The fragments in these bytes: moof and mdat in turn; throws on anything else. */
export function readFragments(bytes: Bytes): ParsedFragment[] {
  const boxes = boxesOf(bytes);
  const fragments: ParsedFragment[] = [];
  let at = 0;
  for (let i = 0; i < boxes.length; i += 2) {
    const [moof, mdat] = [boxes[i], boxes[i + 1]];
    if (moof?.type !== 'moof' || mdat?.type !== 'mdat') throw new Error(`${moof?.type}, ${mdat?.type}`);
    const size = 16 + moof.payload.length + mdat.payload.length;
    fragments.push(readFragment(moof.payload, bytes.subarray(at, at + size)));
    at += size;
  }
  return fragments;
}

function readFragment(moof: Bytes, whole: Bytes): ParsedFragment {
  const view = (box: Bytes) => new DataView(box.buffer, box.byteOffset, box.byteLength);
  const [tfhd, tfdt, trun] = ['tfhd', 'tfdt', 'trun'].map(name => view(findBoxes(moof, `traf/${name}`)[0]!));
  const flags = trun!.getUint32(0);
  let dts = Number(tfdt!.getBigUint64(4));
  let at = trun!.getUint32(8);
  let entry = 12;
  const samples = [];
  for (let i = 0; i < trun!.getUint32(4); i++) {
    const duration = trun!.getUint32(entry);
    const size = trun!.getUint32(entry + 4);
    const video = (flags & 0x800) !== 0;
    const key = !video || (trun!.getUint32(entry + 8) & 0x1_0000) === 0;
    const pts = dts + (video ? trun!.getUint32(entry + 12) : 0);
    samples.push({ dts, pts, duration, key, data: whole.subarray(at, at + size) });
    entry += video ? 16 : 8;
    at += size;
    dts += duration;
  }
  if (at !== whole.length) throw new Error(`samples end at ${at} of ${whole.length}`);
  return { sequence: view(findBoxes(moof, 'mfhd')[0]!).getUint32(4), trackId: tfhd!.getUint32(4), samples };
}
