// The feed against a sink that takes and refuses as it likes.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../../core/bytes.ts';
import { initId } from '../../../../core/init-document.ts';
import type { Skipped } from '../../../../core/wire/skipped.ts';
import { BatchCache } from '../../../../relay/channels/batch-cache.ts';
import { BUDGET, ViewerFeed } from '../../../../relay/channels/viewer-feed.ts';
import { initDocument } from '../fixtures.ts';
import { FakeSink, Source } from './feed-stage.ts';

const pump = (feed: ViewerFeed, source: Source) => feed.pump(source.window, new BatchCache());

test('nothing to join: nothing is sent', () => {
  const sink = new FakeSink();
  assert.equal(pump(new ViewerFeed(0, sink), new Source()), 0);
  assert.deepEqual(sink.events, []);
});

test('joins at the newest group, the init first, and tells how many bytes of chunks it sent', () => {
  const source = new Source();
  source.group(3);
  source.group(2);
  const sink = new FakeSink();
  const sent = pump(new ViewerFeed(0, sink), source);
  assert.ok('init' in sink.events[0]!);
  assert.deepEqual(sink.sequences, [4, 5]);
  assert.equal(sent, source.window.get(4)!.message.length + source.window.get(5)!.message.length);
});

test('then only what is new; a new init just before the chunk that names it', () => {
  const source = new Source();
  source.group(2);
  const sink = new FakeSink();
  const feed = new ViewerFeed(0, sink);
  pump(feed, source);
  pump(feed, source);
  source.useInit(2);
  source.group(1);
  pump(feed, source);
  const second = toHex(initId(initDocument(2)));
  assert.deepEqual(sink.events.slice(-2), [{ init: second }, { chunk: 3, needs: second, lane: 0 }]);
  assert.deepEqual(sink.sequences, [1, 2, 3]);
});

test('several lanes: what is ready together goes in one write, and the lanes take turns', () => {
  const source = new Source();
  const sink = new FakeSink(4);
  const feed = new ViewerFeed(0, sink);
  const lanes: number[] = [];
  for (let round = 0; round < 5; round++) {
    source.group(3);
    pump(feed, source);
    const fresh = new Set(sink.events.slice(-3).map(event => ('chunk' in event ? event.lane : -1)));
    assert.equal(fresh.size, 1);
    lanes.push(...fresh);
  }
  assert.deepEqual(lanes, [1, 2, 3, 4, 1]);
  assert.deepEqual(
    sink.sequences,
    Array.from({ length: 15 }, (_, i) => i + 1),
  );
});

test('a lane that is full loses its turn', () => {
  const source = new Source();
  const sink = new FakeSink(4);
  sink.room[2] = 0;
  const feed = new ViewerFeed(0, sink);
  for (let round = 0; round < 3; round++) {
    source.group(1);
    pump(feed, source);
  }
  const lanes = sink.events.flatMap(event => ('chunk' in event ? [event.lane] : []));
  assert.deepEqual(lanes, [1, 3, 4]);
});

test('a write is bounded, so that a full lane is noticed', () => {
  const source = new Source();
  source.group(100, 4_000);
  const sink = new FakeSink(0, 1);
  pump(new ViewerFeed(0, sink), source);
  assert.ok(sink.largestWrite < 40_000, `${sink.largestWrite}`);
  assert.ok(sink.sequences.length < 10);
});

test('viewers of one round get the same bytes, not copies', () => {
  const source = new Source();
  source.group(5);
  const batches = new BatchCache();
  const sinks = [new FakeSink(), new FakeSink()];
  for (const sink of sinks) new ViewerFeed(0, sink).pump(source.window, batches);
  assert.equal(sinks[0]!.writes.at(-1), sinks[1]!.writes.at(-1));
  const otherTrack = new FakeSink();
  const other = new Source();
  other.group(5, 50);
  new ViewerFeed(1, otherTrack).pump(other.window, batches);
  assert.notEqual(otherTrack.writes.at(-1), sinks[0]!.writes.at(-1));
});

test('behind by more groups than the budget: one `skipped`, then the newest group', () => {
  const source = new Source();
  source.group(4);
  const sink = new FakeSink();
  const feed = new ViewerFeed(0, sink);
  pump(feed, source);
  sink.room[0] = 0;
  for (let i = 0; i <= BUDGET.groups; i++) {
    source.group(4);
    pump(feed, source);
  }
  assert.deepEqual(sink.skips, [], 'as far behind as the budget allows');
  source.group(4);
  pump(feed, source);
  pump(feed, source);
  assert.deepEqual(sink.skips, [{ track: 0, from: 5, to: 17 }]);
  sink.room[0] = Number.POSITIVE_INFINITY;
  pump(feed, source);
  assert.deepEqual(sink.sequences, [1, 2, 3, 4, 17, 18, 19, 20]);
});

test('behind by more bytes than the budget: the same, though few groups began', () => {
  const source = new Source();
  source.group(1);
  const sink = new FakeSink();
  const feed = new ViewerFeed(0, sink);
  pump(feed, source);
  sink.room[0] = 0;
  source.group(400, 16_000);
  pump(feed, source);
  source.group(1);
  pump(feed, source);
  assert.deepEqual(sink.skips, [{ track: 0, from: 2, to: 402 }]);
});

test('a gap that the publisher left, however long ago, is not the viewer’s fault', () => {
  const source = new Source({ maxAgeMs: 10, maxBytes: 1e9 });
  source.add(true, 100, 0);
  const sink = new FakeSink();
  const feed = new ViewerFeed(0, sink);
  pump(feed, source);
  source.next = 5_000;
  source.add(true, 100, 1_000);
  pump(feed, source);
  assert.deepEqual(sink.sequences, [1, 5_000]);
  assert.deepEqual(sink.skips, []);
});

test('what the window lost before it was sent is told', () => {
  const source = new Source({ maxAgeMs: 10, maxBytes: 1e9 });
  source.add(true, 100, 0);
  const sink = new FakeSink();
  const feed = new ViewerFeed(0, sink);
  pump(feed, source);
  sink.room[0] = 0;
  source.add(false, 100, 0);
  source.add(true, 100, 1_000);
  sink.room[0] = 9;
  pump(feed, source);
  assert.deepEqual(sink.skips, [{ track: 0, from: 2, to: 3 }]);
  assert.deepEqual(sink.sequences, [1, 3]);
});

test('after a reset it joins anew, at a lower sequence too', () => {
  const source = new Source();
  source.group(3);
  const sink = new FakeSink();
  const feed = new ViewerFeed(0, sink);
  pump(feed, source);
  feed.reset();
  const another = new Source();
  another.group(2);
  pump(feed, another);
  assert.deepEqual(sink.sequences, [1, 2, 3, 1, 2]);
});

test('whatever the sink does: at most once, in order per lane, after its init, nothing of what was skipped, all at the end', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 6 }), group: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ lane: fc.nat(4), room: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ init: fc.nat(5) }) },
  );
  let runsWithSkips = 0;
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 4), fc.array(step, { maxLength: 80 }), (lanes, steps) => {
      const source = new Source();
      source.group(1);
      const sink = new FakeSink(lanes, 0);
      const feed = new ViewerFeed(0, sink);
      for (const action of steps) {
        if ('init' in action) source.useInit(action.init);
        else if ('room' in action) sink.room[action.lane % (lanes + 1)] = action.room;
        else for (let i = 0; i < action.add; i++) source.add(action.group && i === 0, 12_000);
        pump(feed, source);
      }
      sink.room.fill(Number.POSITIVE_INFINITY);
      pump(feed, source);

      const known = new Set<string>();
      const last: number[] = [];
      let floor = 0;
      const skippedRanges: Skipped[] = [];
      for (const event of sink.events) {
        if ('init' in event) known.add(event.init);
        else if ('skipped' in event) {
          const { from, to } = event.skipped;
          assert.ok(source.starts.includes(to) && from < to && from >= floor);
          floor = to;
          skippedRanges.push(event.skipped);
        } else {
          assert.ok(event.chunk > (last[event.lane] ?? -1), 'in order, once');
          assert.ok(event.chunk >= floor, 'nothing that was skipped');
          assert.ok(known.has(event.needs), 'after its init');
          last[event.lane] = event.chunk;
        }
      }
      if (skippedRanges.length > 0) runsWithSkips++;
      const got = new Set(sink.sequences);
      for (let sequence = Math.min(...got); sequence < source.next; sequence++) {
        const skipped = skippedRanges.some(({ from, to }) => sequence >= from && sequence < to);
        assert.ok(got.has(sequence) || skipped, `${sequence} is missing and nothing was said`);
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(runsWithSkips > 2, `only ${runsWithSkips} runs were over budget`);
});
