import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import { NotThisMedia } from '../../../../../core/errors.ts';
import { forEachLengthPrefixed } from '../../../../../core/media/codecs/nal.ts';
import { TsDemuxer } from '../../../../../core/media/mpeg-ts/ts-demuxer.ts';
import { hevc, MPEG_TS } from '../../../../support/ffmpeg-fixtures.ts';
import { PACKET, packetsOf, pidOf } from '../../../../support/ts-muxer.ts';
import {
  assertSubset,
  damageOf,
  demux,
  fixture,
  identity,
  padded,
  plain,
  split,
  splits,
  tracksOf,
  unitsOf,
} from './fixtures.ts';

const VIDEO = 256;
const AUDIO = 257;

test('H.264 with B-frames and AAC', () => {
  const events = demux(plain());
  const [video, audio, ...others] = tracksOf(events);
  assert.deepEqual(others, []);
  assert.ok(video?.kind === 'video' && video.codec === 'avc' && video.width === 96 && video.height === 64);
  assert.ok(audio?.kind === 'audio' && audio.codec === 'aac' && audio.sampleRate === 48_000 && audio.channels === 1);
  assert.deepEqual(damageOf(events), []);
  const pictures = unitsOf(events, VIDEO);
  assert.equal(pictures.length, 50);
  assert.deepEqual(
    pictures.flatMap(({ key }, index) => (key ? [index] : [])),
    [0, 25],
  );
  pictures.forEach((unit, index) => {
    assert.equal(unit.dts - pictures[0]!.dts, index * 3_600);
    assert.ok(unit.pts >= unit.dts);
  });
  assert.ok(pictures.some(({ dts, pts }) => pts - dts > 3_600));
  for (const { data } of pictures) {
    const types: number[] = [];
    assert.ok(forEachLengthPrefixed(data, 4, start => types.push(data[start]! & 31)));
    assert.ok(types.every(type => type === 1 || type === 5 || type === 6));
  }
  const frames = unitsOf(events, AUDIO);
  assert.ok(frames.length >= 94);
  assert.ok(frames.every(({ samples }) => samples === 1_024));
  frames.forEach(({ dts }, index) => {
    assert.ok(Math.abs(dts - frames[0]!.dts - index * 1_920) <= 1);
  });
});

test('the same bytes in any split give the same events', () => {
  const bytes = plain();
  const whole = demux(bytes);
  fc.assert(
    fc.property(splits, sizes => assert.deepEqual(demux(...split(bytes, sizes)), whole)),
    { numRuns: 25 },
  );
  assert.deepEqual(demux(padded(bytes, 4, 0)), whole);
  assert.deepEqual(demux(padded(bytes, 0, 16)), whole);
});

test('a stream cut at any byte gives only whole units', () => {
  const bytes = plain().subarray(0, 40 * PACKET);
  const whole = unitsOf(demux(plain()));
  for (let size = 1; size <= bytes.length; size += size < 6 * PACKET ? 1 : 7) {
    assertSubset(unitsOf(demux(bytes.subarray(0, size))), whole);
  }
});

test('with packets lost nothing damaged comes out, and video goes on at a key unit', () => {
  const packets = packetsOf(plain());
  const whole = unitsOf(demux(plain()));
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(packets.length - 1), { minLength: 1, maxLength: 6 }), lost => {
      const left = packets.filter((_, index) => !lost.includes(index));
      const units = unitsOf(demux(concat(left)));
      assertSubset(units, whole);
      let previous: number | undefined;
      for (const { dts, key } of units.filter(({ track }) => track === VIDEO)) {
        assert.ok(key || dts - previous! === 3_600);
        previous = dts;
      }
    }),
    { numRuns: 150 },
  );
});

test('one packet in 300 lost costs little audio', () => {
  const packets = packetsOf(plain());
  const whole = unitsOf(demux(plain()), AUDIO).length;
  const events = demux(concat(packets.filter((_, index) => index % 300 !== 150)));
  assert.ok(unitsOf(events, AUDIO).length > whole * 0.8);
});

test('flipped bits in the transmission error flag and scrambled packets count as loss', () => {
  const whole = unitsOf(demux(plain()));
  for (const [byte, bits] of [[1, 0x80] as const, [3, 0x80] as const]) {
    const packets = packetsOf(plain().slice());
    const at = packets.findIndex((packet, index) => index > 60 && pidOf(packet) === VIDEO);
    packets[at]![byte]! |= bits;
    const events = demux(concat(packets));
    assertSubset(unitsOf(events), whole);
    assert.ok(unitsOf(events, VIDEO).length < 50);
    assert.equal(damageOf(events).length > 0, true);
  }
});

test('repeated packets are tolerated, continuity errors in PAT and PMT do not matter', () => {
  const whole = demux(plain());
  const packets = packetsOf(plain());
  const doubled = packets.flatMap((packet, index) => (index % 5 === 0 ? [packet, packet] : [packet]));
  assert.deepEqual(demux(concat(doubled)), whole);
  const [pat, pmt] = [0, 0x1000].map(pid => packets.find(packet => pidOf(packet) === pid)!);
  const more = packets.flatMap((packet, index) => (index % 20 === 0 ? [pat!, pmt!, packet] : [packet]));
  assert.deepEqual(demux(concat(more)), whole);
});

test('a gap drops what is not whole, up to the next key unit', () => {
  const whole = unitsOf(demux(plain()));
  const packets = packetsOf(plain());
  const demuxer = new TsDemuxer();
  const units = unitsOf([
    ...demuxer.push(concat(packets.slice(0, 40))),
    ...demuxer.gap(),
    ...demuxer.push(concat(packets.slice(56))), // sixteen packets: the counters of a single stream would not tell
    ...demuxer.flush(),
  ]);
  assertSubset(units, whole);
  const pictures = units.filter(({ track }) => track === VIDEO);
  assert.ok(pictures.filter(({ key }) => key).length === 2);
});

test('timestamps go on over the rollover of 33 bits, near a reference where one is given', () => {
  const near = fixture('rollover', ['-c:a', 'aac'], ['-output_ts_offset', '95441.5']);
  const pictures = unitsOf(demux(near), VIDEO);
  assert.ok(pictures[0]!.dts < 2 ** 33 && pictures.at(-1)!.dts > 2 ** 33);
  for (let i = 1; i < pictures.length; i++) assert.equal(pictures[i]!.dts - pictures[i - 1]!.dts, 3_600);
  const demuxer = new TsDemuxer();
  demuxer.reset(5 * 2 ** 33);
  const later = unitsOf([...demuxer.push(near), ...demuxer.flush()], VIDEO);
  assert.equal(later[0]!.dts - pictures[0]!.dts, 4 * 2 ** 33);
});

const AUDIO_CASES: readonly (readonly [name: string, codec: string, samples: number, args: readonly string[]])[] = [
  ['mp3', 'mp3', 1_152, ['-c:a', 'libmp3lame']],
  ['ac3', 'ac3', 1_536, ['-c:a', 'ac3']],
  ['eac3', 'eac3', 1_536, ['-c:a', 'eac3']],
  ['opus', 'opus', 960, ['-c:a', 'libopus']],
  ['latm', 'aac', 1_024, ['-c:a', 'aac', '-mpegts_flags', 'latm']],
];
for (const [name, codec, samples, args] of AUDIO_CASES) {
  test(`audio in ${name}`, () => {
    const bytes = fixture(name, args);
    const events = demux(bytes);
    const track = tracksOf(events).find(({ kind }) => kind === 'audio');
    assert.equal(track?.codec, codec);
    assert.deepEqual(damageOf(events), []);
    const frames = unitsOf(events, AUDIO);
    const rate = track?.kind === 'audio' ? track.sampleRate : 0;
    assert.ok(Math.abs(frames.length - (2 * rate) / samples) <= 2, `${frames.length} frames`);
    frames.slice(1, -1).forEach((frame, index) => {
      assert.equal(frame.samples, samples);
      assert.ok(Math.abs(frame.dts - frames[0]!.dts - ((index + 1) * samples * 90_000) / rate) <= 2);
    });
    fc.assert(
      fc.property(splits, sizes => assert.deepEqual(demux(...split(bytes, sizes)), events)),
      { numRuns: 5 },
    );
  });
}

test('AAC in ADTS and in LATM holds the same frames', () => {
  const [adts, latm] = [['adts'], ['latm', '-mpegts_flags', 'latm']].map(([name, ...flags]) =>
    unitsOf(demux(fixture(name!, ['-c:a', 'aac', ...flags])), AUDIO),
  );
  assert.deepEqual(adts!.map(identity), latm!.map(identity));
});

test('HEVC', () => {
  const events = demux(fixture('hevc', ['-c:a', 'aac'], hevc()));
  const video = tracksOf(events).find(({ kind }) => kind === 'video');
  assert.equal(video?.codec, 'hevc');
  const pictures = unitsOf(events, VIDEO);
  assert.equal(pictures.length, 50);
  assert.ok(pictures[0]!.key && pictures.filter(({ key }) => key).length === 2);
  assert.deepEqual(damageOf(events), []);
});

test('a codec that cannot be carried is told once, by its common name, and the rest plays', () => {
  const events = demux(fixture('mpeg2', ['-c:a', 'mp2'], ['-c:v', 'mpeg2video', '-g', '10']));
  const told = events.filter(({ type }) => type === 'unsupported-codec');
  assert.deepEqual(told, [
    { type: 'unsupported-codec', kind: 'video', codec: 'MPEG-2 video' },
    { type: 'unsupported-codec', kind: 'audio', codec: 'MPEG audio layer 2' },
  ]);
  assert.deepEqual(unitsOf(events), []);
});

test('of several programmes the lowest with video is played', () => {
  const program = ['-program', 'program_num=7:st=1', '-program', 'program_num=9:st=0'];
  const events = demux(fixture('programs', ['-c:a', 'aac', '-map', '0', '-map', '1'], program));
  assert.deepEqual(
    tracksOf(events).map(({ kind }) => kind),
    ['video'],
  );
  assert.equal(unitsOf(events).length, 50);
});

test('what is not MPEG-TS is refused', () => {
  assert.throws(() => new TsDemuxer().push(new Uint8Array(10_000)), NotThisMedia);
});

test('noise between packets and in packets never throws', () => {
  const bytes = plain().subarray(0, 100 * PACKET);
  const edit = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 60 }), edits => {
      const copy: Bytes = bytes.slice();
      for (const { at, value } of edits) copy[at] = value;
      demux(copy);
    }),
    { numRuns: 100 },
  );
});

test('MPEG-TS flags of the muxer make no difference to units', () => {
  const whole = unitsOf(demux(plain())).map(identity);
  const resent = fixture('resent', ['-c:a', 'aac'], ['-mpegts_flags', 'resend_headers+pat_pmt_at_frames', ...MPEG_TS]);
  assert.deepEqual(unitsOf(demux(resent)).map(identity), whole);
});
