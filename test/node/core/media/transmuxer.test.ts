import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat, NO_BYTES } from '../../../../core/bytes.ts';
import { NotThisMedia } from '../../../../core/errors.ts';
import { FlvDemuxer } from '../../../../core/media/flv/flv-demuxer.ts';
import { type TransmuxEvent, Transmuxer } from '../../../../core/media/transmuxer.ts';
import { flvHeader, flvTag, flvTags } from '../../../support/flv-muxer.ts';
import { fromHex } from '../../../support/from-hex.ts';
import type { FileTrack } from '../../../support/mp4-boxes.ts';
import { type ParsedFragment, readFragments } from '../../../support/mp4-fragment.ts';

const AVCC = fromHex('01640014ffe1001967640014acd94141fb0110000003001000000303c0f142996001000468efbcb0fdf8f800');
const SMALL_AVCC = fromHex(
  '0164000affe100186764000aacd9447b041000000300100000030320f122596001000668ebe3cb22c0fdf8f800',
);
// Channel time is Unix time in ticks.
const OFFSET = 1_795_000_000_000 * 90;

/** A slice NAL unit that is told apart by its last bytes. */
function picture(index: number, key: boolean): Bytes {
  return new Uint8Array([0, 0, 0, 6, key ? 0x65 : 0x41, 0x88, 0x80, index >> 8, index & 255, 0x80]);
}

/** 40 ms a picture, a key picture every 5, from `from` on. */
function video(from: number, count: number, avcC = AVCC): FileTrack {
  const samples = [];
  for (let i = from; i < from + count; i++) {
    samples.push({ data: picture(i, i % 5 === 0), dts: i * 40, pts: i * 40 + 40, key: i % 5 === 0 });
  }
  return { handler: 'vide', timescale: 1_000, entry: 'avc1', config: [{ type: 'avcC', payload: avcC }], samples };
}

/** 20 ms a packet. */
function audio(from: number, count: number): FileTrack {
  const samples = [];
  for (let i = from; i < from + count; i++) {
    samples.push({ data: new Uint8Array([0xfc, i >> 8, i & 255]), dts: i * 20, pts: i * 20, key: true });
  }
  const dOps = fromHex('000201380000bb80000000');
  return { handler: 'soun', timescale: 1_000, entry: 'Opus', config: [{ type: 'dOps', payload: dOps }], samples };
}

const INIT = { container: 'flv' as const, timestampOffset: OFFSET, bytes: flvHeader() };

function samplesOf(events: readonly TransmuxEvent[], kind: 'video' | 'audio'): ParsedFragment['samples'][number][] {
  return events.flatMap(event => {
    return event.type === 'fragment' && event.kind === kind ? readFragments(event.bytes)[0]!.samples : [];
  });
}

function started(options: { origin?: number; mpegAudioRaw?: boolean } = {}): Transmuxer {
  const transmuxer = new Transmuxer(new FlvDemuxer(), { origin: OFFSET, ...options });
  assert.deepEqual(transmuxer.start(INIT, OFFSET), []);
  return transmuxer;
}

const numberOf = (data: Bytes): number => (data.at(-3)! << 8) | data.at(-2)!;

test('one push: an init segment and one fragment per track', () => {
  const events = started().push(concat(flvTags([video(0, 10), audio(0, 20)])));
  assert.deepEqual(
    events.map(event => [event.type, 'kind' in event && event.kind]),
    [
      ['init', 'video'],
      ['init', 'audio'],
      ['fragment', 'video'],
      ['fragment', 'audio'],
    ],
  );
  const [v, a, vf, af] = events;
  assert.ok(v?.type === 'init' && a?.type === 'init' && vf?.type === 'fragment' && af?.type === 'fragment');
  assert.equal(v.mime, 'video/mp4; codecs="avc1.640014"');
  assert.equal(a.mime, 'audio/mp4; codecs="opus"');
  assert.deepEqual([vf.start, vf.end, vf.key], [0.04, 0.44, true]);
  assert.deepEqual([af.start, af.end], [0, 0.4]);
});

test('the same samples however the bytes are split, at channel times of 1.6e14 ticks', () => {
  const bytes = concat(flvTags([video(0, 30), audio(0, 60)]));
  const whole = started().push(bytes);
  const times = (events: readonly TransmuxEvent[], kind: 'video' | 'audio') =>
    samplesOf(events, kind).map(({ dts, pts, data, key }) => [dts, pts, key, ...data]);
  assert.deepEqual(
    samplesOf(whole, 'video').map(({ pts }) => pts),
    Array.from({ length: 30 }, (_, i) => (i + 1) * 3_600),
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }), sizes => {
      const transmuxer = started();
      const events: TransmuxEvent[] = [];
      for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]!) {
        events.push(...transmuxer.push(bytes.subarray(at, at + sizes[i % sizes.length]!)));
      }
      for (const kind of ['video', 'audio'] as const) assert.deepEqual(times(events, kind), times(whole, kind));
    }),
    { numRuns: 50 },
  );
});

test('after a gap video waits for a key picture and audio goes on at its time', () => {
  const transmuxer = started();
  transmuxer.push(concat(flvTags([video(0, 10), audio(0, 20)])));
  transmuxer.gap();
  const later = flvTags([video(0, 30), audio(0, 60)]).slice(2 + 12 + 24);
  const events = transmuxer.push(concat(later));
  const pictures = samplesOf(events, 'video');
  assert.equal(numberOf(pictures[0]!.data) % 5, 0);
  assert.equal(pictures[0]!.pts, (numberOf(pictures[0]!.data) + 1) * 3_600);
  const packets = samplesOf(events, 'audio');
  assert.equal(packets[0]!.dts, ((packets[0]!.data[1]! << 8) | packets[0]!.data[2]!) * 960);
});

test('an epoch with the same configuration needs no new init segment, another one does', () => {
  const transmuxer = started();
  transmuxer.push(concat(flvTags([video(0, 10)])));
  // The source was opened again: its time starts at 0, the channel's goes on at 10 s.
  const second = { ...INIT, timestampOffset: OFFSET + 900_000 };
  const again = [...transmuxer.start(second, OFFSET + 900_000), ...transmuxer.push(concat(flvTags([video(0, 5)])))];
  assert.deepEqual(
    again.map(({ type }) => type),
    ['fragment'],
  );
  assert.equal(samplesOf(again, 'video')[0]!.dts, 900_000);
  const third = { ...INIT, timestampOffset: OFFSET + 1_800_000 };
  const other = [
    ...transmuxer.start(third, OFFSET + 1_800_000),
    ...transmuxer.push(concat(flvTags([video(0, 5, SMALL_AVCC)]))),
  ];
  const [init, fragment] = other;
  assert.ok(init?.type === 'init' && init.track.kind === 'video' && fragment?.type === 'fragment');
  assert.deepEqual([init.track.width, init.track.height, fragment.start], [64, 48, 20.04]);
});

test('a configuration that changes in one push comes between its fragments', () => {
  const tags = [...flvTags([video(0, 5)]), ...flvTags([video(5, 5, SMALL_AVCC)])];
  const events = started().push(concat(tags));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['init', 'fragment', 'init', 'fragment'],
  );
  assert.deepEqual(
    samplesOf(events, 'video').map(({ data }) => numberOf(data)),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

test('units before the origin are left out and told as damage', () => {
  const transmuxer = started({ origin: OFFSET + 30 * 90 });
  const events = transmuxer.push(concat(flvTags([audio(0, 4)])));
  assert.ok(events.some(event => event.type === 'damage' && /2 units before/.test(event.reason)));
  assert.equal(samplesOf(events, 'audio').length, 2);
});

test('what the demuxer tells is passed on, metadata with seconds', () => {
  // onMetaData, an object without properties, and one tag of Speex.
  const script = flvTag(18, 2_000, fromHex('02000a6f6e4d65746144617461 03 000009'));
  const events = started().push(concat([script, flvTag(8, 2_000, fromHex('b6000000'))]));
  const metadata = events.find(event => event.type === 'metadata');
  assert.ok(metadata?.type === 'metadata');
  assert.deepEqual([metadata.name, metadata.time], ['onMetaData', 2]);
  const unsupported = events.find(event => event.type === 'unsupported-codec');
  assert.ok(unsupported?.type === 'unsupported-codec');
  assert.deepEqual([unsupported.kind, unsupported.codec], ['audio', 'Speex']);
});

test('MP3: in MP4, or as raw frames where the browser wants that', () => {
  const frame = new Uint8Array(417);
  frame.set(fromHex('fffb9064'));
  const tags = [0, 26, 52].map(time => flvTag(8, time, concat([fromHex('2f'), frame])));
  const [init, fragment] = started().push(concat(tags));
  assert.ok(init?.type === 'init' && fragment?.type === 'fragment');
  assert.equal(init.mime, 'audio/mp4; codecs="mp4a.6B"');
  assert.equal(readFragments(fragment.bytes)[0]!.samples.length, 3);
  const [rawInit, raw] = started({ mpegAudioRaw: true }).push(concat(tags));
  assert.ok(rawInit?.type === 'init' && raw?.type === 'fragment');
  assert.deepEqual([rawInit.mime, rawInit.bytes], ['audio/mpeg', NO_BYTES]);
  assert.deepEqual(raw.bytes, concat([frame, frame, frame]));
});

test('what is not FLV is refused', () => {
  const transmuxer = new Transmuxer(new FlvDemuxer(), { origin: 0 });
  assert.throws(
    () => {
      transmuxer.start({ container: 'flv', timestampOffset: 0, bytes: new TextEncoder().encode('<!doctype html>') });
      transmuxer.push(new Uint8Array(200_000).fill(0x3c));
    },
    error => error instanceof NotThisMedia,
  );
});
