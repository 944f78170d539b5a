// Pictures of AVC and HEVC as FLV carries them -> as access units must be: 4-byte lengths, no AUD, no parameter sets.

import { type Bytes, NO_BYTES } from '../../bytes.ts';
import { forEachLengthPrefixed, toLengthPrefixed } from '../codecs/nal.ts';

/** A picture ready for its access unit. */
export interface Sample {
  /** Empty when the tag held nothing but parameter sets and AUDs. */
  readonly data: Bytes;
  /** Parameter sets that were inside, as views. */
  readonly parameterSets: readonly Bytes[];
  /** NAL unit type of the first slice; −1 without one. */
  readonly sliceType: number;
}

/** How the NAL units of a codec are told apart. */
export interface NalKind {
  readonly type: (firstByte: number) => number;
  readonly aud: number;
  readonly parameterSets: readonly number[];
  /** Slices have types from the first to below the second. */
  readonly slices: readonly [number, number];
}

const NONE: readonly Bytes[] = [];

/**
 * Checks the lengths and takes out what does not belong in an access unit. The view itself is handed back when there is nothing to take out,
 * a part of it when that stands in front, otherwise a copy. undefined when a length runs past the end: the picture is damaged.
 */
export function toSample(data: Bytes, kind: NalKind, lengthSize: number): Sample | undefined {
  let sliceType = -1;
  let clean = lengthSize === 4;
  let at = 0;
  while (at < data.length) {
    const start = at + lengthSize;
    if (start > data.length) return undefined;
    let length = data[at]!;
    for (let i = at + 1; i < start; i++) length = length * 256 + data[i]!;
    at = start + length;
    if (at > data.length) return undefined;
    if (length === 0) {
      clean = false;
      continue;
    }
    const type = kind.type(data[start]!);
    if (type >= kind.slices[0] && type < kind.slices[1]) {
      if (sliceType < 0) sliceType = type;
    } else if (type === kind.aud || kind.parameterSets.includes(type)) clean = false;
  }
  return clean ? { data, parameterSets: NONE, sliceType } : strip(data, kind, lengthSize, sliceType);
}

function strip(data: Bytes, kind: NalKind, lengthSize: number, sliceType: number): Sample {
  const parameterSets: Bytes[] = [];
  const kept: Bytes[] = [];
  let firstKept = data.length;
  let keptSize = 0;
  forEachLengthPrefixed(data, lengthSize, (start, end) => {
    const type = kind.type(data[start]!);
    const nal = data.subarray(start, end);
    if (kind.parameterSets.includes(type)) parameterSets.push(nal);
    else if (type !== kind.aud) {
      if (kept.length === 0) firstKept = start - lengthSize;
      kept.push(nal);
      keptSize += lengthSize + nal.length;
    }
  });
  if (kept.length === 0) return { data: NO_BYTES, parameterSets, sliceType };
  const inFront = lengthSize === 4 && firstKept + keptSize === data.length;
  return { data: inFront ? data.subarray(firstKept) : toLengthPrefixed(kept), parameterSets, sliceType };
}

/** The parameter sets of one kind that hold from here on: those in the band, else those before. */
export function currentSets(inBand: Bytes[], before: Bytes[]): Bytes[] {
  return inBand.length > 0 ? inBand : before;
}
