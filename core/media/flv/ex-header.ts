// What enhanced audio and video tags have in common: ModEx, multitrack and FourCC (Veovera E-RTMP v2, ExAudioTagHeader and ExVideoTagHeader).

import type { Bytes } from '../../bytes.ts';
import { u24 } from './flv-tag.ts';

/** What a tag of audio or video carries, enhanced or not. */
export interface MediaPacket {
  /** `ts-config`: a sequence header in MPEG-2 TS form. `other`: commands, channel maps, HDR metadata: nothing that is decoded. */
  readonly role: 'config' | 'frame' | 'end' | 'ts-config' | 'metadata' | 'other';
  /** A FourCC, whichever way the tag says it, or the common name of a codec that has none. */
  readonly codec: string;
  /** 0 is the default track. */
  readonly track: number;
  /** Video: a decoder can start here. Always true for audio frames. */
  readonly key: boolean;
  /** Presentation time − decode time, in milliseconds, signed. */
  readonly composition: number;
  /** To be added to the tag's time, in nanoseconds, below a million. */
  readonly nanoseconds: number;
  readonly data: Bytes;
}

/** Behind ModEx and multitrack: what the rest of the tag is. */
export interface ExHeader {
  readonly packetType: number;
  readonly nanoseconds: number;
  /** undefined: one track, number 0, without track fields. */
  readonly multitrack: 'one' | 'many' | 'many-codecs' | undefined;
  /** undefined where each track tells its own. */
  readonly codec: string | undefined;
  /** Offset of what follows. */
  readonly end: number;
}

/** One track's share of a tag. */
export interface ExTrack {
  readonly codec: string;
  readonly track: number;
  readonly data: Bytes;
}

const MOD_EX = 7;
const TIMESTAMP_OFFSET_NANO = 0;
const MULTITRACK_TYPES = ['one', 'many', 'many-codecs'] as const;

function fourCc(bytes: Bytes, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!);
}

/** Reads ModEx packets, which begin at `at` when `packetType` says so; undefined when they run past the end. */
export function readModEx(
  bytes: Bytes,
  at: number,
  packetType: number,
): { packetType: number; nanoseconds: number; end: number } | undefined {
  let nanoseconds = 0;
  while (packetType === MOD_EX) {
    let size = (bytes[at++] ?? 0) + 1;
    if (size === 256) {
      size = ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0) + 1;
      at += 2;
    }
    const next = bytes[at + size];
    if (next === undefined) return undefined;
    if (next >> 4 === TIMESTAMP_OFFSET_NANO && size >= 3) nanoseconds = Math.min(u24(bytes, at), 999_999);
    packetType = next & 15;
    at += size + 1;
  }
  return { packetType, nanoseconds, end: at };
}

/** Reads multitrack and FourCC behind ModEx; undefined when they are cut off or reserved. `multitrackType`: the packet type that announces multitrack. */
export function readExHeader(
  bytes: Bytes,
  modEx: { packetType: number; nanoseconds: number; end: number },
  multitrackType: number,
): ExHeader | undefined {
  let { packetType, end } = modEx;
  const { nanoseconds } = modEx;
  let multitrack: ExHeader['multitrack'];
  if (packetType === multitrackType) {
    const byte = bytes[end++];
    if (byte === undefined) return undefined;
    multitrack = MULTITRACK_TYPES[byte >> 4];
    packetType = byte & 15;
    if (!multitrack || packetType === multitrackType) return undefined;
    if (multitrack === 'many-codecs') return { packetType, nanoseconds, multitrack, codec: undefined, end };
  }
  if (end + 4 > bytes.length) return undefined;
  return { packetType, nanoseconds, multitrack, codec: fourCc(bytes, end), end: end + 4 };
}

/** The tracks in a tag; undefined when a length runs past the end. `head`: the bytes are only the tag's beginning, so the first track is enough. */
export function readExTracks(bytes: Bytes, header: ExHeader, head = false): ExTrack[] | undefined {
  const { multitrack } = header;
  if (!multitrack) return [{ codec: header.codec ?? '', track: 0, data: bytes.subarray(header.end) }];
  const tracks: ExTrack[] = [];
  let at = header.end;
  while (at < bytes.length) {
    let codec = header.codec ?? '';
    if (multitrack === 'many-codecs') {
      if (at + 4 > bytes.length) return undefined;
      codec = fourCc(bytes, at);
      at += 4;
    }
    const track = bytes[at++];
    if (track === undefined) return undefined;
    if (multitrack === 'one') return [{ codec, track, data: bytes.subarray(at) }];
    if (at + 3 > bytes.length) return undefined;
    const size = u24(bytes, at);
    at += 3;
    if (!head && at + size > bytes.length) return undefined;
    tracks.push({ codec, track, data: bytes.subarray(at, at + size) });
    if (head) return tracks;
    at += size;
  }
  return tracks;
}
