// VP9: the vpcC record (VP Codec ISO Media File Format Binding §2) and the size in a key frame's header (VP9 bitstream §6.2).

import type { Bytes } from '../../bytes.ts';
import type { VideoTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';

/** A picture's size in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const twoDigits = (value: number): string => value.toString().padStart(2, '0');

/**
 * The track that a vpcC payload (with its 4 bytes of version and flags) describes; undefined when it is malformed. The record
 * doesn't tell the size: hand it over from the first key frame (`parseVp9KeyFrame`) or from metadata.
 */
export function vp9Track(id: number, vpcC: Bytes, size?: PictureSize): VideoTrack | undefined {
  if (vpcC.length < 12 || vpcC[0] !== 1) return undefined;
  const profile = vpcC[4]!;
  const level = vpcC[5]!;
  const bitDepth = vpcC[6]! >> 4;
  const initDataSize = (vpcC[10]! << 8) | vpcC[11]!;
  if (profile > 3 || ![8, 10, 12].includes(bitDepth) || vpcC.length < 12 + initDataSize) return undefined;
  const codecString = `vp09.${twoDigits(profile)}.${twoDigits(level)}.${twoDigits(bitDepth)}`;
  const { width, height } = size ?? { width: 0, height: 0 };
  return { kind: 'video', id, codec: 'vp9', codecString, description: vpcC.slice(), width, height };
}

const SYNC_CODE = 0x498342;
const COLOR_SPACE_RGB = 7;

/** The size in the uncompressed header of a key frame; undefined for other frames. */
export function parseVp9KeyFrame(frame: Bytes): PictureSize | undefined {
  const reader = new BitReader(frame);
  if (reader.bits(2) !== 2) return undefined;
  const profile = reader.bit() + reader.bit() * 2;
  if (profile === 3) reader.skip(1);
  const showExisting = reader.flag();
  const interFrame = reader.flag();
  reader.skip(2);
  if (showExisting || interFrame || reader.bits(24) !== SYNC_CODE) return undefined;
  if (profile >= 2) reader.skip(1);
  if (reader.bits(3) !== COLOR_SPACE_RGB) reader.skip(profile & 1 ? 4 : 1);
  else if (profile & 1) reader.skip(1);
  const width = reader.bits(16) + 1;
  const height = reader.bits(16) + 1;
  return reader.overrun ? undefined : { width, height };
}
