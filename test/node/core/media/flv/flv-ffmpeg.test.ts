// FLV from real encoders: what the demuxer gives is what ffprobe reads, whatever the codec, the split and the group it starts at.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat, equalBytes } from '../../../../../core/bytes.ts';
import { FlvChunker } from '../../../../../core/media/flv/flv-chunker.ts';
import { FlvDemuxer } from '../../../../../core/media/flv/flv-demuxer.ts';
import { writeFileHeader, writeTag } from '../../../../../core/media/flv/flv-tag.ts';
import { findLastFlvKeyframe, readFlvInit } from '../../../../../core/media/flv/last-keyframe.ts';
import type { AccessUnit, DemuxEvent, MediaTrack } from '../../../../../core/media/track.ts';
import { ascii, hex, split } from './flv-fixtures.ts';

interface Packet {
  readonly codec_type: 'video' | 'audio';
  /** Milliseconds. */
  readonly dts: number;
  readonly pts: number;
  readonly size: number;
  readonly pos: number;
  readonly key: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'p2p-live-flv-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
}

function missing(): string | false {
  try {
    run('ffmpeg', ['-version']);
    run('ffprobe', ['-version']);
    return false;
  } catch {
    return 'ffmpeg and ffprobe are not installed';
  }
}

function encode(name: string, args: readonly string[]): Bytes {
  const file = join(folder, name);
  run('ffmpeg', ['-v', 'error', '-y', '-threads', '1', ...args, file]);
  return Uint8Array.from(readFileSync(file));
}

function probe(name: string): Packet[] {
  const shown = 'packet=codec_type,dts_time,pts_time,size,pos,flags';
  const json = run('ffprobe', ['-v', 'error', '-show_entries', shown, '-of', 'json', join(folder, name)]);
  const { packets } = JSON.parse(json) as { packets: Record<string, string>[] };
  return packets.map(packet => ({
    codec_type: packet.codec_type === 'video' ? 'video' : 'audio',
    dts: Math.round(Number(packet.dts_time) * 1000),
    pts: Math.round(Number(packet.pts_time) * 1000),
    size: Number(packet.size),
    pos: Number(packet.pos),
    key: packet.flags!.startsWith('K'),
  }));
}

function demux(parts: readonly Bytes[]): DemuxEvent[] {
  const demuxer = new FlvDemuxer();
  const events = parts.flatMap(part => demuxer.push(part));
  return [...events, ...demuxer.flush()];
}

function unitsOf(events: readonly DemuxEvent[]): AccessUnit[] {
  return events.flatMap(event => (event.type === 'unit' ? [event.unit] : []));
}

function trackOf(events: readonly DemuxEvent[]): MediaTrack | undefined {
  return events.flatMap(event => (event.type === 'track' ? [event.track] : []))[0];
}

/** The payload of the first box of this type. */
function box(mp4: Bytes, type: string): Bytes {
  const at = Buffer.from(mp4.buffer).indexOf(type, 0, 'latin1');
  assert.ok(at > 4, `no ${type} box`);
  return mp4.subarray(at + 4, at - 4 + new DataView(mp4.buffer).getUint32(at - 4));
}

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=2', '-pix_fmt', 'yuv420p'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=r=48000:d=1'];

describe('FLV from ffmpeg', { skip: missing() }, () => {
  it('H.264 with B-frames and AAC: units are what ffprobe reads, in any split, from any group, joined late', () => {
    const args = ['-g', '12', '-bf', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-b_strategy', '0', '-c:a', 'aac'];
    const input = [...PICTURE.slice(0, 4), '-f', 'lavfi', '-i', 'sine=r=44100:d=2', '-pix_fmt', 'yuv420p'];
    const flv = encode('avc.flv', [...input, ...args]);
    const events = demux([flv]);
    const units = unitsOf(events);
    const expected = probe('avc.flv');
    assert.ok(expected.some(packet => packet.pts > packet.dts));
    assert.deepEqual(
      units.map(unit => [unit.track, unit.dts / 90, unit.pts / 90, unit.data.length, unit.key]),
      expected.map(({ codec_type, dts, pts, size, key }) => [codec_type === 'video' ? 1 : 2, dts, pts, size, key]),
    );
    assert.deepEqual(
      events.filter(event => event.type === 'damage'),
      [],
    );

    const chunker = new FlvChunker();
    const chunked = [...chunker.push(flv, 0), ...chunker.flush(0)];
    const [init] = chunked;
    assert.ok(init?.type === 'init');
    const cuts = chunked.flatMap(event => (event.type === 'cut' ? [event.cut] : []));
    const starts = cuts.flatMap((cut, i) => (cut.startsGroup ? [i] : []));
    assert.ok(starts.length >= 4);
    for (const start of starts) {
      const some = unitsOf(demux([init.bytes, ...cuts.slice(start).map(cut => cut.payload)]));
      assert.ok(some[0]?.key && some[0].track === 1 && some[0].dts === cuts[start]!.dts);
      assert.deepEqual(some, units.slice(units.length - some.length));
    }

    fc.assert(
      fc.property(fc.array(fc.nat(flv.length), { maxLength: 20 }), places => {
        const parts = split(flv, places);
        assert.deepEqual(unitsOf(demux(parts)), units);
      }),
      { numRuns: 20 },
    );

    const offset = findLastFlvKeyframe(flv, 5000)!;
    const late = unitsOf(demux([readFlvInit(flv.subarray(0, 4000)), flv.subarray(offset)]));
    const lastKey = units.findLastIndex(unit => unit.track === 1 && unit.key);
    assert.deepEqual(late, units.slice(lastKey));
  });

  it('MP3: units are what ffprobe reads', () => {
    const flv = encode('mp3.flv', [...SOUND, '-ar', '44100', '-c:a', 'libmp3lame']);
    const events = demux([flv]);
    const track = trackOf(events);
    assert.ok(track?.kind === 'audio' && track.codec === 'mp3' && track.sampleRate === 44_100);
    assert.deepEqual(
      unitsOf(events).map(unit => [unit.dts / 90, unit.data.length, unit.samples]),
      probe('mp3.flv').map(packet => [packet.dts, packet.size, 1152]),
    );
  });

  it('Sorenson H.263 and Speex-like codecs are named', () => {
    const events = demux([encode('h263.flv', [...PICTURE, '-c:v', 'flv1'])]);
    assert.deepEqual(
      events.filter(event => event.type !== 'metadata'),
      [{ type: 'unsupported-codec', kind: 'video', codec: 'Sorenson H.263' }],
    );
  });

  // This ffmpeg writes no enhanced FLV, so the encoder's packets are put into tags here.
  const opusHead = (mp4: Bytes) => {
    const dOps = box(mp4, 'dOps');
    const head = concat([ascii('OpusHead'), dOps.slice()]);
    head[8] = 1;
    const view = new DataView(head.buffer);
    view.setUint16(10, view.getUint16(10), true);
    view.setUint32(12, view.getUint32(12), true);
    return head;
  };
  const enhanced: readonly (readonly [
    string,
    string,
    readonly string[],
    ((mp4: Bytes) => Bytes) | undefined,
    string,
  ])[] = [
    [
      'hevc',
      'hvc1',
      [
        ...PICTURE,
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none:bframes=2:pools=1',
        '-tag:v',
        'hvc1',
      ],
      mp4 => box(mp4, 'hvcC'),
      'hvc1.1.6',
    ],
    [
      'avc',
      'avc1',
      [...PICTURE, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2'],
      mp4 => box(mp4, 'avcC'),
      'avc1.4',
    ],
    [
      'av1',
      'av01',
      [...PICTURE, '-frames:v', '12', '-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime'],
      mp4 => box(mp4, 'av1C'),
      'av01.0',
    ],
    [
      'vp9',
      'vp09',
      [...PICTURE, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
      mp4 => box(mp4, 'vpcC'),
      'vp09.00',
    ],
    ['aac', 'mp4a', [...SOUND, '-c:a', 'aac'], () => hex('1188'), 'mp4a.40.2'],
    ['opus', 'Opus', [...SOUND, '-c:a', 'libopus'], opusHead, 'opus'],
    ['mp3', '.mp3', [...SOUND, '-c:a', 'libmp3lame'], undefined, 'mp4a.6B'],
    ['ac3', 'ac-3', [...SOUND, '-c:a', 'ac3'], undefined, 'ac-3'],
    ['eac3', 'ec-3', [...SOUND, '-c:a', 'eac3'], undefined, 'ec-3'],
    ['flac', 'fLaC', [...SOUND, '-c:a', 'flac', '-strict', '-2'], mp4 => box(mp4, 'dfLa').subarray(4), 'flac'],
  ];
  it('HEVC with open groups: from a CRA on, pictures that lean on the group before are left out', () => {
    const x265 = 'log-level=none:pools=1:open-gop=1:keyint=10:min-keyint=10:scenecut=0:bframes=3:b-adapt=0';
    const args = [...PICTURE, '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', x265, '-tag:v', 'hvc1'];
    const mp4 = encode('open.mp4', args);
    const sliceType = (unit: Bytes) => {
      let at = 0;
      while (unit[at + 4]! >> 1 >= 32) at += 4 + new DataView(unit.buffer, unit.byteOffset).getUint32(at);
      return unit[at + 4]! >> 1;
    };
    const packets = probe('open.mp4').map(({ pos, size }) => mp4.subarray(pos, pos + size));
    const cra = packets.findIndex((packet, i) => i > 0 && sliceType(packet) === 21);
    const leading = packets.slice(cra + 1).filter(packet => [8, 9].includes(sliceType(packet)));
    assert.ok(cra > 0 && leading.length > 0);
    const tag = (packet: Bytes, i: number) => {
      const key = sliceType(packet) >= 16;
      return writeTag('video', i * 40, concat([Uint8Array.of(key ? 0x93 : 0xa3), ascii('hvc1'), packet]));
    };
    const start = concat([hex('90'), ascii('hvc1'), box(mp4, 'hvcC')]);
    const head = concat([writeFileHeader(false, true), writeTag('video', 0, start)]);
    assert.equal(unitsOf(demux([head, ...packets.map(tag)])).length, packets.length);
    const joined = unitsOf(demux([head, ...packets.slice(cra).map(tag)])).map(unit => sliceType(unit.data));
    const next = packets.findIndex((packet, i) => i > cra && sliceType(packet) === 21);
    const expected = packets.slice(cra).filter((packet, i) => cra + i >= next || ![8, 9].includes(sliceType(packet)));
    assert.deepEqual(joined, expected.map(sliceType));
  });

  for (const [codec, fourCc, args, config, codecString] of enhanced) {
    it(`enhanced ${fourCc}: every packet comes out as it was`, () => {
      const mp4 = encode(`${codec}.mp4`, args);
      const packets = probe(`${codec}.mp4`);
      const video = packets[0]!.codec_type === 'video';
      const shift = Math.min(...packets.map(packet => packet.dts));
      const kind = video ? 'video' : 'audio';
      const reordered = fourCc === 'hvc1' || fourCc === 'avc1';
      const tags = packets.map(({ dts, pts, pos, size, key }) => {
        const composition = reordered ? [hex((pts - dts).toString(16).padStart(6, '0'))] : [];
        const first = video ? (key ? 0x90 : 0xa0) | 1 : 0x91;
        const body = [Uint8Array.of(first), ascii(fourCc), ...composition, mp4.subarray(pos, pos + size)];
        return writeTag(kind, dts - shift, concat(body));
      });
      const start = config && writeTag(kind, 0, concat([Uint8Array.of(0x90), ascii(fourCc), config(mp4)]));
      const flv = concat([writeFileHeader(!video, video), ...(start ? [start] : []), ...tags]);
      const events = demux(split(flv, [100, 3000, 7777]));
      const track = trackOf(events);
      assert.equal(track?.kind, kind);
      assert.equal(track?.codec, codec);
      assert.ok(track?.codecString.startsWith(codecString), track?.codecString);
      if (track?.kind === 'video') assert.deepEqual([track.width, track.height], [160, 120]);
      else assert.deepEqual([track?.sampleRate, track?.channels], [48_000, 1]);
      const units = unitsOf(events);
      assert.equal(units.length, packets.length);
      for (const [i, unit] of units.entries()) {
        const { pos, size, dts, pts, key } = packets[i]!;
        assert.ok(equalBytes(unit.data, mp4.subarray(pos, pos + size)), `bytes of ${i}`);
        assert.deepEqual([unit.dts / 90, unit.pts / 90], [dts - shift, (reordered ? pts : dts) - shift]);
        assert.equal(unit.key, key || !video);
        if (!video) assert.ok(unit.samples > 0);
      }
      const chunker = new FlvChunker();
      const chunked = [...chunker.push(flv, 0), ...chunker.flush(0)];
      assert.equal(chunked[0]?.type, 'init');
      const cuts = chunked.flatMap(event => (event.type === 'cut' ? [event.cut.payload] : []));
      assert.ok(equalBytes(concat(cuts), concat(tags)));
    });
  }
});
