import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyClock } from '../../../../ingest/clock.ts';
import { readySource } from '../../../../ingest/sources/ready-source.ts';
import { type Source, type SourceEvent, SourceFault } from '../../../../ingest/sources/source.ts';
import { TestLog, until } from '../fixtures.ts';

const bytes = (value: number): SourceEvent => ({ type: 'bytes', bytes: Uint8Array.of(value), arrivedAt: value });

/** A source that does something else at each opening. */
function sourceOf(...openings: ((signal: AbortSignal) => AsyncGenerator<SourceEvent>)[]) {
  const opened: AbortSignal[] = [];
  const source: Source = {
    name: 'the source',
    open(signal) {
      const opening = openings[Math.min(opened.length, openings.length - 1)]!; // there is one at least
      opened.push(signal);
      return opening(signal);
    },
  };
  return { source, opened };
}

function waiting() {
  const broken: string[] = [];
  const stopping = new AbortController();
  const options = {
    ...{ clock: steadyClock, log: new TestLog(), random: () => 0, backoff: { firstMs: 2, capMs: 2 } },
    broke: (reason: string) => broken.push(reason),
    signal: stopping.signal,
  };
  return { broken, stopping, options };
}

async function play(source: Source, signal = new AbortController().signal): Promise<SourceEvent[]> {
  const events: SourceEvent[] = [];
  for await (const event of source.open(signal)) events.push(event);
  return events;
}

async function* unreachable(): AsyncGenerator<SourceEvent> {
  yield* [];
  throw new SourceFault("it can't be reached");
}

test('it is opened until it gives something; nothing of that is lost, and later it is opened anew', async () => {
  const { source, opened } = sourceOf(
    unreachable,
    async function* () {}, // ended at once
    async function* () {
      yield bytes(1);
      yield bytes(2);
    },
    async function* () {
      yield bytes(3);
    },
  );
  const { broken, options } = waiting();
  const ready = await readySource(source, options);
  assert.equal(ready.name, 'the source');
  assert.deepEqual(broken, ["it can't be reached", 'the source ended']);
  assert.equal(opened.length, 3);
  assert.deepEqual(await play(ready), [bytes(1), bytes(2)]);
  assert.equal(opened.length, 3, 'what was open goes on');
  assert.deepEqual(await play(ready), [bytes(3)]);
});

test('where trying again can not help it rejects', async () => {
  const { source, opened } = sourceOf(async function* () {
    yield* [];
    throw new SourceFault('no media', { permanent: true });
  });
  const { broken, options } = waiting();
  await assert.rejects(readySource(source, options), /no media/);
  assert.deepEqual([broken, opened.length], [[], 1]);
});

test('not wanted any more: it ends at once, also while the source stalls', async () => {
  const stalled = sourceOf(async function* () {
    await new Promise(() => {}); // does not even notice that it is to stop
    yield bytes(1);
  });
  for (const { source, opened } of [sourceOf(unreachable), stalled]) {
    const { stopping, options } = waiting();
    const ready = readySource(source, options);
    await until('it is opened', () => opened.length > 0);
    stopping.abort();
    await assert.rejects(ready, /not wanted any more/);
  }
  assert.ok(stalled.opened[0]?.aborted);
});

test('what is open is closed with whoever plays it, and when it is not wanted before anybody does', async () => {
  const endless = sourceOf(async function* (signal) {
    for (let i = 0; !signal.aborted; i++) {
      yield bytes(i);
      await steadyClock.wait(1, signal);
    }
  });
  const first = waiting();
  const playing = new AbortController();
  const ready = await readySource(endless.source, first.options);
  const played = play(ready, playing.signal);
  playing.abort();
  await played;
  assert.ok(endless.opened[0]?.aborted);
  const second = waiting();
  await readySource(endless.source, second.options);
  second.stopping.abort();
  assert.ok(endless.opened[1]?.aborted);
});
