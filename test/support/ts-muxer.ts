// Writes and edits MPEG-TS for tests: what ffmpeg's muxer won't do (ISO/IEC 13818-1 §2.4).

import { type Bytes, ByteWriter, concat } from '../../core/bytes.ts';
import { avcParameterSets } from '../../core/media/codecs/avc.ts';
import type { FileTrack } from './mp4-boxes.ts';

/** Bytes of a packet. */
export const PACKET = 188;
const PMT_PID = 0x1000;
const VIDEO_PID = 0x100;
const ID3_PID = 0x102;
const START_CODE = new Uint8Array([0, 0, 0, 1]);

/** The packets of a stream without time stamps or parity. */
export function packetsOf(ts: Bytes): Bytes[] {
  const packets: Bytes[] = [];
  for (let at = 0; at + PACKET <= ts.length; at += PACKET) packets.push(ts.subarray(at, at + PACKET));
  return packets;
}

/** A packet's PID. */
export function pidOf(packet: Bytes): number {
  return ((packet[1]! & 31) << 8) | packet[2]!;
}

/** Joins streams so that the continuity counters go on. */
export function joinStreams(streams: readonly Bytes[]): Bytes {
  const counters = new Map<number, number>();
  const packets = streams.flatMap(packetsOf).map(packet => {
    const copy = packet.slice();
    const pid = pidOf(copy);
    const last = counters.get(pid) ?? 15;
    const next = copy[3]! & 0x10 ? (last + 1) & 15 : last;
    counters.set(pid, next);
    copy[3] = (copy[3]! & 0xf0) | next;
    return copy;
  });
  return concat(packets);
}

function crc32(bytes: Bytes): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i++) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  return crc >>> 0;
}

function section(table: number, id: number, body: Bytes): Bytes {
  const size = body.length + 9;
  const head = new ByteWriter()
    .u8(table)
    .u16(0xb000 | size)
    .u16(id)
    .u8(0xc1)
    .u8(0)
    .u8(0)
    .put(body)
    .finish();
  const bytes = new Uint8Array(PACKET - 5).fill(0xff);
  bytes.set(head);
  new DataView(bytes.buffer).setUint32(head.length, crc32(head));
  return bytes;
}

function timestamp(prefix: number, ticks: number): number[] {
  const high = Math.floor(ticks / 2 ** 30) & 7;
  const low = ticks % 2 ** 30;
  return [
    (prefix << 4) | (high << 1) | 1,
    (low >> 22) & 255,
    ((low >> 14) & 254) | 1,
    (low >> 7) & 255,
    ((low << 1) & 254) | 1,
  ];
}

/** An Annex B access unit of an MP4's sample, without access unit delimiter; key units with their parameter sets. */
export function annexB(track: FileTrack, data: Bytes, key: boolean): Bytes {
  const parts: Bytes[] = [];
  if (key) {
    const sets = avcParameterSets(track.config.find(({ type }) => type === 'avcC')!.payload)!;
    for (const set of [...sets.sps, ...sets.pps]) parts.push(START_CODE, set);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length; ) {
    const size = view.getUint32(at);
    parts.push(START_CODE, data.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return concat(parts);
}

/** How a stream differs from the usual one. */
export interface MuxOptions {
  /** Ticks of the first picture. */
  readonly offset?: number;
  readonly nitFirst?: boolean;
  /** Tags at times in seconds from the first picture on. */
  readonly id3?: readonly { readonly at: number; readonly tag: Bytes }[];
}

/** A stream of one AVC track: the network PID before the programme in the PAT, PES of unknown length, no delimiters. */
export function muxAvc(track: FileTrack, { offset = 90_000, nitFirst = true, id3 }: MuxOptions = {}): Bytes {
  const counters = new Map<number, number>();
  const packets: Bytes[] = [];
  const add = (pid: number, start: boolean, adaptation: readonly number[], payload: Bytes): number => {
    const stuffing = adaptation.length > 0 ? 1 + adaptation.length : 0;
    const room = PACKET - 4 - stuffing;
    const size = Math.min(room, payload.length);
    const packet = new Uint8Array(PACKET).fill(0xff);
    const counter = counters.get(pid) ?? 0;
    counters.set(pid, (counter + 1) & 15);
    packet.set([0x47, (start ? 0x40 : 0) | (pid >> 8), pid & 255]);
    const field = PACKET - 4 - size;
    packet[3] = (field > 0 ? 0x30 : 0x10) | counter;
    if (field > 0) packet[4] = field - 1;
    if (field > 1) packet[5] = 0;
    packet.set(adaptation, 5);
    packet.set(payload.subarray(0, size), PACKET - size);
    packets.push(packet);
    return size;
  };
  const programmes = new ByteWriter();
  if (nitFirst) programmes.u16(0).u16(0xe000 | 0x10);
  programmes.u16(1).u16(0xe000 | PMT_PID);
  const streams = new ByteWriter()
    .u16(0xe000 | VIDEO_PID)
    .u16(0xf000)
    .u8(0x1b)
    .u16(0xe000 | VIDEO_PID)
    .u16(0xf000);
  if (id3)
    streams
      .u8(0x15)
      .u16(0xe000 | ID3_PID)
      .u16(0xf000);
  const tags = [...(id3 ?? [])];
  const pat = section(0, 1, programmes.finish());
  const pmt = section(2, 1, streams.finish());
  const ticks = (time: number): number => offset + Math.round((time * 90_000) / track.timescale);
  for (const { data, dts, pts, key } of track.samples) {
    if (key) {
      add(0, true, [], concat([new Uint8Array([0]), pat]));
      add(PMT_PID, true, [], concat([new Uint8Array([0]), pmt]));
    }
    while (tags[0] && ticks(dts) >= offset + tags[0].at * 90_000) {
      const { at, tag } = tags.shift()!; // it is there
      const size = tag.length + 8;
      const stamp = timestamp(2, offset + Math.round(at * 90_000));
      const pes = concat([new Uint8Array([0, 0, 1, 0xbd, size >> 8, size & 255, 0x84, 0x80, 5, ...stamp]), tag]);
      for (let from = 0; from < pes.length; ) from += add(ID3_PID, from === 0, [], pes.subarray(from));
    }
    const times = [...timestamp(3, ticks(pts)), ...timestamp(1, ticks(dts))];
    const head = new Uint8Array([0, 0, 1, 0xe0, 0, 0, 0x80, 0xc0, 10, ...times]);
    const pes = concat([head, annexB(track, data, key)]);
    for (let at = 0; at < pes.length; ) {
      const adaptation = at === 0 && key ? [0x40] : [];
      at += add(VIDEO_PID, at === 0, adaptation, pes.subarray(at));
    }
  }
  return concat(packets);
}
