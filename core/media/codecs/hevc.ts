// HEVC (H.265): sequence parameter sets (ISO/IEC 23008-2 §7.3.2.2) and the hvcC record (ISO/IEC 14496-15 §8.3.3).

import { type Bytes, NO_BYTES } from '../../bytes.ts';
import type { VideoTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';
import { removeEmulationPrevention } from './nal.ts';

/** NAL unit types (ISO/IEC 23008-2 table 7-1); 0 to 31 are slices, 16 to 23 of them random access pictures. */
export const HevcNal = {
  raslN: 8,
  raslR: 9,
  blaWLp: 16,
  idrWRadl: 19,
  idrNLp: 20,
  cra: 21,
  lastIrap: 23,
  vps: 32,
  sps: 33,
  pps: 34,
  aud: 35,
  endOfSequence: 36,
  endOfBitstream: 37,
  filler: 38,
  prefixSei: 39,
  suffixSei: 40,
} as const;

/** The type of the NAL unit that begins with this byte. */
export function hevcNalType(firstByte: number): number {
  return (firstByte >> 1) & 63;
}

/** What an SPS says; sizes in pixels within the conformance window. */
export interface HevcSps {
  /** general_profile_space to general_level_idc: the 12 bytes that hvcC repeats. */
  readonly profileTierLevel: Bytes;
  readonly temporalLayers: number;
  readonly temporalIdNested: boolean;
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  readonly width: number;
  readonly height: number;
}

/** Parses an SPS NAL unit (with its 2 header bytes, without start code); undefined when it is malformed. */
export function parseHevcSps(nal: Bytes): HevcSps | undefined {
  if (nal.length < 15 || hevcNalType(nal[0]!) !== HevcNal.sps) return undefined;
  const bytes = removeEmulationPrevention(nal);
  const reader = new BitReader(bytes, 2);
  reader.skip(4);
  const subLayers = reader.bits(3);
  const temporalIdNested = reader.flag();
  const profileTierLevel = bytes.slice(3, 15);
  if (profileTierLevel.length < 12) return undefined;
  reader.skip(96);
  const present: [profile: boolean, level: boolean][] = [];
  for (let i = 0; i < subLayers; i++) present.push([reader.flag(), reader.flag()]);
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) reader.skip((profile ? 88 : 0) + (level ? 8 : 0));
  reader.ue();
  const chromaFormat = reader.ue();
  const separatePlanes = chromaFormat === 3 && reader.flag();
  let width = reader.ue();
  let height = reader.ue();
  if (reader.flag()) {
    const planes = separatePlanes ? 0 : chromaFormat;
    width -= (planes === 1 || planes === 2 ? 2 : 1) * (reader.ue() + reader.ue());
    height -= (planes === 1 ? 2 : 1) * (reader.ue() + reader.ue());
  }
  const bitDepthLuma = 8 + reader.ue();
  const bitDepthChroma = 8 + reader.ue();
  if (reader.overrun || subLayers > 6 || chromaFormat > 3 || bitDepthLuma > 16 || bitDepthChroma > 16) return undefined;
  if (width <= 0 || height <= 0 || width > 65_535 || height > 65_535) return undefined;
  return {
    profileTierLevel,
    temporalLayers: subLayers + 1,
    temporalIdNested,
    chromaFormat,
    bitDepthLuma,
    bitDepthChroma,
    width,
    height,
  };
}

const COMPLETE = 0x80;

/** Builds an hvcC record with 4-byte lengths from parameter set NAL units; empty when the first SPS is missing or malformed. */
export function hevcConfig(vps: readonly Bytes[], sps: readonly Bytes[], pps: readonly Bytes[]): Bytes {
  const first = sps[0] && parseHevcSps(sps[0]);
  if (!first) return NO_BYTES;
  const record = [1, ...first.profileTierLevel, 0xf0, 0, 0xfc, 0xfc | first.chromaFormat];
  record.push(0xf8 | (first.bitDepthLuma - 8), 0xf8 | (first.bitDepthChroma - 8), 0, 0);
  record.push((first.temporalLayers << 3) | (first.temporalIdNested ? 4 : 0) | 3);
  const arrays = [[HevcNal.vps, vps] as const, [HevcNal.sps, sps] as const, [HevcNal.pps, pps] as const];
  const filled = arrays.filter(([, nals]) => nals.length > 0);
  record.push(filled.length);
  for (const [type, nals] of filled) {
    record.push(COMPLETE | type, nals.length >> 8, nals.length & 255);
    for (const nal of nals) record.push(nal.length >> 8, nal.length & 255, ...nal);
  }
  return new Uint8Array(record);
}

/** The size of the NAL unit lengths that an hvcC record announces: 1, 2 or 4. */
export function hevcLengthSize(hvcC: Bytes): number {
  return ((hvcC[21] ?? 3) & 3) + 1;
}

/** The parameter sets in an hvcC record, as views; undefined when it is malformed. `arrays` are the offsets of the array headers. */
export function hevcParameterSets(
  hvcC: Bytes,
): { vps: Bytes[]; sps: Bytes[]; pps: Bytes[]; arrays: number[] } | undefined {
  if (hvcC.length < 23 || hvcC[0] !== 1) return undefined;
  const sets = { vps: [] as Bytes[], sps: [] as Bytes[], pps: [] as Bytes[], arrays: [] as number[] };
  let at = 23;
  for (let a = 0; a < hvcC[22]!; a++) {
    if (at + 3 > hvcC.length) return undefined;
    sets.arrays.push(at);
    const type = hvcC[at]! & 63;
    const count = (hvcC[at + 1]! << 8) | hvcC[at + 2]!;
    at += 3;
    for (let i = 0; i < count; i++) {
      if (at + 2 > hvcC.length) return undefined;
      const size = (hvcC[at]! << 8) | hvcC[at + 1]!;
      at += 2;
      if (size === 0 || at + size > hvcC.length) return undefined;
      const nal = hvcC.subarray(at, at + size);
      if (type === HevcNal.vps) sets.vps.push(nal);
      else if (type === HevcNal.sps) sets.sps.push(nal);
      else if (type === HevcNal.pps) sets.pps.push(nal);
      at += size;
    }
  }
  return sets;
}

/** The RFC 6381 form of 14496-15 §E.3, e.g. `hvc1.1.6.L93.B0`, from the 12 bytes of profile, tier and level. */
function hevcCodecString(profileTierLevel: Bytes): string {
  const first = profileTierLevel[0]!;
  const space = ['', 'A', 'B', 'C'][first >> 6]!;
  let compatibility = 0;
  for (let i = 0; i < 32; i++) {
    if ((profileTierLevel[1 + (i >> 3)]! >> (7 - (i & 7))) & 1) compatibility += 2 ** i;
  }
  const constraints = [...profileTierLevel.subarray(5, 11)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  const parts = [`hvc1.${space}${first & 31}`, compatibility.toString(16).toUpperCase()];
  parts.push(`${first & 32 ? 'H' : 'L'}${profileTierLevel[11]}`);
  for (const byte of constraints) parts.push(byte.toString(16).toUpperCase());
  return parts.join('.');
}

/**
 * The track that an hvcC record describes; undefined when it is malformed or a kind of parameter set is missing. The description announces
 * 4-byte lengths and complete arrays (as `hvc1` demands): `hevcLengthSize` of the original tells how the container does.
 */
export function hevcTrack(id: number, hvcC: Bytes): VideoTrack | undefined {
  const sets = hevcParameterSets(hvcC);
  if (!sets || sets.vps.length === 0 || sets.sps.length === 0 || sets.pps.length === 0) return undefined;
  const sps = parseHevcSps(sets.sps[0]!);
  if (!sps) return undefined;
  const description = hvcC.slice();
  description[21] = description[21]! | 3;
  for (const at of sets.arrays) description[at] = description[at]! | COMPLETE;
  const codecString = hevcCodecString(description.subarray(1, 13));
  return { kind: 'video', id, codec: 'hevc', codecString, description, width: sps.width, height: sps.height };
}
