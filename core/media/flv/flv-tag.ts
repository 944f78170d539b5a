// The FLV file header and tag header (Adobe FLV 10.1, annex E.2 and E.4.1): reading, writing, telling them from garbage.

import type { Bytes } from '../../bytes.ts';

/** Bytes of a tag's header. */
export const TAG_HEADER_SIZE = 11;
/** Bytes of the PreviousTagSize field behind each tag. */
export const TAG_SIZE_FIELD = 4;
/** Bytes of the file header that every FLV version has. */
export const FILE_HEADER_SIZE = 9;

/** Tag types by number. */
export const AUDIO_TAG = 8;
export const VIDEO_TAG = 9;
export const SCRIPT_TAG = 18;

/** What a tag carries; `other` is any type the specification does not name. */
export type TagKind = 'audio' | 'video' | 'script' | 'other';

/** What a tag's header says. */
export interface FlvTag {
  readonly kind: TagKind;
  /** Bytes of the body, behind the header. */
  readonly size: number;
  /** Milliseconds as they stand in the tag: 32 bits, unsigned, not unwrapped. */
  readonly timestamp: number;
  /** Offset of the header among all bytes since the reader's last reset. */
  readonly offset: number;
}

const AMF_STRING = 2;

/** Timestamps wrap after this many milliseconds. */
export const TIMESTAMP_PERIOD = 0x1_0000_0000;

/** Reads three bytes, big endian. */
export function u24(bytes: Bytes, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

/** Reads four bytes, big endian, unsigned. */
export function u32(bytes: Bytes, at: number): number {
  return u24(bytes, at + 1) + bytes[at]! * 0x100_0000;
}

/** The body size that the header at `at` announces. */
export function tagSize(bytes: Bytes, at: number): number {
  return u24(bytes, at + 1);
}

/** Reads the tag header at `at`; eleven bytes must be there. */
export function readTag(bytes: Bytes, at: number, offset: number): FlvTag {
  const type = bytes[at]!;
  const kind = type === AUDIO_TAG ? 'audio' : type === VIDEO_TAG ? 'video' : type === SCRIPT_TAG ? 'script' : 'other';
  return { kind, size: tagSize(bytes, at), timestamp: u24(bytes, at + 4) + bytes[at + 7]! * 0x100_0000, offset };
}

/** How many bytes `isTagHeader` needs. */
export const TAG_PROBE_SIZE: number = TAG_HEADER_SIZE + 1;

/**
 * Whether an audio, video or script tag seems to start at `at`: a known type, StreamID 0, and a body whose first byte is a possible one. (A stray byte of 8, 9
 * or 18 before a true header would pass for a header too, but its body would begin with the zeros of that.)
 */
export function isTagHeader(bytes: Bytes, at: number): boolean {
  const type = bytes[at];
  if (type !== AUDIO_TAG && type !== VIDEO_TAG && type !== SCRIPT_TAG) return false;
  if (bytes[at + 8] !== 0 || bytes[at + 9] !== 0 || bytes[at + 10] !== 0) return false;
  if (tagSize(bytes, at) === 0) return true;
  const first = bytes[at + TAG_HEADER_SIZE];
  if (first === undefined) return false;
  if (type === SCRIPT_TAG) return first === AMF_STRING;
  return type === AUDIO_TAG ? first !== 0 : (first & 0x70) !== 0;
}

/** Whether the nine bytes at `at` are a file header: signature, version, and the data offset of annex E.2. */
export function isFileHeader(bytes: Bytes, at: number): boolean {
  if (bytes[at] !== 0x46 || bytes[at + 1] !== 0x4c || bytes[at + 2] !== 0x56) return false;
  const offset = u32(bytes, at + 5);
  return bytes[at + 3]! < 5 && offset >= FILE_HEADER_SIZE && offset <= 1024;
}

/** A whole tag with its PreviousTagSize. `timestamp` in milliseconds, any integer: its lower 32 bits are written. */
export function writeTag(kind: Exclude<TagKind, 'other'>, timestamp: number, body: Bytes): Bytes {
  const size = body.length;
  if (size > 0xff_ffff) throw new RangeError(`tag body of ${size} bytes, at most 16777215 fit`);
  const bytes = new Uint8Array(TAG_HEADER_SIZE + size + TAG_SIZE_FIELD);
  const view = new DataView(bytes.buffer);
  const type = kind === 'audio' ? AUDIO_TAG : kind === 'video' ? VIDEO_TAG : SCRIPT_TAG;
  view.setUint32(0, ((type << 24) | size) >>> 0);
  view.setUint32(4, (((timestamp & 0xff_ffff) << 8) | (Math.floor(timestamp / 0x100_0000) & 0xff)) >>> 0);
  bytes.set(body, TAG_HEADER_SIZE);
  view.setUint32(TAG_HEADER_SIZE + size, TAG_HEADER_SIZE + size);
  return bytes;
}

/** A file header with the first PreviousTagSize. */
export function writeFileHeader(hasAudio: boolean, hasVideo: boolean): Bytes {
  const flags = (hasAudio ? 4 : 0) | (hasVideo ? 1 : 0);
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, FILE_HEADER_SIZE, 0, 0, 0, 0);
}
