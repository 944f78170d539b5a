// NAL unit framing of AVC and HEVC: Annex B start codes, length prefixes, emulation prevention.

import type { Bytes } from '../../bytes.ts';

/**
 * Finds the NAL units of an Annex B byte stream (ISO/IEC 14496-10 Annex B) and hands `visit` where each begins and ends, without start codes
 * and trailing zeros. Bytes before the first start code are passed over; empty units are left out.
 */
export function forEachNal(annexB: Bytes, visit: (start: number, end: number) => void): void {
  const size = annexB.length;
  let start = -1;
  let i = 2;
  while (i < size) {
    const byte = annexB[i]!;
    if (byte > 1) i += 3;
    else if (byte === 0) i++;
    else {
      if (annexB[i - 1] === 0 && annexB[i - 2] === 0) {
        if (start >= 0) visitTrimmed(annexB, start, i - 2, visit);
        start = i + 1;
      }
      i += 3;
    }
  }
  if (start >= 0) visitTrimmed(annexB, start, size, visit);
}

function visitTrimmed(bytes: Bytes, start: number, end: number, visit: (start: number, end: number) => void): void {
  while (end > start && bytes[end - 1] === 0) end--;
  if (end > start) visit(start, end);
}

/** The NAL units of an Annex B byte stream, as views. */
export function splitAnnexB(annexB: Bytes): Bytes[] {
  const nals: Bytes[] = [];
  forEachNal(annexB, (start, end) => nals.push(annexB.subarray(start, end)));
  return nals;
}

/** Joins NAL units, each behind its length in 4 bytes: one new array. */
export function toLengthPrefixed(nals: readonly Bytes[]): Bytes {
  let size = 0;
  for (const nal of nals) size += 4 + nal.length;
  const sample = new Uint8Array(size);
  let at = 0;
  for (const nal of nals) {
    const length = nal.length;
    sample[at] = length >>> 24;
    sample[at + 1] = length >>> 16;
    sample[at + 2] = length >>> 8;
    sample[at + 3] = length;
    sample.set(nal, at + 4);
    at += 4 + length;
  }
  return sample;
}

/**
 * Hands `visit` where each NAL unit of a length-prefixed sample begins and ends (ISO/IEC 14496-15 §4.3.3); `lengthSize` is 1, 2 or 4 (3 works too).
 * False, possibly after some visits, when a length runs past the end: the sample is damaged.
 */
export function forEachLengthPrefixed(
  sample: Bytes,
  lengthSize: number,
  visit: (start: number, end: number) => void,
): boolean {
  let at = 0;
  while (at < sample.length) {
    if (at + lengthSize > sample.length) return false;
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + sample[at + i]!;
    at += lengthSize;
    if (length > sample.length - at) return false;
    if (length > 0) visit(at, at + length);
    at += length;
  }
  return true;
}

/** Takes the emulation prevention bytes out of a NAL unit (ISO/IEC 14496-10 §7.4.1); a unit without any is returned as it is. */
export function removeEmulationPrevention(nal: Bytes): Bytes {
  let from = 0;
  let out: Uint8Array<ArrayBuffer> | undefined;
  let size = 0;
  for (let i = 2; i < nal.length; i++) {
    if (nal[i] !== 3 || nal[i - 1] !== 0 || nal[i - 2] !== 0 || i - 2 < from) continue;
    out ??= new Uint8Array(nal.length);
    out.set(nal.subarray(from, i), size);
    size += i - from;
    from = i + 1;
  }
  if (!out) return nal;
  out.set(nal.subarray(from), size);
  return out.subarray(0, size + nal.length - from);
}
