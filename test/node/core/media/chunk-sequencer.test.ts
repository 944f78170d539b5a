// The sequencer: numbers never go back, epochs begin where they must, the channel's timeline goes on.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../../core/bytes.ts';
import type { ChunkHeader } from '../../../../core/chunk.ts';
import { decodeInit, initId } from '../../../../core/init-document.ts';
import { ChunkSequencer, type SequencedEvent } from '../../../../core/media/chunk-sequencer.ts';
import type { ChunkerEvent } from '../../../../core/media/chunker.ts';

const NOW = 1_795_000_000_000;
const init = (byte: number): ChunkerEvent => ({ type: 'init', bytes: Uint8Array.of(byte) });
const cut = (dts: number, startsGroup = false, arrivedAt = NOW + dts / 90): ChunkerEvent => ({
  type: 'cut',
  cut: { payload: Uint8Array.of(1), startsGroup, discontinuity: false, dts, duration: 3_600, entry: 0, arrivedAt },
});
const make = () => new ChunkSequencer({ container: 'flv', track: 0, firstSequence: NOW });
const run = (events: ChunkerEvent[], sequencer = make()): SequencedEvent[] =>
  events.flatMap(event => sequencer.take(event));
const headers = (events: SequencedEvent[]): ChunkHeader[] =>
  events.flatMap(event => (event.type === 'chunk' ? [event.header] : []));

test('nothing before an init and a group', () => {
  assert.deepEqual(run([cut(0, true)]), []);
  assert.deepEqual(run([init(1), cut(0)]), []);
});

test('sequence counts by one; group and epoch name their first chunk; the init is named by its hash', () => {
  const events = run([init(1), cut(0, true), cut(3_600), cut(7_200, true), cut(10_800)]);
  const all = headers(events);
  assert.deepEqual(
    all.map(h => h.sequence - NOW),
    [0, 1, 2, 3],
  );
  assert.deepEqual(
    all.map(h => h.group - NOW),
    [0, 0, 2, 2],
  );
  assert.ok(all.every(h => h.epoch === NOW));
  const first = events[0]!;
  assert.ok(first.type === 'init');
  assert.equal(toHex(all[0]!.initId), toHex(initId(first.document)));
  assert.equal(all[0]!.timestamp, NOW * 90);
  assert.equal(decodeInit(first.document).timestampOffset, NOW * 90);
});

test('a changed init begins an epoch with the next group, and the timeline goes on to the tick', () => {
  const events = run([init(1), cut(0, true), init(2), cut(3_600), cut(7_200, true)]);
  const all = headers(events);
  assert.deepEqual(
    all.map(h => h.timestamp - NOW * 90),
    [0, 7_200],
  );
  assert.deepEqual(
    all.map(h => h.epoch - NOW),
    [0, 1],
  );
});

for (const [name, to] of [
  ['back', 100],
  ['far ahead', 90_000_000],
] as const) {
  test(`source time that jumps ${name} is rebased: the timeline goes on by the clock`, () => {
    const all = headers(
      run([
        init(1),
        cut(900_000, true, NOW),
        { type: 'jump', from: 900_000, to },
        cut(to, true, NOW + 200),
        cut(to + 3_600, false, NOW + 240),
      ]),
    );
    assert.equal(all[0]!.timestamp, NOW * 90);
    assert.equal(all[1]!.timestamp, NOW * 90 + 200 * 90);
    assert.equal(all[2]!.timestamp, all[1]!.timestamp + 3_600);
    assert.notEqual(all[1]!.epoch, all[0]!.epoch);
  });
}

test('a source that starts over at once goes on without a hole', () => {
  const events: ChunkerEvent[] = [
    init(1),
    cut(900_000, true, NOW),
    { type: 'jump', from: 900_000, to: 0 },
    cut(0, true, NOW + 44),
  ];
  const [first, second] = headers(run(events));
  assert.equal(second!.timestamp, first!.timestamp + 3_600);
});

test('a higher first sequence that the relay asks for is used, with a new epoch', () => {
  const sequencer = make();
  run([init(1), cut(0, true)], sequencer);
  sequencer.raise(NOW + 500);
  assert.deepEqual(headers(run([cut(3_600)], sequencer)), []);
  const [header] = headers(run([cut(7_200, true)], sequencer));
  assert.equal(header?.sequence, NOW + 500);
  assert.equal(header?.epoch, NOW + 500);
});

test('whatever the source does, sequences grow by one, time never goes back by more than half a second, every chunk follows its init', () => {
  const event = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ at: fc.nat(900_000), group: fc.boolean() }).map(({ at, group }) => cut(at, group, NOW)),
    },
    fc.nat(3).map(init),
    fc.constant<ChunkerEvent>({ type: 'jump', from: 0, to: 0 }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      let known = '';
      let next = NOW;
      let epochTime = -1;
      for (const out of run([init(0), ...events])) {
        if (out.type === 'init') {
          known = toHex(initId(out.document));
          continue;
        }
        assert.equal(out.header.sequence, next++);
        assert.equal(toHex(out.header.initId), known);
        assert.ok(out.header.epoch <= out.header.group && out.header.group <= out.header.sequence);
        if (out.header.epoch === out.header.sequence) {
          assert.ok(out.header.timestamp >= epochTime - 45_000, 'a source that only overlaps a little goes on');
          epochTime = out.header.timestamp;
        }
      }
    }),
  );
});
