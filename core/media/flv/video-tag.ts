// The body of a video tag: legacy (Adobe FLV 10.1, annex E.4.3) and enhanced (Veovera E-RTMP v2, ExVideoTagHeader).

import { type Bytes, NO_BYTES } from '../../bytes.ts';
import { type MediaPacket, readExHeader, readExTracks, readModEx } from './ex-header.ts';
import { u24 } from './flv-tag.ts';

const KEY_FRAME = 1;
const COMMAND = 5;

const LEGACY_CODECS: Readonly<Record<number, string>> = {
  1: 'JPEG',
  2: 'Sorenson H.263',
  3: 'Screen video',
  4: 'VP6',
  5: 'VP6 with alpha',
  6: 'Screen video 2',
  7: 'avc1',
  // Not in the specification: the extension that Chinese CDNs agreed on.
  12: 'hvc1',
};

const LEGACY_ROLES = ['config', 'frame', 'end'] as const;

const Packet = { sequenceStart: 0, codedFrames: 1, sequenceEnd: 2, codedFramesX: 3, metadata: 4, tsSequenceStart: 5 };
const MULTITRACK = 6;

const ROLES: Readonly<Record<number, MediaPacket['role']>> = {
  [Packet.sequenceStart]: 'config',
  [Packet.codedFrames]: 'frame',
  [Packet.sequenceEnd]: 'end',
  [Packet.codedFramesX]: 'frame',
  [Packet.metadata]: 'metadata',
  [Packet.tsSequenceStart]: 'ts-config',
};

/** Codecs whose CodedFrames begin with a composition time. */
const REORDERED = new Set(['avc1', 'hvc1', 'vvc1']);

// A signed 24-bit integer.
function s24(bytes: Bytes, at: number): number {
  return (u24(bytes, at) << 8) >> 8;
}

/**
 * Reads a video tag's body into its packets, one a track; undefined when it is cut off or malformed. `head`: the bytes are only
 * the body's beginning; the first packet then tells its role, codec, track and key, and its data is partial.
 */
export function readVideoTag(body: Bytes, head = false): MediaPacket[] | undefined {
  const first = body[0];
  if (first === undefined) return undefined;
  const frameType = (first >> 4) & 7;
  if (first & 0x80) return readEnhanced(body, first & 15, frameType, head);
  const codec = LEGACY_CODECS[first & 15] ?? `video codec ${first & 15}`;
  const packet = { codec, track: 0, key: frameType === KEY_FRAME, composition: 0, nanoseconds: 0 };
  if (frameType === COMMAND) return [{ ...packet, role: 'other', data: NO_BYTES }];
  if (codec !== 'avc1' && codec !== 'hvc1') return [{ ...packet, role: 'frame', data: body.subarray(1) }];
  const role = LEGACY_ROLES[body[1] ?? 3];
  if (!role || (body.length < 5 && role !== 'end')) return undefined;
  return [{ ...packet, role, composition: role === 'frame' ? s24(body, 2) : 0, data: body.subarray(5) }];
}

function readEnhanced(body: Bytes, type: number, frameType: number, head: boolean): MediaPacket[] | undefined {
  const modEx = readModEx(body, 1, type);
  if (!modEx) return undefined;
  const { nanoseconds } = modEx;
  if (frameType === COMMAND && modEx.packetType !== Packet.metadata) {
    return [{ role: 'other', codec: '', track: 0, key: false, composition: 0, nanoseconds, data: NO_BYTES }];
  }
  const header = readExHeader(body, modEx, MULTITRACK);
  const tracks = header && readExTracks(body, header, head);
  if (!tracks) return undefined;
  const role = ROLES[header.packetType] ?? 'other';
  const packets: MediaPacket[] = [];
  for (const { codec, track, data } of tracks) {
    const key = frameType === KEY_FRAME && role === 'frame';
    const packet = { role, codec, track, key, nanoseconds };
    if (header.packetType === Packet.codedFrames && REORDERED.has(codec)) {
      if (data.length < 3) return undefined;
      packets.push({ ...packet, composition: s24(data, 0), data: data.subarray(3) });
    } else {
      packets.push({ ...packet, composition: 0, data });
    }
  }
  return packets;
}
