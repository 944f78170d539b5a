import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../../core/bytes.ts';
import type { ChunkerEvent, Cut } from '../../../../../core/media/chunker.ts';
import { TsChunker } from '../../../../../core/media/mpeg-ts/ts-chunker.ts';
import { TsDemuxer } from '../../../../../core/media/mpeg-ts/ts-demuxer.ts';
import { hevc } from '../../../../support/ffmpeg-fixtures.ts';
import { joinStreams, PACKET, packetsOf, pidOf } from '../../../../support/ts-muxer.ts';
import { assertSubset, damageOf, demux, fixture, identity, padded, plain, split, splits, unitsOf } from './fixtures.ts';

const VIDEO = 256;

function chunk(...parts: readonly Bytes[]): ChunkerEvent[] {
  const chunker = new TsChunker();
  return [...parts.flatMap(part => chunker.push(part, 0)), ...chunker.flush(0)];
}

function cutsOf(events: readonly ChunkerEvent[]): Cut[] {
  return events.flatMap(event => (event.type === 'cut' ? [event.cut] : []));
}

function payload(events: readonly ChunkerEvent[]): Bytes {
  return concat(cutsOf(events).map(cut => cut.payload));
}

/** The stream without the random access indicators that its muxer set. */
function unmarked(ts: Bytes): Bytes {
  const copy = ts.slice();
  for (const packet of packetsOf(copy)) if (packet[3]! & 0x20 && packet[4]! > 0) packet[5]! &= ~0x40;
  return copy;
}

/** The stream with the time of all PES packets moved on, by ffmpeg. */
function later(offset: string): Bytes {
  return fixture(`later${offset}`, ['-c:a', 'aac'], ['-output_ts_offset', offset]);
}

test('groups start at key pictures with PAT and PMT, cuts hold whole packets within the limits', () => {
  const events = chunk(plain());
  assert.equal(events[0]?.type, 'init');
  assert.deepEqual(
    events.filter(({ type }) => type !== 'cut').map(({ type }) => type),
    ['init'],
  );
  const init = events[0]?.type === 'init' ? events[0].bytes : undefined;
  const cuts = cutsOf(events);
  const starts = cuts.filter(cut => cut.startsGroup);
  assert.equal(starts.length, 2);
  for (const { payload } of starts) {
    assert.deepEqual(payload.subarray(0, init!.length), init);
    assert.equal(pidOf(payload.subarray(init!.length)), VIDEO);
  }
  for (const cut of cuts) {
    assert.equal(cut.payload.length % PACKET, 0);
    assert.ok(cut.payload.length <= 4_000);
    assert.equal(cut.entry, 0);
  }
  assert.equal(starts[1]!.dts - starts[0]!.dts, 25 * 3_600);
  cuts.slice(1).forEach((cut, index) => {
    assert.ok(cut.dts >= cuts[index]!.dts);
  });
  const duration = cuts.reduce((sum, cut) => sum + cut.duration, 0);
  assert.ok(Math.abs(duration - 50 * 3_600) <= 600, `${duration}`);
});

test('the cuts hold the same units as the source', () => {
  for (const bytes of [plain(), fixture('hevc', ['-c:a', 'aac'], hevc()), fixture('opus', ['-c:a', 'libopus'])]) {
    const units = unitsOf(demux(payload(chunk(bytes)))).map(identity);
    const source = unitsOf(demux(bytes));
    // Sound before the first key picture is left out.
    assert.deepEqual(units, source.slice(source.length - units.length).map(identity));
    assert.ok(source.length - units.length <= 8);
  }
});

test('each group can be joined at, by a demuxer that has had the init', () => {
  const events = chunk(plain());
  const cuts = cutsOf(events);
  const second = cuts.findLastIndex(cut => cut.startsGroup);
  const demuxer = new TsDemuxer();
  if (events[0]?.type === 'init') demuxer.push(events[0].bytes);
  const units = unitsOf([...cuts.slice(second).flatMap(cut => demuxer.push(cut.payload)), ...demuxer.flush()], VIDEO);
  assert.equal(units.length, 25);
  assert.ok(units[0]!.key);
});

test('the same bytes in any split, and packets of 192 and 204 bytes, give the same events', () => {
  const bytes = plain();
  const whole = chunk(bytes);
  fc.assert(
    fc.property(splits, sizes => assert.deepEqual(chunk(...split(bytes, sizes)), whole)),
    { numRuns: 20 },
  );
  assert.deepEqual(chunk(padded(bytes, 4, 0)), whole);
  assert.deepEqual(chunk(padded(bytes, 0, 16)), whole);
});

test('without random access indicators groups start at IDR pictures all the same', () => {
  for (const bytes of [plain(), fixture('hevc', ['-c:a', 'aac'], hevc())]) {
    assert.deepEqual(
      cutsOf(chunk(unmarked(bytes))).map(({ startsGroup, dts }) => [startsGroup, dts]),
      cutsOf(chunk(bytes)).map(({ startsGroup, dts }) => [startsGroup, dts]),
    );
  }
});

test('audio alone: a group about each second', () => {
  const bytes = fixture('audio', ['-c:a', 'aac', '-vn']);
  const events = chunk(bytes);
  const starts = cutsOf(events).filter(cut => cut.startsGroup);
  assert.ok(starts.length === 2 || starts.length === 3, `${starts.length}`);
  assert.deepEqual(unitsOf(demux(payload(events))).map(identity), unitsOf(demux(bytes)).map(identity));
});

test('time that jumps is told, and a group starts', () => {
  for (const offset of ['600', '-1']) {
    const events = chunk(joinStreams([later('10'), offset === '600' ? later('600') : plain()]));
    const jump = events.findIndex(({ type }) => type === 'jump');
    assert.ok(jump > 0);
    const next = events[jump + 1];
    assert.ok(next?.type === 'cut' && next.cut.startsGroup);
    assert.equal(events.filter(({ type }) => type === 'jump').length, 1);
    assert.equal(cutsOf(events).filter(cut => cut.startsGroup).length, 4);
  }
});

test('time goes on over the rollover', () => {
  const events = chunk(fixture('rollover', ['-c:a', 'aac'], ['-output_ts_offset', '95441.5']));
  assert.ok(events.every(({ type }) => type !== 'jump'));
  const cuts = cutsOf(events);
  assert.ok(cuts[0]!.dts < 2 ** 33 && cuts.at(-1)!.dts > 2 ** 33);
});

test('another programme map makes another init, right before a group', () => {
  const events = chunk(joinStreams([plain(), fixture('two', ['-c:a', 'libmp3lame'], ['-output_ts_offset', '2'])]));
  const inits = events.flatMap(({ type }, index) => (type === 'init' ? [index] : []));
  assert.equal(inits.length, 2);
  const next = events[inits[1]! + 1];
  assert.ok(next?.type === 'cut' && next.cut.startsGroup);
});

test('after a discontinuity that the source tells, the next cut starts a group and says so', () => {
  const chunker = new TsChunker();
  const packets = packetsOf(plain());
  chunker.push(concat(packets.slice(0, 60)), 0);
  const before = chunker.discontinuity(0);
  assert.ok(cutsOf(before).length > 0);
  const after = cutsOf([...chunker.push(concat(packets.slice(60)), 0), ...chunker.flush(0)]);
  assert.ok(after[0]!.startsGroup && after[0]!.discontinuity);
  assert.ok(after.slice(1).every(cut => !cut.discontinuity));
});

test('empty packets and unknown PIDs are left out', () => {
  const empty = new Uint8Array(PACKET).fill(0xff);
  empty.set([0x47, 0x1f, 0xff, 0x10]);
  const other = empty.slice();
  other.set([0x47, 0x41, 0x23, 0x10]);
  const packets = packetsOf(plain()).flatMap((packet, index) => (index % 3 === 0 ? [empty, packet, other] : [packet]));
  assert.deepEqual(chunk(concat(packets)), chunk(plain()));
});

test('what waits is cut after 100 ms', () => {
  const chunker = new TsChunker();
  chunker.push(plain().subarray(0, 12 * PACKET), 1_000);
  const wakeAt = chunker.wakeAt();
  assert.ok(wakeAt === undefined || wakeAt === 1_100);
  assert.deepEqual(chunker.poll(1_099), []);
  assert.equal(cutsOf(chunker.poll(1_100)).length, 1);
  assert.equal(chunker.wakeAt(), undefined);
});

test('noise never throws once packets were seen, and is told', () => {
  const bytes = plain().subarray(0, 100 * PACKET);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.nat(bytes.length), (noise, at) => {
      const start = Math.max(at, 10 * PACKET);
      const events = chunk(concat([bytes.subarray(0, start), new Uint8Array(noise), bytes.subarray(start)]));
      assert.ok(damageOf(events).length > 0);
    }),
    { numRuns: 50 },
  );
});

test('repeated packets are left out, lost ones told, scrambled ones told and left out', () => {
  const packets = packetsOf(plain());
  const whole = chunk(plain());
  assert.deepEqual(chunk(concat(packets.flatMap(packet => [packet, packet]))), whole);
  const lost = packets.findIndex((packet, index) => index > 30 && pidOf(packet) === VIDEO);
  assert.deepEqual(damageOf(chunk(concat(packets.filter((_, index) => index !== lost)))), [
    `lost packets on PID ${VIDEO}`,
  ]);
  const scrambled = packetsOf(plain().slice());
  for (const packet of scrambled) if (pidOf(packet) === VIDEO) packet[3]! |= 0x80;
  const events = chunk(concat(scrambled));
  assert.deepEqual(damageOf(events), [`scrambled packets on PID ${VIDEO}`]);
  assert.deepEqual(cutsOf(events), []);
});

test('what packets were lost from comes out of the chunks as it does from the source', () => {
  const packets = packetsOf(plain());
  const whole = unitsOf(demux(plain()));
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(packets.length - 1), { minLength: 1, maxLength: 5 }), lost => {
      const damaged = concat(packets.filter((_, index) => !lost.includes(index)));
      assertSubset(unitsOf(demux(payload(chunk(damaged)))), whole);
    }),
    { numRuns: 60 },
  );
});
