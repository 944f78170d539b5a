import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, concat, equalBytes } from '../../../../../core/bytes.ts';
import { avcParameterSets } from '../../../../../core/media/codecs/avc.ts';
import { AVC } from '../../../../../core/media/mpeg-ts/annex-b-avc.ts';
import { HEVC } from '../../../../../core/media/mpeg-ts/annex-b-hevc.ts';
import { AnnexBStream } from '../../../../../core/media/mpeg-ts/annex-b-stream.ts';
import type { TimedPes } from '../../../../../core/media/mpeg-ts/elementary-stream.ts';
import type { DemuxEvent } from '../../../../../core/media/track.ts';
import { fromHex } from '../../../../support/from-hex.ts';
import { damageOf, demux, fixture, tracksOf, unitsOf } from './fixtures.ts';

const [big, small] = [
  '01640014ffe1001967640014acd94141fb0110000003001000000303c0f142996001000468efbcb0fdf8f800',
  '0164000affe100186764000aacd9447b041000000300100000030320f122596001000668ebe3cb22c0fdf8f800',
].map(hex => {
  const sets = avcParameterSets(fromHex(hex))!;
  return annexB(...sets.sps, ...sets.pps);
});
const AUD = fromHex('09f0');
const SEI = fromHex('060501aa80');
const RECOVERY = fromHex('060601c480');

function annexB(...nals: readonly Bytes[]): Bytes {
  return concat(nals.flatMap((nal, index) => [fromHex(index % 2 === 0 ? '00000001' : '000001'), nal]));
}

/** A slice that is told apart by its number; `first`: of its picture. */
function slice(type: number, number: number, first = true): Bytes {
  return new Uint8Array([0x60 | type, first ? 0x88 : 0x44, 0x11, number, 0x80]);
}

function prefixed(...nals: readonly Bytes[]): Bytes {
  return concat(nals.flatMap(nal => [new Uint8Array([0, 0, 0, nal.length]), nal]));
}

function pes(payload: Bytes, dts?: number, pts = dts): TimedPes {
  return { streamId: 0xe0, aligned: false, payload, dts, pts };
}

function run(packets: readonly (TimedPes | 'lost')[], codec = AVC): DemuxEvent[] {
  const stream = new AnnexBStream(1, codec);
  const events: DemuxEvent[] = [];
  for (const packet of packets) {
    if (packet === 'lost') stream.lose(events);
    else {
      // The assembler's buffer is used again: what is kept must have been copied.
      const buffer = packet.payload.slice();
      stream.take({ ...packet, payload: buffer }, events, false);
      buffer.fill(0xee);
    }
  }
  stream.flush(events);
  return events;
}

const dataOf = (events: readonly DemuxEvent[]) => unitsOf(events).map(({ data }) => data);

test('delimiters, parameter sets and filler are left out, SEI stays, with and without delimiters', () => {
  const filler = fromHex('0cffff80');
  for (const head of [[AUD], []]) {
    const events = run([
      pes(concat([annexB(...head), big!, annexB(SEI, slice(5, 1), filler)]), 9_000, 12_600),
      pes(annexB(...head, slice(1, 2)), 12_600),
    ]);
    assert.deepEqual(dataOf(events), [prefixed(SEI, slice(5, 1)), prefixed(slice(1, 2))]);
    assert.deepEqual(
      unitsOf(events).map(({ dts, pts, key }) => [dts, pts, key]),
      [
        [9_000, 12_600, true],
        [12_600, 12_600, false],
      ],
    );
    assert.equal(tracksOf(events).length, 1);
  }
});

test('a track is told before the first unit, again when its parameter sets change, not when they are repeated', () => {
  const key = (sets: Bytes, number: number) => pes(concat([sets, annexB(slice(5, number))]), number * 3_600);
  const events = run([key(big!, 1), key(big!, 2), key(small!, 3), key(small!, 4)]);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['track', 'unit', 'unit', 'track', 'unit', 'unit'],
  );
  const [first, second] = tracksOf(events);
  assert.ok(first?.kind === 'video' && second?.kind === 'video' && first.width !== second.width);
  assert.ok(first.id === second.id && !equalBytes(first.description, second.description));
});

test('nothing comes before a key unit, at the start and after a loss', () => {
  const frame = (type: number, number: number) =>
    pes(type === 5 ? concat([big!, annexB(slice(5, number))]) : annexB(slice(1, number)), number * 3_600);
  const events = run([
    frame(1, 1),
    frame(5, 2),
    frame(1, 3),
    'lost',
    frame(1, 4),
    frame(1, 5),
    frame(5, 6),
    frame(1, 7),
  ]);
  assert.deepEqual(
    unitsOf(events).map(({ dts }) => dts / 3_600),
    [2, 3, 6, 7],
  );
});

test('several pictures in one packet: times go on by the duration of a picture', () => {
  for (const head of [[AUD], []]) {
    const two = (a: Bytes, b: Bytes, sets?: Bytes) =>
      concat([annexB(...head), ...(sets ? [sets] : []), annexB(a, ...head, b)]);
    const events = run([
      pes(two(slice(5, 1), slice(1, 2), big), 0),
      pes(two(slice(1, 3), slice(1, 4)), 7_200),
      pes(two(slice(1, 5), slice(1, 6)), 14_400),
    ]);
    assert.equal(unitsOf(events).length, 6);
    assert.deepEqual(
      unitsOf(events)
        .slice(2)
        .map(({ dts }) => dts),
      [7_200, 10_800, 14_400, 18_000],
    );
  }
});

test('one picture over several packets is put together, wherever it was cut', () => {
  const first = concat([big!, annexB(slice(5, 1), slice(5, 2, false))]);
  const second = annexB(slice(1, 3), slice(1, 4, false));
  const whole = [prefixed(slice(5, 1), slice(5, 2, false)), prefixed(slice(1, 3), slice(1, 4, false))];
  const at = first.length - slice(5, 2).length - 3;
  for (const cut of [at, at + 4, first.length - 2]) {
    const events = run([
      pes(first.subarray(0, cut), 0),
      pes(first.subarray(cut)),
      pes(second.subarray(0, 9), 3_600),
      pes(second.subarray(9)),
      pes(annexB(slice(1, 5)), 7_200),
    ]);
    assert.deepEqual(dataOf(events).slice(0, 2), whole, `cut at ${cut}`);
    assert.deepEqual(damageOf(events), []);
  }
});

test('a packet that begins within a picture after many that did not: nothing damaged follows', () => {
  const frame = (number: number) => pes(annexB(slice(1, number)), number * 3_600);
  const key = (number: number) => pes(concat([big!, annexB(slice(5, number))]), number * 3_600);
  const events = run([key(1), ...[2, 3, 4, 5].map(frame), pes(annexB(slice(1, 6, false))), frame(7), key(8), frame(9)]);
  assert.deepEqual(
    unitsOf(events).map(({ dts }) => dts / 3_600),
    [1, 2, 3, 4, 5, 8, 9],
  );
  assert.equal(damageOf(events).length, 1);
});

test('a recovery point starts a stream that has no IDR pictures, and only such', () => {
  const point = (number: number) => pes(concat([big!, annexB(RECOVERY, slice(1, number))]), number * 3_600);
  const frame = (number: number) => pes(annexB(slice(1, number)), number * 3_600);
  const units = unitsOf(run([frame(1), point(2), frame(3), 'lost', frame(4), point(5)]));
  assert.deepEqual(
    units.map(({ dts, key }) => [dts / 3_600, key]),
    [
      [2, true],
      [3, false],
      [5, true],
    ],
  );
  const idr = pes(concat([big!, annexB(slice(5, 1))]), 3_600);
  assert.deepEqual(
    unitsOf(run([idr, point(2), 'lost', point(3)])).map(({ dts, key }) => [dts / 3_600, key]),
    [
      [1, true],
      [2, false],
    ],
  );
});

test('two fields of an interlaced picture in one packet stay together', () => {
  const flags = ['-c:v', 'libx264', '-flags', '+ildct+ilme', '-x264-params', 'tff=1'];
  const track = tracksOf(demux(fixture('interlaced', ['-an'], flags)))[0]!;
  const { sps, pps } = avcParameterSets(track.description)!;
  const fields = annexB(slice(5, 1), AUD, slice(1, 2));
  const events = run([pes(concat([annexB(...sps, ...pps), fields]), 0)]);
  assert.deepEqual(dataOf(events), [prefixed(slice(5, 1), slice(1, 2))]);
});

test('HEVC: pictures that need what came before a random access point are left out where one starts', () => {
  const nal = (type: number, number: number) => new Uint8Array([type << 1, 1, 0x80, number, 0x80]);
  const [vps, sps, pps] = [
    '40010c01ffff01600000030090000003000003001e95981808',
    '420101016000000300900000030000030 01ea020810596566924caf016808000000300800000064084'.replace(' ', ''),
    '4401c172b46240',
  ].map(fromHex);
  const stream = new AnnexBStream(1, HEVC);
  const events: DemuxEvent[] = [];
  const give = (dts: number, ...nals: Bytes[]) => stream.take(pes(annexB(...nals), dts), events, false);
  give(1, vps!, sps!, pps!, nal(21, 1));
  give(2, nal(9, 2));
  give(3, nal(1, 3));
  give(4, nal(21, 4));
  give(5, nal(9, 5));
  give(6, nal(1, 6));
  stream.flush(events);
  assert.deepEqual(
    unitsOf(events).map(({ dts, key }) => [dts, key]),
    [
      [1, true],
      [3, false],
      [4, true],
      [5, false],
      [6, false],
    ],
  );
});
