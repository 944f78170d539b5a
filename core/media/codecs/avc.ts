// AVC (H.264): sequence parameter sets (ISO/IEC 14496-10 §7.3.2.1) and the avcC record (ISO/IEC 14496-15 §5.3.3).

import { type Bytes, NO_BYTES, toHex } from '../../bytes.ts';
import type { VideoTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';
import { removeEmulationPrevention } from './nal.ts';

/** NAL unit types (ISO/IEC 14496-10 table 7-1). */
export const AvcNal = {
  slice: 1,
  partitionA: 2,
  idr: 5,
  sei: 6,
  sps: 7,
  pps: 8,
  aud: 9,
  endOfSequence: 10,
  endOfStream: 11,
  filler: 12,
  spsExtension: 13,
} as const;

/** The type of the NAL unit that begins with this byte. */
export function avcNalType(firstByte: number): number {
  return firstByte & 31;
}

/** What an SPS says; sizes in pixels after cropping. */
export interface AvcSps {
  readonly id: number;
  readonly profile: number;
  readonly compatibility: number;
  readonly level: number;
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  readonly width: number;
  readonly height: number;
  /** frame_mbs_only_flag: no pictures are fields. */
  readonly framesOnly: boolean;
  /** Frames a second where the VUI tells. */
  readonly frameRate: number | undefined;
  /** Width to height of a pixel, where the VUI tells. */
  readonly pixelAspect: readonly [number, number] | undefined;
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
// Profiles whose avcC record ends with chroma format and bit depths (14496-15 §5.3.3.1.2).
const EXTENDED_RECORD = new Set([100, 110, 122, 144]);

function skipScalingList(reader: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size && !reader.overrun; i++) {
    if (next !== 0) next = (last + reader.se() + 256) % 256;
    if (next !== 0) last = next;
  }
}

// Table E-1.
const PIXEL_ASPECTS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
];
const EXTENDED_SAR = 255;

// Annex E.1.1, up to the timing information. What runs past the end is not told.
function readVui(reader: BitReader): Pick<AvcSps, 'frameRate' | 'pixelAspect'> {
  let pixelAspect: readonly [number, number] | undefined;
  if (reader.flag()) {
    const index = reader.bits(8);
    pixelAspect = index === EXTENDED_SAR ? [reader.bits(16), reader.bits(16)] : PIXEL_ASPECTS[index - 1];
    if (reader.overrun || pixelAspect?.includes(0)) pixelAspect = undefined;
  }
  if (reader.flag()) reader.skip(1);
  if (reader.flag()) {
    reader.skip(4);
    if (reader.flag()) reader.skip(24);
  }
  if (reader.flag()) {
    reader.ue();
    reader.ue();
  }
  if (!reader.flag()) return { frameRate: undefined, pixelAspect };
  const unitsInTick = reader.bits(32);
  const timeScale = reader.bits(32);
  const known = !reader.overrun && unitsInTick > 0 && timeScale > 0;
  return { frameRate: known ? timeScale / unitsInTick / 2 : undefined, pixelAspect };
}

/** Parses an SPS NAL unit (with its header byte, without start code); undefined when it is malformed. */
export function parseSps(nal: Bytes): AvcSps | undefined {
  if (nal.length < 4 || avcNalType(nal[0]!) !== AvcNal.sps) return undefined;
  const reader = new BitReader(removeEmulationPrevention(nal), 1);
  const profile = reader.bits(8);
  const compatibility = reader.bits(8);
  const level = reader.bits(8);
  const id = reader.ue();
  let chromaFormat = 1;
  let separatePlanes = false;
  let bitDepthLuma = 8;
  let bitDepthChroma = 8;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = reader.ue();
    if (chromaFormat === 3) separatePlanes = reader.flag();
    bitDepthLuma = 8 + reader.ue();
    bitDepthChroma = 8 + reader.ue();
    reader.skip(1);
    if (reader.flag()) {
      const lists = chromaFormat === 3 ? 12 : 8;
      for (let i = 0; i < lists; i++) if (reader.flag()) skipScalingList(reader, i < 6 ? 16 : 64);
    }
  }
  reader.ue();
  const pocType = reader.ue();
  if (pocType === 0) reader.ue();
  else if (pocType === 1) {
    reader.skip(1);
    reader.se();
    reader.se();
    const cycle = reader.ue();
    if (cycle > 255) return undefined;
    for (let i = 0; i < cycle; i++) reader.se();
  }
  reader.ue();
  reader.skip(1);
  const widthInMbs = reader.ue() + 1;
  const heightInMapUnits = reader.ue() + 1;
  const frameMbsOnly = reader.bit();
  if (!frameMbsOnly) reader.skip(1);
  reader.skip(1);
  let cropX = 0;
  let cropY = 0;
  if (reader.flag()) {
    cropX = reader.ue() + reader.ue();
    cropY = reader.ue() + reader.ue();
  }
  if (reader.overrun || id > 31 || pocType > 2 || chromaFormat > 3 || bitDepthLuma > 14 || bitDepthChroma > 14) {
    return undefined;
  }
  // Table 6-1 and equations 7-19 to 7-22.
  const planes = separatePlanes ? 0 : chromaFormat;
  const unitX = planes === 1 || planes === 2 ? 2 : 1;
  const unitY = (planes === 1 ? 2 : 1) * (2 - frameMbsOnly);
  const width = widthInMbs * 16 - cropX * unitX;
  const height = heightInMapUnits * 16 * (2 - frameMbsOnly) - cropY * unitY;
  if (width <= 0 || height <= 0 || width > 65_535 || height > 65_535) return undefined;
  const vui = reader.flag() ? readVui(reader) : { frameRate: undefined, pixelAspect: undefined };
  return {
    id,
    profile,
    compatibility,
    level,
    chromaFormat,
    bitDepthLuma,
    bitDepthChroma,
    width,
    height,
    framesOnly: frameMbsOnly === 1,
    ...vui,
  };
}

/** Builds an avcC record with 4-byte lengths from parameter set NAL units; empty when the first SPS is missing or malformed. */
export function avcConfig(sps: readonly Bytes[], pps: readonly Bytes[]): Bytes {
  const first = sps[0] && parseSps(sps[0]);
  if (!first) return NO_BYTES;
  const spsCount = Math.min(sps.length, 31);
  const ppsCount = Math.min(pps.length, 255);
  const record = [1, first.profile, first.compatibility, first.level, 0xff, 0xe0 | spsCount];
  for (let i = 0; i < spsCount; i++) record.push(sps[i]!.length >> 8, sps[i]!.length & 255, ...sps[i]!);
  record.push(ppsCount);
  for (let i = 0; i < ppsCount; i++) record.push(pps[i]!.length >> 8, pps[i]!.length & 255, ...pps[i]!);
  if (EXTENDED_RECORD.has(first.profile)) {
    record.push(0xfc | first.chromaFormat, 0xf8 | (first.bitDepthLuma - 8), 0xf8 | (first.bitDepthChroma - 8), 0);
  }
  return new Uint8Array(record);
}

/** The size of the NAL unit lengths that an avcC record announces: 1, 2 or 4. */
export function avcLengthSize(avcC: Bytes): number {
  return ((avcC[4] ?? 3) & 3) + 1;
}

/** The parameter sets in an avcC record, as views; undefined when it is malformed. */
export function avcParameterSets(avcC: Bytes): { sps: Bytes[]; pps: Bytes[] } | undefined {
  if (avcC.length < 7 || avcC[0] !== 1) return undefined;
  const sps: Bytes[] = [];
  const pps: Bytes[] = [];
  let at = 5;
  for (const [sets, mask] of [[sps, 31] as const, [pps, 255] as const]) {
    const count = avcC[at++];
    if (count === undefined) return undefined;
    for (let i = 0; i < (count & mask); i++) {
      if (at + 2 > avcC.length) return undefined;
      const size = (avcC[at]! << 8) | avcC[at + 1]!;
      at += 2;
      if (size === 0 || at + size > avcC.length) return undefined;
      sets.push(avcC.subarray(at, at + size));
      at += size;
    }
  }
  return { sps, pps };
}

/**
 * The track that an avcC record describes; undefined when it is malformed or holds no SPS or PPS. The description always announces
 * 4-byte lengths, as access units carry them: `avcLengthSize` of the original tells how the container does.
 */
export function avcTrack(id: number, avcC: Bytes): VideoTrack | undefined {
  const sets = avcParameterSets(avcC);
  if (!sets || sets.sps.length === 0 || sets.pps.length === 0) return undefined;
  const sps = parseSps(sets.sps[0]!);
  if (!sps) return undefined;
  const description = avcC.slice();
  description[4] = 0xff;
  const codecString = `avc1.${toHex(description.subarray(1, 4))}`;
  return { kind: 'video', id, codec: 'avc', codecString, description, width: sps.width, height: sps.height };
}
