// Writes FLV for tests, legacy and enhanced (E-RTMP v2), from the tracks of an MP4: this machine's ffmpeg may not know the enhanced form.

import { type Bytes, ByteWriter, concat, utf8 } from '../../core/bytes.ts';
import type { FileTrack } from './mp4-boxes.ts';

const AUDIO = 8;
const VIDEO = 9;

/** A tag with its PreviousTagSize; `timestamp` in milliseconds. */
export function flvTag(type: number, timestamp: number, body: Bytes): Bytes {
  const writer = new ByteWriter(body.length + 15).u8(type).u24(body.length);
  writer.u24(timestamp & 0xff_ffff).u8((timestamp >>> 24) & 255);
  return writer
    .u24(0)
    .put(body)
    .u32(body.length + 11)
    .finish();
}

/** The file header, with both kinds announced. */
export function flvHeader(): Bytes {
  return new Uint8Array([...utf8('FLV'), 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);
}

const FOURCC: Record<string, string> = { hev1: 'hvc1', mp4a: 'mp4a', Opus: 'Opus' };

function config(track: FileTrack, type: string): Bytes {
  return track.config.find(box => box.type === type)!.payload;
}

function opusHead(dOps: Bytes): Bytes {
  const view = new DataView(dOps.buffer, dOps.byteOffset, dOps.byteLength);
  const head = new Uint8Array(19 + dOps.length - 11);
  head.set(utf8('OpusHead'));
  head[8] = 1;
  head[9] = dOps[1]!;
  const out = new DataView(head.buffer);
  out.setUint16(10, view.getUint16(2), true);
  out.setUint32(12, view.getUint32(4), true);
  out.setInt16(16, view.getInt16(8), true);
  head.set(dOps.subarray(10), 18);
  return head;
}

/** The bytes of a sequence header, by sample entry; AC-3 has none. */
function sequenceHeader(track: FileTrack): Bytes | undefined {
  switch (track.entry) {
    case 'avc1':
      return config(track, 'avcC');
    case 'hev1':
    case 'hvc1':
      return config(track, 'hvcC');
    case 'av01':
      return config(track, 'av1C');
    case 'vp09':
      return config(track, 'vpcC');
    case 'Opus':
      return opusHead(config(track, 'dOps'));
    case 'fLaC':
      return concat([utf8('fLaC'), config(track, 'dfLa').subarray(4)]);
    default:
      return undefined;
  }
}

function videoBody(
  track: FileTrack,
  enhanced: boolean,
  data: Bytes,
  key: boolean,
  composition: number | undefined,
): Bytes {
  const frameType = key ? 0x10 : 0x20;
  const start = composition === undefined;
  const writer = new ByteWriter(data.length + 8);
  if (enhanced) {
    const fourCc = FOURCC[track.entry] ?? track.entry;
    writer.u8(0x80 | frameType | (start ? 0 : 1)).put(utf8(fourCc));
    if (!start && (fourCc === 'hvc1' || fourCc === 'avc1')) writer.u24(composition & 0xff_ffff);
  } else {
    writer.u8(frameType | 7).u8(start ? 0 : 1);
    writer.u24((composition ?? 0) & 0xff_ffff);
  }
  return writer.put(data).finish();
}

function audioBody(track: FileTrack, start: boolean, data: Bytes): Bytes {
  return new ByteWriter(data.length + 8)
    .u8(0x90 | (start ? 0 : 1))
    .put(utf8(FOURCC[track.entry] ?? track.entry))
    .put(data)
    .finish();
}

/** Tags of these tracks in decode order; AVC in the legacy form unless `enhanced`. `offset` in milliseconds is added to all times. */
export function flvTags(tracks: readonly FileTrack[], { offset = 0, enhanced = false } = {}): Bytes[] {
  const tags: { time: number; bytes: Bytes }[] = [];
  for (const track of tracks) {
    const video = track.handler === 'vide';
    const extended = enhanced || track.entry !== 'avc1';
    const milliseconds = (time: number): number => Math.round((time * 1_000) / track.timescale);
    const header = sequenceHeader(track);
    if (header) {
      const body = video ? videoBody(track, extended, header, true, undefined) : audioBody(track, true, header);
      tags.push({ time: -1, bytes: flvTag(video ? VIDEO : AUDIO, offset, body) });
    }
    for (const { data, dts, pts, key } of track.samples) {
      const time = milliseconds(dts);
      const body = video
        ? videoBody(track, extended, data, key, milliseconds(pts) - time)
        : audioBody(track, false, data);
      tags.push({ time, bytes: flvTag(video ? VIDEO : AUDIO, offset + time, body) });
    }
  }
  return tags.sort((a, b) => a.time - b.time).map(({ bytes }) => bytes);
}
