import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { av1Track } from '../../../../../core/media/codecs/av1.ts';
import { FlvDemuxer } from '../../../../../core/media/flv/flv-demuxer.ts';
import { type FlvAudioCodec, type FlvVideoCodec, FlvWriter } from '../../../../../core/media/flv/flv-writer.ts';
import { av1Config, opusHead, vp9Config } from '../../../../../core/media/flv/flv-writer-configs.ts';
import type { AccessUnit, DemuxEvent, MediaTrack } from '../../../../../core/media/track.ts';
import { fromHex } from '../../../../support/from-hex.ts';
import { AUDIO_CONFIG, AVC_C, nal, noise } from './flv-fixtures.ts';

const VP9_KEY = fromHex('824983420013f00ef60638241c184a000d405fcdf7fbfd1f'); // libvpx, 320x240
const AV1_SEQUENCE = fromHex('0a0b000000043cffbc02f80040'); // SVT-AV1, 320x240
const videoConfigs: Record<FlvVideoCodec, Bytes> = {
  avc1: AVC_C,
  vp09: vp9Config('vp09.00.31.08'),
  av01: av1Config('av01.0.00M.08', AV1_SEQUENCE)!, // it has a sequence header
};
const audioConfigs: Record<FlvAudioCodec, Bytes> = { mp4a: AUDIO_CONFIG, Opus: opusHead(2, 312, 48_000) };

/** A picture that the demuxer has no reason to touch. */
function picture(codec: FlvVideoCodec, key: boolean, size: number, seed: number): Bytes {
  const payload = noise(size, seed);
  if (codec === 'avc1') return nal(key ? 5 : 1, payload);
  if (codec === 'vp09') return key ? concat([VP9_KEY, payload]) : concat([Uint8Array.of(0x86), payload]);
  return concat([...(key ? [AV1_SEQUENCE] : []), Uint8Array.of(0x32, payload.length & 127), payload]);
}

/** An Opus packet of one 20 ms frame, or anything as AAC. */
const sound = (size: number, seed: number) => concat([Uint8Array.of(0x7c), noise(size, seed)]);

interface Step {
  readonly kind: 'video' | 'audio';
  readonly wait: number;
  readonly key: boolean;
  readonly size: number;
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('video' as const, 'audio' as const),
    wait: fc.nat(60),
    key: fc.boolean(),
    size: fc.integer({ min: 1, max: 3_000 }),
  }),
  { minLength: 1, maxLength: 60 },
);

function demux(bytes: Bytes, cuts: readonly number[]): DemuxEvent[] {
  const demuxer = new FlvDemuxer();
  const edges = [0, ...cuts.map(cut => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  const events = edges.slice(1).flatMap((edge, i) => demuxer.push(bytes.subarray(edges[i], edge)));
  return [...events, ...demuxer.flush()];
}

const units = (events: readonly DemuxEvent[]): AccessUnit[] =>
  events.flatMap(event => (event.type === 'unit' ? [event.unit] : []));
const tracks = (events: readonly DemuxEvent[]): MediaTrack[] =>
  events.flatMap(event => (event.type === 'track' ? [event.track] : []));

describe('what it writes, the demuxer reads back exactly', () => {
  for (const videoCodec of ['avc1', 'vp09', 'av01'] as const) {
    for (const audioCodec of ['mp4a', 'Opus'] as const) {
      test(`${videoCodec} with ${audioCodec}`, () => {
        const start = fc.oneof(fc.nat(10_000), fc.constant(2 ** 32 - 500)); // past the wrap, too
        fc.assert(
          fc.property(steps, start, fc.array(fc.nat(), { maxLength: 20 }), (list, begin, cuts) => {
            const bytes = write(videoCodec, audioCodec, list, begin);
            const events = demux(bytes.all, cuts);
            assert.deepEqual(
              events.filter(({ type }) => type === 'damage' || type === 'unsupported-codec'),
              [],
            );
            const found = units(events).map(({ track, dts, pts, key, data }) => ({ track, dts, pts, key, data }));
            assert.deepEqual(
              found.map(unit => ({ ...unit, data: Buffer.from(unit.data).toString('hex') })),
              bytes.expected.map(unit => ({ ...unit, data: Buffer.from(unit.data).toString('hex') })),
            );
          }),
          { numRuns: 40 },
        );
      });
    }
  }
});

function write(videoCodec: FlvVideoCodec, audioCodec: FlvAudioCodec, list: readonly Step[], begin: number) {
  const writer = new FlvWriter();
  const parts = [writer.begin({ audio: true, video: true })];
  const expected: object[] = [];
  let time = begin;
  let started = false;
  for (const [i, step] of list.entries()) {
    time += step.wait;
    if (step.kind === 'audio') {
      const data = sound(step.size, i);
      parts.push(writer.sound({ codec: audioCodec, description: audioConfigs[audioCodec] }, { time, data }));
      expected.push({ track: 2, dts: time * 90, pts: time * 90, key: true, data });
      continue;
    }
    const key = step.key || !started;
    started = true;
    const data = picture(videoCodec, key, step.size, i);
    parts.push(writer.picture({ codec: videoCodec, description: videoConfigs[videoCodec] }, { time, key, data }));
    expected.push({ track: 1, dts: time * 90, pts: time * 90, key, data });
  }
  // What is compared bytewise is the data.
  return { all: concat(parts), expected: expected as { data: Bytes }[] };
}

test('a configuration is written once, again when it changes, and in each new recording', () => {
  const writer = new FlvWriter();
  const avc = { codec: 'avc1' as const, description: AVC_C };
  const vp9 = { codec: 'vp09' as const, description: vp9Config('vp09.00.10.08') };
  const key = { time: 0, key: true, data: picture('avc1', true, 10, 1) };
  const key9 = { time: 80, key: true, data: VP9_KEY };
  const parts = [
    writer.begin({ audio: false, video: true }),
    writer.picture(avc, key),
    writer.picture({ ...avc, description: AVC_C.slice() }, { ...key, time: 40 }),
    writer.picture(vp9, key9),
    writer.begin({ audio: true, video: true }),
    writer.picture(vp9, { ...key9, time: 120 }),
  ];
  const sizes = parts.map(part => part.length);
  assert.ok(sizes[1]! > sizes[2]!, 'only the first brings its configuration');
  assert.equal(sizes[3], sizes[5]);
  const found = tracks(demux(concat(parts), []));
  assert.deepEqual(
    found.map(track => track.kind === 'video' && track.codecString),
    ['avc1.f4000b', 'vp09.00.10.08'],
  );
});

test('the records are what the demuxers of other programs get', () => {
  assert.deepEqual(
    av1Config('av01.0.00M.08', concat([fromHex('1200'), AV1_SEQUENCE, fromHex('3201ff')])),
    fromHex('81000c000a0b000000043cffbc02f80040'),
  );
  assert.equal(av1Config('av01.0.00M.08', fromHex('1200')), undefined);
  assert.equal(av1Track(1, av1Config('av01.0.08H.10', AV1_SEQUENCE)!)?.codecString, 'av01.0.08H.10');
  assert.throws(() => av1Config('vp8', AV1_SEQUENCE), TypeError);
  assert.throws(() => vp9Config('vp8'), TypeError);
  const head = opusHead(1, 312, 48_000);
  assert.equal(Buffer.from(head).toString('latin1', 0, 8), 'OpusHead');
  assert.deepEqual([...head.subarray(8)], [1, 1, 56, 1, 128, 187, 0, 0, 0, 0, 0]);
});
