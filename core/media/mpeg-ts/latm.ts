// AAC in LOAS/LATM with in-band configuration (ISO/IEC 14496-3 §1.7): one programme, one layer, as broadcasters send it.

import type { Bytes } from '../../bytes.ts';
import { aacTrack, parseAudioSpecificConfig } from '../codecs/aac.ts';
import { BitReader } from '../codecs/bit-reader.ts';
import type { AudioFrame, FrameFormat } from './frame-format.ts';

const HEADER = 3;

interface MuxConfig {
  readonly asc: Bytes;
  readonly samples: number;
  readonly sampleRate: number;
  readonly subFrames: number;
}

/** Frames of an AudioSyncStream; each stream needs its own, as most frames refer to the configuration of an earlier one. */
export function latmFormat(): FrameFormat {
  let config: MuxConfig | undefined;
  return {
    name: 'LATM',

    sizeAt(bytes: Bytes, at: number): number {
      if (bytes[at] !== 0x56) return 0;
      if (at + 1 < bytes.length && (bytes[at + 1]! & 0xe0) !== 0xe0) return 0;
      if (at + HEADER > bytes.length) return -1;
      return HEADER + (((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!);
    },

    read(bytes: Bytes, at: number, size: number): AudioFrame | undefined {
      const element = bytes.subarray(at + HEADER, at + size);
      const reader = new BitReader(element);
      if (!reader.flag()) config = readMuxConfig(reader, element);
      const current = config;
      if (!current) return undefined;
      const units: { data: Bytes; samples: number }[] = [];
      for (let i = 0; i < current.subFrames; i++) {
        let length = 0;
        let byte: number;
        do length += byte = reader.bits(8);
        while (byte === 255 && !reader.overrun);
        if (reader.overrun || length * 8 > reader.left) return undefined;
        const data = takeBits(element, element.length * 8 - reader.left, length * 8);
        reader.skip(length * 8);
        units.push({ data, samples: current.samples });
      }
      const { asc, sampleRate } = current;
      return { size, units, sampleRate, configuration: asc.join(), track: () => aacTrack(0, asc) };
    },
  };
}

// LatmGetValue (table 1.43).
function readValue(reader: BitReader): number {
  return reader.bits((reader.bits(2) + 1) * 8);
}

// StreamMuxConfig (table 1.42); undefined when it is malformed or of a kind that is not carried.
function readMuxConfig(reader: BitReader, element: Bytes): MuxConfig | undefined {
  const version = reader.bit();
  if (version === 1 && reader.flag()) return undefined; // audioMuxVersionA: reserved
  if (version === 1) readValue(reader);
  if (!reader.flag()) return undefined; // streams of different framing
  const subFrames = reader.bits(6) + 1;
  if (reader.bits(4) !== 0 || reader.bits(3) !== 0) return undefined; // more programmes or layers than one
  const ascBits = version === 1 ? readValue(reader) : 0;
  const start = element.length * 8 - reader.left;
  const size = ascBits > 0 ? ascBits : ascBitSize(element, start);
  if (size === 0 || size > reader.left) return undefined;
  const asc = takeBits(element, start, size);
  reader.skip(size);
  if (reader.bits(3) !== 0) return undefined; // frames of fixed length, or of other coders
  reader.skip(8);
  // Other data behind the payload: its size doesn't matter, as the frame's is known.
  if (reader.flag()) {
    if (version === 1) readValue(reader);
    else while (!reader.overrun && reader.bits(9) > 255);
  }
  if (reader.flag()) reader.skip(8);
  const parsed = reader.overrun ? undefined : parseAudioSpecificConfig(asc);
  return parsed && { asc, samples: parsed.samples, sampleRate: parsed.sampleRate, subFrames };
}

// Without a length only the configuration itself tells where it ends: object type, rate, channels, explicit SBR, GASpecificConfig.
function ascBitSize(bytes: Bytes, start: number): number {
  const reader = new BitReader(takeBits(bytes, start, bytes.length * 8 - start));
  const total = reader.left;
  const objectType = () => {
    const type = reader.bits(5);
    return type === 31 ? 32 + reader.bits(6) : type;
  };
  const sampleRate = () => {
    if (reader.bits(4) === 15) reader.skip(24);
  };
  let type = objectType();
  sampleRate();
  const channels = reader.bits(4);
  if (type === 5 || type === 29) {
    sampleRate();
    type = objectType();
  }
  // Only the object types of GASpecificConfig without scalability or error resilience; channels told by an element are not read.
  if (channels === 0 || ![1, 2, 3, 4].includes(type)) return 0;
  reader.skip(1);
  if (reader.flag()) reader.skip(14);
  reader.skip(1);
  return reader.overrun ? 0 : total - reader.left;
}

// A copy of a run of bits, from its first bit on, filled up with zeros.
function takeBits(bytes: Bytes, start: number, size: number): Bytes {
  const from = start >> 3;
  const shift = start & 7;
  const count = (size + 7) >> 3;
  if (shift === 0) {
    const copy = bytes.slice(from, from + count);
    return maskTail(copy, size);
  }
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = (bytes[from + i]! << shift) | ((bytes[from + i + 1] ?? 0) >> (8 - shift));
  }
  return maskTail(out, size);
}

function maskTail(bytes: Bytes, size: number): Bytes {
  if ((size & 7) !== 0) bytes[bytes.length - 1] = bytes[bytes.length - 1]! & (0xff << (8 - (size & 7)));
  return bytes;
}
