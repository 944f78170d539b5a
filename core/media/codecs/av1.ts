// AV1: the av1C record (AV1 Codec ISO Media File Format Binding §2.3) and the sequence header in it (AV1 bitstream §5.5).

import type { Bytes } from '../../bytes.ts';
import type { VideoTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';
import type { PictureSize } from './vp9.ts';

/** OBU types (AV1 §6.2.2). */
export const Obu = {
  sequenceHeader: 1,
  temporalDelimiter: 2,
  frameHeader: 3,
  tileGroup: 4,
  metadata: 5,
  frame: 6,
} as const;

/** Hands `visit` each OBU of a low-overhead stream: its type and where its payload begins and ends. False when it is malformed. */
export function forEachObu(bytes: Bytes, visit: (type: number, start: number, end: number) => void): boolean {
  let at = 0;
  while (at < bytes.length) {
    const header = bytes[at++]!;
    if (header & 0x80) return false;
    if (header & 4) at++;
    let size = bytes.length - at;
    if (header & 2) {
      size = 0;
      for (let i = 0; i < 8; i++) {
        const byte = bytes[at++];
        if (byte === undefined) return false;
        size += (byte & 0x7f) * 128 ** i;
        if (!(byte & 0x80)) break;
      }
    }
    if (size < 0 || size > bytes.length - at) return false;
    visit((header >> 3) & 15, at, at + size);
    at += size;
  }
  return true;
}

/** The largest picture that a sequence header OBU's payload announces; undefined when it is malformed. */
export function parseSequenceHeader(payload: Bytes): PictureSize | undefined {
  const reader = new BitReader(payload);
  reader.skip(4);
  if (reader.flag()) {
    reader.skip(5);
  } else {
    let delaySize = 0;
    let decoderModel = false;
    if (reader.flag()) {
      reader.skip(64);
      if (reader.flag()) reader.ue();
      decoderModel = reader.flag();
      if (decoderModel) {
        delaySize = reader.bits(5) + 1;
        reader.skip(32 + 5 + 5);
      }
    }
    const displayDelay = reader.flag();
    const points = reader.bits(5) + 1;
    for (let i = 0; i < points; i++) {
      reader.skip(12);
      if (reader.bits(5) > 7) reader.skip(1);
      if (decoderModel && reader.flag()) reader.skip(2 * delaySize + 1);
      if (displayDelay && reader.flag()) reader.skip(4);
    }
  }
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  const width = reader.bits(widthBits) + 1;
  const height = reader.bits(heightBits) + 1;
  return reader.overrun ? undefined : { width, height };
}

const twoDigits = (value: number): string => value.toString().padStart(2, '0');

/**
 * The track that an av1C record describes; undefined when it is malformed. The size comes from the record's sequence header; a record
 * without one needs it handed over.
 */
export function av1Track(id: number, av1C: Bytes, size?: PictureSize): VideoTrack | undefined {
  if (av1C.length < 4 || av1C[0] !== 0x81) return undefined;
  const profile = av1C[1]! >> 5;
  const level = av1C[1]! & 31;
  const flags = av1C[2]!;
  if (profile > 2) return undefined;
  const bitDepth = flags & 0x40 ? (profile === 2 && flags & 0x20 ? 12 : 10) : 8;
  let found: PictureSize | undefined;
  const wellFormed = forEachObu(av1C.subarray(4), (type, start, end) => {
    if (type === Obu.sequenceHeader) found ??= parseSequenceHeader(av1C.subarray(4 + start, 4 + end));
  });
  if (!wellFormed) return undefined;
  const tier = flags & 0x80 ? 'H' : 'M';
  const codecString = `av01.${profile}.${twoDigits(level)}${tier}.${twoDigits(bitDepth)}`;
  const { width, height } = found ?? size ?? { width: 0, height: 0 };
  return { kind: 'video', id, codec: 'av1', codecString, description: av1C.slice(), width, height };
}
