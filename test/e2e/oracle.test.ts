// The oracle: what our pipeline makes of generated FLV and TS decodes in ffmpeg to the same frames at the same times as the source.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bytes, concat } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import type { Chunker } from '../../core/media/chunker.ts';
import { createTransmuxer } from '../../core/media/create-transmuxer.ts';
import { FlvChunker } from '../../core/media/flv/flv-chunker.ts';
import { initSegment } from '../../core/media/isobmff/init-segment.ts';
import { TsChunker } from '../../core/media/mpeg-ts/ts-chunker.ts';
import type { MediaTrack } from '../../core/media/track.ts';
import { TRACK_ID, type TransmuxEvent } from '../../core/media/transmuxer.ts';
import {
  fixturePath,
  frameHashes,
  h264,
  hevc,
  MPEG_TS,
  make,
  picture,
  readFixture,
  tone,
  writeFixture,
} from '../support/ffmpeg-fixtures.ts';
import { flvHeader, flvTags } from '../support/flv-muxer.ts';
import { readTracks } from '../support/mp4-boxes.ts';
import {
  assertConstantShift,
  assertSameHashes,
  assertSameTimes,
  framesOf,
  type Transmuxed,
  transmux,
} from '../support/transmuxed.ts';
import { joinStreams, muxAvc, packetsOf, pidOf } from '../support/ts-muxer.ts';

const AAC = ['-c:a', 'aac', '-b:a', '96k'];
const WIDE = ['-ac', '2'];

interface Case {
  readonly what: string;
  readonly source: () => string;
  /** What to decode for comparison, where this ffmpeg can't decode the source itself. */
  readonly reference?: () => string;
  readonly kinds: readonly ('video' | 'audio')[];
  /** Compare packets instead of decoded frames: decoders start such audio differently from different containers. */
  readonly copyAudio?: boolean;
}

const cache = new Map<string, string>();
function once(name: string, build: (name: string) => string): string {
  const path = cache.get(name) ?? build(name);
  cache.set(name, path);
  return path;
}

const encode = (name: string, ...args: readonly (readonly string[])[]) => once(name, () => make(name, ...args));

/** An MP4 remuxed by our own muxer to enhanced FLV. */
function enhanced(name: string, mp4: () => string): Pick<Case, 'source' | 'reference'> {
  const source = () => {
    const tags = flvTags(readTracks(readFixture(mp4())), { enhanced: true });
    return once(name, () => writeFixture(name, concat([flvHeader(), ...tags])));
  };
  return { source, reference: mp4 };
}

const avcMp4 = () => encode('avc.mp4', picture(), h264());
const smallMp4 = () => encode('small.mp4', picture({ size: '256x144' }), h264());
const hevcMp4 = () => encode('hevc.mp4', picture(), tone({ rate: 48_000 }), hevc(), WIDE, ['-c:a', 'libopus']);
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-threads', '2'];
const vp9Mp4 = () => encode('vp9.mp4', picture(), tone({ rate: 48_000 }), vp9, ['-c:a', 'flac', '-strict', '-2']);
const av1 = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-g', '25', '-threads', '2'];
const av1Mp4 = () => encode('av1.mp4', picture(), tone({ rate: 48_000 }), av1, WIDE, ['-c:a', 'ac3']);

const BOTH = ['video', 'audio'] as const;

const CASES: readonly Case[] = [
  {
    what: 'FLV: H.264 with B-frames, AAC',
    source: () => encode('avc-aac.flv', picture(), tone(), h264(), AAC),
    kinds: BOTH,
  },
  {
    what: 'FLV: H.264, MP3',
    source: () => encode('avc-mp3.flv', picture(), tone(), h264({ bframes: 0 }), ['-c:a', 'libmp3lame']),
    kinds: BOTH,
  },
  { what: 'FLV: enhanced, HEVC, Opus', ...enhanced('hevc-opus.flv', hevcMp4), kinds: BOTH },
  { what: 'FLV: enhanced, VP9, FLAC', ...enhanced('vp9-flac.flv', vp9Mp4), kinds: BOTH },
  { what: 'FLV: enhanced, AV1, AC-3', ...enhanced('av1-ac3.flv', av1Mp4), kinds: BOTH, copyAudio: true },
  { what: 'FLV: enhanced, H.264', ...enhanced('avc-enhanced.flv', avcMp4), kinds: ['video'] },
  {
    what: 'TS: H.264 with B-frames, AAC',
    source: () => encode('avc-aac.m2ts', picture(), tone(), h264(), AAC, MPEG_TS),
    kinds: BOTH,
  },
  {
    what: 'TS: no delimiters, NIT before the programme in the PAT, PES of unknown length',
    source: () => once('bare.m2ts', name => writeFixture(name, muxAvc(readTracks(readFixture(avcMp4()))[0]!))),
    kinds: ['video'],
  },
  {
    what: 'TS: timestamps roll over 33 bits',
    source: () => {
      const shift = ['-output_ts_offset', `${2 ** 33 / 90_000 - 3.5}`];
      return encode('rollover.m2ts', picture(), tone(), h264(), AAC, shift, MPEG_TS);
    },
    reference: () => encode('avc-aac.m2ts', picture(), tone(), h264(), AAC, MPEG_TS),
    kinds: BOTH,
  },
  {
    what: 'TS: packets of 192 bytes',
    source: () => {
      const timed = ['-mpegts_m2ts_mode', '1', '-f', 'mpegts'];
      return encode('timed.m2ts', picture(), tone({ rate: 48_000 }), h264(), ['-c:a', 'ac3'], timed);
    },
    kinds: BOTH,
  },
  {
    what: 'TS: HEVC, E-AC-3',
    source: () => encode('hevc.m2ts', picture(), tone({ rate: 48_000 }), hevc(), ['-c:a', 'eac3'], MPEG_TS),
    kinds: BOTH,
  },
  {
    what: 'TS: H.264, Opus',
    source: () => encode('opus.m2ts', picture(), tone({ rate: 48_000 }), h264(), WIDE, ['-c:a', 'libopus'], MPEG_TS),
    kinds: BOTH,
    copyAudio: true,
  },
  {
    what: 'TS: H.264, MP3',
    source: () => encode('mp3.m2ts', picture(), tone(), h264(), ['-c:a', 'libmp3lame'], MPEG_TS),
    kinds: BOTH,
  },
  {
    what: 'TS: H.264, AC-3',
    source: () => encode('ac3.m2ts', picture(), tone({ rate: 48_000 }), h264(), ['-c:a', 'ac3'], MPEG_TS),
    kinds: BOTH,
  },
  {
    what: 'TS: AAC in LATM',
    source: () => encode('latm.m2ts', picture(), tone(), h264(), AAC, ['-mpegts_flags', 'latm', ...MPEG_TS]),
    kinds: BOTH,
  },
];

for (const { what, source, reference, kinds, copyAudio } of CASES) {
  test(what, () => {
    const path = source();
    const result = transmux(path);
    assert.equal(result.status, 0, result.said);
    assert.equal(result.parts.length, 1, result.said);
    for (const kind of kinds) {
      const compared = reference?.() ?? path;
      // Decoders of audio smooth its times, so those of the packets are compared.
      const packets = { ours: framesOf(result, kind, true), theirs: frameHashes(compared, kind, { copy: true }) };
      const decoded = { ours: framesOf(result, kind), theirs: frameHashes(compared, kind) };
      const hashed = kind === 'audio' && copyAudio ? packets : decoded;
      const timed = kind === 'audio' ? packets : decoded;
      assertSameHashes(hashed.ours, hashed.theirs, kind);
      assertSameTimes(timed.ours, timed.theirs, kind);
    }
  });
}

describe('the picture size changes in mid-stream', () => {
  const expected = () => [avcMp4(), smallMp4()].flatMap(path => frameHashes(path, 'video').frames);
  const check = (path: string): void => {
    const result = transmux(path);
    assert.equal(result.status, 0, result.said);
    assert.equal(result.parts.length, 2, result.said);
    const ours = framesOf(result, 'video');
    // Each source starts at its own 0; the second goes on after 4 s.
    const frames = expected().map(({ pts, hash }, i) => ({ hash, pts: i < 100 ? pts : pts + 4 }));
    const theirs = { frames, tick: 1 / 1_000, complaints: '' };
    assertSameHashes(ours, theirs, 'video');
    assertSameTimes(ours, theirs, 'video');
  };

  test('FLV', () => {
    const tags = [avcMp4(), smallMp4()].map((path, i) => flvTags(readTracks(readFixture(path)), { offset: i * 4_000 }));
    check(writeFixture('change.flv', concat([flvHeader(), ...tags.flat()])));
  });

  test('TS', () => {
    const streams = [avcMp4(), smallMp4()].map((path, i) => {
      return muxAvc(readTracks(readFixture(path))[0]!, { offset: 90_000 + i * 360_000 });
    });
    check(writeFixture('change.m2ts', joinStreams(streams)));
  });
});

/** A generator of numbers from 0 to 1 that is the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every emitted picture is one of the source's, at its time; nothing damaged comes out. */
function checkDamaged(damaged: string, source: string, fewest: number): void {
  compareDamaged(transmux(damaged), source, fewest);
}

function compareDamaged(result: Transmuxed, source: string, fewest: number): void {
  assert.equal(result.status, 0, result.said);
  const whole = frameHashes(source, 'video');
  const times = new Map(whole.frames.map(({ hash, pts }) => [hash, pts]));
  const { frames, tick } = framesOf(result, 'video');
  framesOf(result, 'audio');
  assert.ok(frames.length >= fewest && frames.length < whole.frames.length, `${frames.length} frames came out`);
  const shifts = frames.map(({ hash, pts }) => {
    const time = times.get(hash);
    assert.ok(time !== undefined, `a picture at ${pts} s that the source hasn't`);
    return pts - time;
  });
  assertConstantShift(shifts, Math.max(tick, whole.tick), 'video');
}

/** Eight seconds in groups of ten pictures. */
function longSource(container: Container): string {
  const [name, output] = container === 'flv' ? ['long.flv', ['-f', 'flv']] : ['long.m2ts', MPEG_TS];
  const coding = [...h264({ gop: 10 }), '-b:v', '1500k', ...AAC];
  return encode(name, picture({ seconds: 8 }), tone({ seconds: 8 }), coding, output);
}

describe('loss', () => {
  for (const seed of [1, 2, 3]) {
    test(`TS: 1 packet in 300 lost, seed ${seed}`, () => {
      const random = seeded(seed);
      const kept = packetsOf(readFixture(longSource('ts'))).filter((packet, i) => {
        const table = pidOf(packet) === 0 || pidOf(packet) === 0x1000;
        return i < 50 || table || random() >= 1 / 300;
      });
      checkDamaged(writeFixture(`lossy-${seed}.m2ts`, concat(kept)), longSource('ts'), 20);
    });

    test(`FLV: bytes cut out in 6 places, seed ${seed}`, () => {
      const random = seeded(seed);
      const whole = readFixture(longSource('flv'));
      const kept: Bytes[] = [];
      let at = 0;
      for (let cut = 1; cut <= 6; cut++) {
        const from = Math.floor(((cut + random() * 0.5) * whole.length) / 8);
        kept.push(whole.subarray(at, from));
        at = from + Math.floor(random() * 3_000);
      }
      kept.push(whole.subarray(at));
      checkDamaged(writeFixture(`cut-${seed}.flv`, concat(kept)), longSource('flv'), 20);
    });
  }

  test('TS: bytes flipped', () => {
    const random = seeded(7);
    const bytes = readFixture(longSource('ts')).slice();
    const packets = packetsOf(bytes);
    // Headers only: sync bytes, error indicators and counters, which a demuxer can notice.
    for (let i = 50; i < packets.length; i += 200 + Math.floor(random() * 200))
      packets[i]![random() < 0.5 ? 0 : 3]! ^= 0x0d;
    checkDamaged(writeFixture('flipped.m2ts', bytes), longSource('ts'), 20);
  });
});

let files = 0;

/** The page's way: chunks of which every 25th or so is lost, resumed at the next one's entry; written as one MP4. */
function playChunks(chunker: Chunker, bytes: Bytes, random: () => number): { mp4: string; lost: number } {
  const transmuxer = createTransmuxer(chunker.container, { origin: 0 });
  const tracks = new Map<string, MediaTrack>();
  const fragments: Bytes[] = [];
  const take = (events: readonly TransmuxEvent[]): void => {
    for (const event of events) {
      if (event.type === 'init') tracks.set(event.kind, event.track);
      if (event.type === 'fragment') fragments.push(event.bytes);
    }
  };
  let missing = false;
  let lost = 0;
  for (const event of [...chunker.push(bytes, 0), ...chunker.flush(0)]) {
    if (event.type === 'init') {
      take(transmuxer.start({ container: chunker.container, timestampOffset: 0, bytes: event.bytes }));
    } else if (event.type === 'cut') {
      const { payload, entry } = event.cut;
      if (random() < 1 / 25 || (missing && entry === payload.length)) {
        missing = true;
        lost++;
        continue;
      }
      if (missing) take(transmuxer.gap());
      take(transmuxer.push(missing ? payload.subarray(entry) : payload));
      missing = false;
    }
  }
  take(transmuxer.flush());
  const numbered = [...tracks.values()].map(track => ({ trackId: TRACK_ID[track.kind], track }));
  return { mp4: writeFixture(`chunks-${++files}.mp4`, concat([initSegment(numbered), ...fragments])), lost };
}

describe('chunks lost on the way', () => {
  for (const container of ['ts', 'flv'] as const) {
    for (const seed of [1, 2]) {
      test(`${container}, seed ${seed}`, () => {
        const source = longSource(container);
        const chunker = container === 'ts' ? new TsChunker() : new FlvChunker();
        const { mp4, lost } = playChunks(chunker, readFixture(source), seeded(seed));
        assert.ok(lost > 10, `${lost} chunks lost`);
        compareDamaged({ parts: [mp4], said: '', status: 0 }, source, 20);
      });
    }
  }

  test('none lost: everything comes out', () => {
    for (const container of ['ts', 'flv'] as const) {
      const source = longSource(container);
      const chunker = container === 'ts' ? new TsChunker() : new FlvChunker();
      const { mp4 } = playChunks(chunker, readFixture(source), () => 1);
      assertSameHashes(frameHashes(mp4, 'video', { strict: true }), frameHashes(source, 'video'), container);
      assertSameHashes(frameHashes(mp4, 'audio', { strict: true }), frameHashes(source, 'audio'), container);
    }
  });
});

describe('what the command says', () => {
  const refusal = (input: string, pattern: RegExp): void => {
    const { status, said, parts } = transmux(input);
    assert.match(said, pattern);
    assert.equal(status, 1);
    assert.deepEqual(parts, []);
    assert.ok(!/\n {4}at /.test(said), 'no stack trace');
  };

  test('no such file', () => refusal(fixturePath('absent.flv'), /Can't read .*absent\.flv.*no such file/));
  test('neither FLV nor TS', () => {
    refusal(writeFixture('noise.bin', new Uint8Array(5_000).fill(7)), /neither FLV nor MPEG-TS/);
    refusal(writeFixture('page.flv', new TextEncoder().encode('<!doctype html><title>404</title>')), /web page/);
    refusal(writeFixture('empty.flv', new Uint8Array(0)), /empty/);
  });
  test('a codec that no browser plays', () => {
    const video = ['-c:v', 'flv1', '-g', '25'];
    refusal(encode('flv1.flv', picture({ seconds: 1 }), video), /H\.263/);
  });
  test('a folder that is not there', () => {
    const path = encode('avc-aac.flv', picture(), tone(), h264(), AAC);
    const { status, said } = transmux(path, fixturePath('absent/out.mp4'));
    assert.match(said, /Can't write .*absent/);
    assert.equal(status, 1);
  });
});
