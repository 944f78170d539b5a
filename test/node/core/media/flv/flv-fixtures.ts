// FLV streams for tests: made by hand, tag by tag, so that every byte's meaning is known.

import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { writeFileHeader, writeTag } from '../../../../../core/media/flv/flv-tag.ts';

/** Bytes from hexadecimal; blanks are for the reader. */
export function hex(text: string): Bytes {
  const digits = text.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** ASCII bytes. */
export function ascii(text: string): Bytes {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}

/** From x264: 160 × 120, High 4:4:4, 4-byte lengths. */
export const AVC_C = hex(
  '01f4000b ffe1 001a 67f4000b919b28508fc4e22000000300020000030064 1e28532c 01 0005 68ce0f1920 fff8f800',
);
export const SPS = AVC_C.subarray(8, 34);
export const PPS = AVC_C.subarray(37, 42);
/** AAC-LC, 44.1 kHz, mono. */
export const AUDIO_CONFIG = hex('120856e500');

/** An onMetaData body: `{ width: 160 }`. */
export const ON_METADATA = concat([
  hex('02 000a'),
  ascii('onMetaData'),
  hex('08 00000001 0005'),
  ascii('width'),
  hex('00 4064000000000000 000009'),
]);

/** Bytes that never look like a tag: no zeros. */
export function noise(size: number, seed: number): Bytes {
  let state = seed * 2654435761 + 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return 1 + ((state >>> 16) % 255);
  });
}

/** One NAL unit behind its length. */
export function nal(type: number, payload: Bytes, lengthSize = 4): Bytes {
  const size = payload.length + 1;
  const length = Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size).subarray(4 - lengthSize);
  return concat([length, Uint8Array.of(type), payload]);
}

/** A legacy AVC tag's body. `type`: 0 sequence header, 1 NAL units, 2 end; `composition` in milliseconds. */
export function avcBody(key: boolean, type: number, composition: number, data: Bytes, codec = 7): Bytes {
  const head = [(key ? 0x10 : 0x20) | codec, type, composition >> 16, composition >> 8, composition];
  return concat([Uint8Array.from(head, byte => byte & 255), data]);
}

/** A legacy AAC tag's body. */
export function aacBody(type: 0 | 1, data: Bytes): Bytes {
  return concat([Uint8Array.of(0xaf, type), data]);
}

/** Where a tag of a made stream lies. */
export interface MadeTag {
  readonly kind: 'audio' | 'video' | 'script';
  readonly config: boolean;
  readonly key: boolean;
  readonly timestamp: number;
  readonly offset: number;
  /** With header and PreviousTagSize. */
  readonly bytes: Bytes;
}

export interface MadeFlv {
  readonly bytes: Bytes;
  readonly tags: readonly MadeTag[];
}

/** How a stream is made; times in milliseconds. */
export interface FlvRecipe {
  readonly frames?: number;
  /** Frames from key frame to key frame. */
  readonly keyInterval?: number;
  readonly frameMs?: number;
  readonly start?: number;
  readonly video?: boolean;
  readonly audio?: boolean;
  /** The most bytes a frame has. */
  readonly frameSize?: number;
  readonly avcC?: Bytes;
  readonly seed?: number;
}

/** Video at one frame each `frameMs`, audio between, as a muxer would interleave them. */
export function makeFlv(recipe: FlvRecipe = {}): MadeFlv {
  const { frames = 20, keyInterval = 5, frameMs = 40, start = 0, video = true, audio = true } = recipe;
  const { frameSize = 300, avcC = AVC_C, seed = 1 } = recipe;
  const parts: Bytes[] = [writeFileHeader(audio, video)];
  const tags: MadeTag[] = [];
  let offset = 13;
  const add = (kind: MadeTag['kind'], timestamp: number, body: Bytes, key = false, config = false) => {
    const bytes = writeTag(kind, timestamp, body);
    tags.push({ kind, config, key, timestamp, offset, bytes });
    parts.push(bytes);
    offset += bytes.length;
  };
  add('script', 0, ON_METADATA);
  if (video) add('video', 0, avcBody(true, 0, 0, avcC), false, true);
  if (audio) add('audio', 0, aacBody(0, AUDIO_CONFIG), false, true);
  for (let i = 0; i < frames; i++) {
    const timestamp = start + i * frameMs;
    const key = i % keyInterval === 0;
    const size = 1 + (((i + seed) * 7919) % frameSize) + (key ? frameSize : 0);
    const composition = key ? 0 : frameMs;
    if (video) {
      const data = nal(key ? 0x65 : 0x41, noise(size, i + seed));
      add('video', timestamp, avcBody(key, 1, composition, data), key);
    }
    if (audio) add('audio', timestamp + 3, aacBody(1, noise(1 + ((i * 31) % 60), i + 1000 + seed)));
  }
  return { bytes: concat(parts), tags };
}

/** Cuts bytes at the given places, each modulo the length. */
export function split(bytes: Bytes, places: readonly number[]): Bytes[] {
  const sorted = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const parts: Bytes[] = [];
  let from = 0;
  for (const place of [...sorted, bytes.length]) {
    parts.push(bytes.slice(from, place));
    from = place;
  }
  return parts;
}
