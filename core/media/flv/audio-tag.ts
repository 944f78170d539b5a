// The body of an audio tag: legacy (Adobe FLV 10.1, annex E.4.2) and enhanced (Veovera E-RTMP v2, ExAudioTagHeader).

import type { Bytes } from '../../bytes.ts';
import { type MediaPacket, readExHeader, readExTracks, readModEx } from './ex-header.ts';

const EX_HEADER = 9;

const LEGACY_CODECS: readonly string[] = [
  'LPCM',
  'ADPCM',
  '.mp3',
  'LPCM',
  'Nellymoser',
  'Nellymoser',
  'Nellymoser',
  'G.711 A-law',
  'G.711 mu-law',
  'enhanced',
  'mp4a',
  'Speex',
  'audio codec 12',
  'audio codec 13',
  '.mp3',
  'device-specific sound',
];

const MULTITRACK = 5;

const ROLES: Readonly<Record<number, MediaPacket['role']>> = { 0: 'config', 1: 'frame', 2: 'end' };

/**
 * Reads an audio tag's body into its packets, one a track; undefined when it is cut off or malformed. `head`: the bytes are only
 * the body's beginning; the first packet then tells its role, codec and track, and its data is partial.
 */
export function readAudioTag(body: Bytes, head = false): MediaPacket[] | undefined {
  const first = body[0];
  if (first === undefined) return undefined;
  const format = first >> 4;
  if (format === EX_HEADER) return readEnhanced(body, first & 15, head);
  const codec = LEGACY_CODECS[format]!;
  const packet = { codec, track: 0, key: true, composition: 0, nanoseconds: 0 };
  if (codec !== 'mp4a') return [{ ...packet, role: 'frame', data: body.subarray(1) }];
  const type = body[1];
  if (type === undefined || type > 1) return undefined;
  return [{ ...packet, role: type === 0 ? 'config' : 'frame', data: body.subarray(2) }];
}

function readEnhanced(body: Bytes, type: number, head: boolean): MediaPacket[] | undefined {
  const modEx = readModEx(body, 1, type);
  const header = modEx && readExHeader(body, modEx, MULTITRACK);
  const tracks = header && readExTracks(body, header, head);
  if (!tracks) return undefined;
  const role = ROLES[header.packetType] ?? 'other';
  const { nanoseconds } = header;
  return tracks.map(({ codec, track, data }) => {
    return { role, codec, track, key: role === 'frame', composition: 0, nanoseconds, data };
  });
}
