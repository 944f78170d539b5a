// A feed that carries some stripes only, and chunks asked for one by one.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Resume } from '../../../../core/wire/subscribe.ts';
import { BatchCache } from '../../../../relay/channels/batch-cache.ts';
import { ViewerFeed } from '../../../../relay/channels/viewer-feed.ts';
import { FakeSink, Source } from './feed-stage.ts';

const pump = (feed: ViewerFeed, source: Source) => feed.pump(source.window, new BatchCache());

/** A viewer that has been sent a first group of 8 (sequences 1–8), and what it is sent from now on. */
function watching(resume?: Resume, lanes = 0) {
  const source = new Source();
  source.group(8);
  const sink = new FakeSink(lanes);
  const feed = new ViewerFeed(0, sink, resume);
  pump(feed, source);
  const first = sink.sequences;
  sink.events.length = 0;
  return {
    ...{ source, sink, feed, first },
    push: (stripes: number, from = 0, count = 4) => {
      feed.push({ count, stripes, from }, source.window);
      pump(feed, source);
    },
    more: (count: number, group = false) => {
      for (let i = 0; i < count; i++) source.add(group && i === 0);
      pump(feed, source);
    },
  };
}

test('only the chunks of the stripes asked for; then all again', () => {
  const { push, more, sink } = watching();
  push(0b0101);
  more(8);
  assert.deepEqual(sink.sequences, [10, 12, 14, 16]);
  push(0b1111);
  more(4);
  assert.deepEqual(sink.sequences.slice(4), [17, 18, 19, 20]);
});

test('no stripes: no chunks, but each new init document, also one that is gone again', () => {
  const { push, more, sink, source } = watching();
  push(0);
  more(8);
  assert.deepEqual(sink.events, []);
  for (const number of [2, 3]) {
    source.useInit(number);
    source.epoch = source.next;
    source.add(true);
  }
  more(1);
  assert.equal(sink.events.filter(event => 'init' in event).length, 2);
  more(5);
  assert.equal(sink.events.length, 2);
});

test('an init document that waited with its chunks is sent though the chunks are no longer wanted', () => {
  const { push, more, sink, source } = watching();
  sink.room[0] = 0;
  source.useInit(2);
  source.epoch = source.next;
  more(2, true);
  assert.deepEqual(sink.events, []);
  push(0);
  assert.equal(sink.events.length, 1);
  assert.ok('init' in sink.events[0]!);
});

test('a stripe that comes back is sent from where the viewer lacks it, once', () => {
  const { push, more, sink } = watching();
  push(0b1110);
  more(12); // 9–20
  assert.deepEqual(sink.sequences, [9, 10, 11, 13, 14, 15, 17, 18, 19]);
  sink.events.length = 0;
  push(0b1111, 14);
  assert.deepEqual(sink.sequences, [16, 20]);
  more(4);
  assert.deepEqual(sink.sequences, [16, 20, 21, 22, 23, 24]);
  push(0b1111, 1);
  more(1);
  assert.deepEqual(sink.sequences.slice(6), [25], 'what was pushed all along is not sent again');
});

test('from 0: only what comes next', () => {
  const { push, more, sink } = watching();
  push(0);
  more(4);
  push(0b0010);
  assert.deepEqual(sink.sequences, []);
  more(4);
  assert.deepEqual(sink.sequences, [13]);
});

test('not more than the two newest groups', () => {
  const { push, more, sink } = watching();
  push(0);
  for (let group = 0; group < 4; group++) more(4, true); // groups at 9, 13, 17, 21
  push(0b1111, 2);
  assert.deepEqual(sink.sequences, [17, 18, 19, 20, 21, 22, 23, 24]);
  assert.deepEqual(sink.skips, []);
});

test('a subset that the sink does not take is skipped only when it is really behind, and told once', () => {
  const { push, more, sink } = watching();
  push(0b0001);
  sink.room[0] = 0;
  more(4, true);
  more(4, true);
  sink.room[0] = 9;
  more(1);
  assert.deepEqual(sink.skips, []);
  assert.deepEqual(sink.sequences, [12, 16]);
  sink.room[0] = 0;
  for (let group = 0; group < 5; group++) more(4, true); // 18–37
  sink.room[0] = 9;
  more(1);
  assert.deepEqual(sink.skips, [{ track: 0, from: 18, to: 30 }]);
  assert.deepEqual(sink.sequences, [12, 16, 32, 36]);
});

test('who is fed by peers is never behind', () => {
  const { push, more, sink } = watching();
  push(0);
  for (let group = 0; group < 9; group++) more(4, true);
  push(0b0001);
  more(8);
  assert.deepEqual(sink.skips, []);
  assert.deepEqual(sink.sequences, [48, 52]);
});

test('a viewer that was cut off goes on where it says: nothing of the newest group comes twice', () => {
  assert.deepEqual(watching().first, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(watching({ count: 4, stripes: 0, from: 5 }).first, []);
  assert.deepEqual(watching({ count: 4, stripes: 0b0011, from: 4 }).first, [4, 5, 8]);
  assert.deepEqual(watching({ count: 4, stripes: 0b1111, from: 7 }).first, [7, 8]);
  assert.deepEqual(watching({ count: 4, stripes: 0b0010, from: 0 }).first, [1, 5]);
  const ahead = watching({ count: 1, stripes: 1, from: 11 });
  assert.deepEqual(ahead.first, []);
  ahead.more(4);
  assert.deepEqual(ahead.sink.sequences, [11, 12]);
});

test('viewers with the same stripes share the bytes of a batch, others do not', () => {
  const source = new Source();
  source.group(4);
  const batches = new BatchCache();
  const masks = [0b0011, 0b0011, 0b1100, 0b1111, undefined];
  const viewers = masks.map(stripes => {
    const sink = new FakeSink();
    const resume = stripes === undefined ? undefined : { count: 4, stripes, from: 0 };
    return { sink, feed: new ViewerFeed(0, sink, resume) };
  });
  source.group(8);
  for (const { feed } of viewers) feed.pump(source.window, batches);
  const [one, same, other, all, plain] = viewers.map(({ sink }) => sink.writes.at(-1));
  assert.equal(one, same);
  assert.notEqual(one, other);
  assert.equal(all, plain, 'all stripes and no word about stripes are the same');
  assert.deepEqual(viewers[2]!.sink.sequences, [6, 7, 10, 11]);
});

test('a viewer that catches up does not share its batch with one that is up to date', () => {
  const source = new Source();
  source.group(8);
  const batches = new BatchCache();
  const sinks = [new FakeSink(), new FakeSink()];
  const feeds = sinks.map(sink => new ViewerFeed(0, sink, { count: 2, stripes: 0b01, from: 9 }));
  for (const feed of feeds) feed.pump(source.window, batches);
  feeds[0]!.push({ count: 2, stripes: 0b11, from: 2 }, source.window);
  feeds[1]!.push({ count: 2, stripes: 0b11, from: 5 }, source.window);
  for (let i = 0; i < 4; i++) source.add(false);
  for (const feed of feeds) feed.pump(source.window, batches);
  assert.deepEqual(sinks[0]!.sequences, [3, 5, 7, 9, 10, 11, 12]);
  assert.deepEqual(sinks[1]!.sequences, [5, 7, 9, 10, 11, 12]);
});

test('chunks asked for: what is held, each after its init; the rest is lacking', () => {
  const { source, sink, feed } = watching({ count: 4, stripes: 0, from: 0 }, 2);
  const pulled = feed.pull(source.window, [3, 4, 9, 12], () => true);
  assert.deepEqual(pulled.lacking, [9, 12]);
  assert.deepEqual(sink.sequences, [3, 4]);
  const sizes = [3, 4].map(sequence => source.window.get(sequence)!.message.length);
  assert.equal(pulled.bytes, sizes[0]! + sizes[1]!);
  const newcomer = new FakeSink();
  new ViewerFeed(0, newcomer).pull(source.window, [5], () => true);
  assert.ok('init' in newcomer.events[0]! && 'chunk' in newcomer.events[1]!);
});

test('chunks asked for that are not allowed, or that the sink does not take, are lacking', () => {
  const { source, sink, feed } = watching();
  let left = 2;
  assert.deepEqual(feed.pull(source.window, [1, 2, 3, 4], () => left-- > 0).lacking, [3, 4]);
  sink.room[0] = 0;
  assert.deepEqual(
    feed.pull(source.window, [1, 2], () => true),
    { bytes: 0, lacking: [1, 2] },
  );
  assert.deepEqual(sink.sequences, [1, 2]);
});

test('whatever is pushed and however the sink takes it: each chunk of a stripe at most once while it stays pushed, in order, none missing', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 9 }), group: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ room: fc.nat(3) }) },
    { weight: 3, arbitrary: fc.record({ stripes: fc.nat(15), back: fc.nat(12) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const source = new Source();
      source.group(4);
      const sink = new FakeSink();
      const feed = new ViewerFeed(0, sink);
      let stripes = 0b1111;
      for (const action of steps) {
        if ('room' in action) sink.room[0] = action.room;
        else if ('add' in action) for (let i = 0; i < action.add; i++) source.add(action.group && i === 0);
        else {
          stripes = action.stripes;
          feed.push({ count: 4, stripes, from: Math.max(1, source.next - action.back) }, source.window);
        }
        pump(feed, source);
      }
      sink.room[0] = Number.POSITIVE_INFINITY;
      pump(feed, source);
      sink.events.length = 0;
      // From here on nothing is in arrears: exactly the stripes asked for come.
      const start = source.next;
      for (let i = 0; i < 8; i++) source.add(false);
      pump(feed, source);
      const expected = Array.from({ length: 8 }, (_, i) => start + i).filter(s => ((stripes >> (s % 4)) & 1) === 1);
      assert.deepEqual(sink.sequences, expected);
    }),
    { numRuns: 300 },
  );
});
