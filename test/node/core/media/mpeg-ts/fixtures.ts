// MPEG-TS for the tests of this folder, made by ffmpeg: tiny, with what a case is about; and edits of packets.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Bytes } from '../../../../../core/bytes.ts';
import { TsDemuxer } from '../../../../../core/media/mpeg-ts/ts-demuxer.ts';
import type { AccessUnit, DemuxEvent } from '../../../../../core/media/track.ts';
import { h264, MPEG_TS, make, picture, readFixture, tone } from '../../../../support/ffmpeg-fixtures.ts';
import { PACKET, packetsOf } from '../../../../support/ts-muxer.ts';

const made = new Map<string, Bytes>();

/** A small picture and a tone in MPEG-TS, 2 s; made once for each name. */
export function fixture(name: string, audio: readonly string[], ...output: readonly (readonly string[])[]): Bytes {
  const known = made.get(name);
  if (known) return known;
  const seconds = 2;
  const inputs = [picture({ size: '96x64', seconds }), tone({ rate: 48_000, seconds })];
  const video = output.some(args => args.includes('-c:v')) ? [] : h264();
  const bytes = readFixture(make(`${name}.m2ts`, ...inputs, video, audio, ...output, MPEG_TS));
  made.set(name, bytes);
  return bytes;
}

/** H.264 with B-frames and AAC. */
export function plain(): Bytes {
  return fixture('plain', ['-c:a', 'aac']);
}

/** All events of a demuxer fed with these parts. */
export function demux(...parts: readonly Bytes[]): DemuxEvent[] {
  const demuxer = new TsDemuxer();
  return [...parts.flatMap(part => demuxer.push(part)), ...demuxer.flush()];
}

/** The access units among events. */
export function unitsOf(events: readonly DemuxEvent[], track?: number): AccessUnit[] {
  return events.flatMap(event =>
    event.type === 'unit' && (track === undefined || event.unit.track === track) ? [event.unit] : [],
  );
}

/** The tracks among events. */
export function tracksOf(events: readonly DemuxEvent[]) {
  return events.flatMap(event => (event.type === 'track' ? [event.track] : []));
}

/** The reasons of the damage among events. */
export function damageOf(events: readonly { readonly type: string }[]): string[] {
  return events.flatMap(event => ('reason' in event && typeof event.reason === 'string' ? [event.reason] : []));
}

/** An access unit as text: equal for equal units. */
export function identity({ track, dts, pts, key, samples, data }: AccessUnit): string {
  return `${track} ${dts} ${pts} ${key} ${samples} ${Buffer.from(data).toString('base64')}`;
}

/** Asserts that every unit is byte for byte one of the undamaged run's, in its order. */
export function assertSubset(units: readonly AccessUnit[], undamaged: readonly AccessUnit[]): void {
  const ids = undamaged.map(identity);
  const order = new Map<number, number>();
  for (const unit of units) {
    const index = ids.indexOf(identity(unit), order.get(unit.track) ?? 0);
    assert.ok(index >= 0, `a unit at ${unit.dts} of track ${unit.track} is not one of the source's`);
    order.set(unit.track, index + 1);
  }
}

/** Sizes of the parts that bytes are split into, over and over. */
export const splits = fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 12 });

/** The bytes in parts of these sizes, each in memory of its own. */
export function split(bytes: Bytes, sizes: readonly number[]): Bytes[] {
  const parts: Bytes[] = [];
  for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!) {
    parts.push(bytes.slice(at, at + sizes[i % sizes.length]!));
  }
  return parts;
}

/** The stream with so many bytes before and behind each packet. */
export function padded(ts: Bytes, before: number, behind: number): Bytes {
  const packets = packetsOf(ts);
  const stride = before + PACKET + behind;
  const bytes = new Uint8Array(packets.length * stride).fill(0x5a);
  for (const [index, packet] of packets.entries()) bytes.set(packet, index * stride + before);
  return bytes;
}
