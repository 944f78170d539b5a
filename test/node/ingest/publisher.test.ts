import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { startsEpoch, startsGroup } from '../../../core/chunk.ts';
import { CloseCode, type Link } from '../../../core/link.ts';
import { encodeMessage } from '../../../core/wire/framing.ts';
import { goaway, refused } from '../../../core/wire/index.ts';
import type { RefusalCode } from '../../../core/wire/refused.ts';
import { FakeRelay } from './fake-relay.ts';
import { ingestTo, recording, until } from './fixtures.ts';

const flv = readFileSync(recording('publish.flv', 4));

/** The recording in pieces, one each few milliseconds. */
async function* slowly(pieceMs = 4, piece = 1_000, bytes = flv): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) {
    yield new Uint8Array(bytes.subarray(at, at + piece));
    await new Promise(resolve => setTimeout(resolve, pieceMs));
  }
}

// They mostly wait, so they run side by side.
describe('publisher', { concurrency: true }, () => {
  test('a stream that ends: everything is sent, unpublish, finished', async () => {
    const relay = new FakeRelay();
    const { ingest } = ingestTo(relay, { source: slowly(0, 20_000) });
    assert.equal((await ingest.done).code, 'finished');
    assert.equal(relay.unpublished, true);
    assert.deepEqual(relay.payload, flv.subarray(flv.indexOf(relay.payload.subarray(0, 200))));
    assert.deepEqual(relay.faults, []);
  });

  test('a relay that keeps its memory gets exactly what it lacks after a broken link', async () => {
    const relay = new FakeRelay();
    const { ingest } = ingestTo(relay, { source: slowly() });
    for (let round = 1; round <= 3; round++) {
      await until('more chunks', () => relay.chunks.length >= round * 12);
      relay.link!.close(CloseCode.failed, 'the cable was pulled');
      await until('the next session', () => relay.sessions === round + 1);
    }
    assert.equal((await ingest.done).code, 'finished');
    assert.deepEqual(relay.faults, []);
    const sequences = relay.chunks.map(chunk => chunk.header.sequence);
    assert.deepEqual(
      sequences,
      sequences.map((_, index) => sequences[0]! + index),
      'no chunk is missing or double',
    );
  });

  test('an empty relay gets the newest group at once', async () => {
    const old = new FakeRelay();
    let current = old;
    let middle = 13; // behind the file header
    while (middle < flv.length / 2) middle += 15 + flv.readUIntBE(middle + 1, 3);
    let resume: () => void = () => {};
    const resumed = new Promise<void>(resolve => {
      resume = resolve;
    });
    // It pauses, so that no further group begins while the relay is changed.
    const source = async function* () {
      yield* slowly(4, 1_000, flv.subarray(0, middle));
      await resumed;
      yield* slowly(4, 1_000, flv.subarray(middle));
    };
    const { ingest } = ingestTo(old, { source: source(), connect: () => current.connect() });
    const first200 = await until('a chunk', () => old.payload.length >= 200 && old.payload.subarray(0, 200));
    await until('all before the pause', () => flv.indexOf(first200) + old.payload.length === middle);
    current = new FakeRelay();
    old.link!.close(CloseCode.goingAway, 'restart');
    const first = await until('the first chunk', () => current.chunks[0]);
    resume();
    assert.ok(startsGroup(first.header));
    const newest = old.chunks.filter(chunk => startsGroup(chunk.header)).at(-1)!;
    assert.equal(first.header.sequence, newest.header.sequence, 'the newest group from its start');
    assert.equal(current.inits.length, 1);
    await ingest.done;
    assert.deepEqual(current.faults, []);
    assert.equal(current.unpublished, true);
  });

  test('while the relay is away, memory is bounded and whole groups are dropped', async () => {
    const relay = new FakeRelay();
    let release: () => void = () => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    const source = async function* () {
      for (let round = 0; round < 80; round++) {
        yield new Uint8Array(flv);
        await new Promise(setImmediate); // as a source that reads
      }
      await released;
      yield new Uint8Array(flv);
    };
    const { ingest } = ingestTo(relay, { source: source() });
    await until('a first chunk', () => relay.chunks.length > 0);
    relay.unreachable = true;
    relay.link!.close(CloseCode.failed, 'gone');
    await until('drops', () => ingest.stats.chunksDropped > 100);
    relay.unreachable = false;
    release();
    assert.equal((await ingest.done).code, 'finished');
    assert.deepEqual(relay.faults, []);
  });

  test('an uplink that is too slow: whole groups are dropped, and it goes on at a group', async () => {
    const relay = new FakeRelay();
    let full = false;
    let link: Link | undefined;
    const connect = async () => {
      link = await relay.connect();
      const { writable } = link;
      link.writable = lane => !full && writable.call(link, lane);
      return link;
    };
    let release: () => void = () => {};
    const released = new Promise<void>(resolve => {
      release = resolve;
    });
    const source = async function* () {
      for (let round = 0; round < 60; round++) {
        yield new Uint8Array(flv);
        await new Promise(setImmediate); // as a source that reads
      }
      await released;
      yield new Uint8Array(flv);
    };
    const { ingest, log } = ingestTo(relay, { source: source(), connect });
    await until('a first chunk', () => relay.chunks.length > 0);
    full = true;
    await until('drops', () => ingest.stats.chunksDropped > 100);
    assert.ok(log.has(/uplink to the relay is too slow: whole groups were dropped/));
    full = false;
    link!.drained(0);
    release();
    assert.equal((await ingest.done).code, 'finished');
    assert.equal(relay.sessions, 1);
    const after = relay.chunks.find(
      (chunk, index) => chunk.header.sequence !== (relay.chunks[index - 1] ?? chunk).header.sequence + 1 && index > 0,
    );
    assert.ok(after && startsGroup(after.header), 'a gap ends with a group start');
    assert.deepEqual(relay.faults, []);
  });

  for (const code of ['bad-name', 'not-allowed', 'taken', 'bad-version'] as RefusalCode[]) {
    test(`refused as ${code}: ends with the relay's reason`, async () => {
      const relay = new FakeRelay();
      relay.refuseWith = code;
      const { ingest } = ingestTo(relay, { source: slowly() });
      const outcome = await ingest.done;
      assert.equal(outcome.code, 'refused');
      assert.match(outcome.reason, /because the test says so/);
    });
  }

  test('a wrong publish key is refused', async () => {
    const { ingest } = ingestTo(new FakeRelay(), { source: slowly(), publishKey: 'wrong' });
    const outcome = await ingest.done;
    assert.equal(outcome.code, 'refused');
    assert.match(outcome.reason, /not-allowed.*wrong publish key/);
  });

  test('replaced by another session of the same key: ends', async () => {
    const relay = new FakeRelay();
    const { ingest } = ingestTo(relay, { source: slowly() });
    await until('a chunk', () => relay.chunks.length > 0);
    relay.link!.send(encodeMessage(refused, { code: 'replaced', reason: 'from elsewhere' }));
    relay.link!.close(CloseCode.refused, 'replaced');
    assert.equal((await ingest.done).code, 'refused');
  });

  test('other refusals are tried again', async () => {
    const relay = new FakeRelay();
    relay.refuseWith = 'too-many';
    const { ingest, log } = ingestTo(relay, { source: slowly() });
    await until('a second try', () => log.lines.filter(line => /too-many/.test(line.message)).length >= 2);
    relay.refuseWith = undefined;
    await until('chunks', () => relay.chunks.length > 0);
    await ingest.stop();
  });

  test('goaway: comes back after the time that the relay asks for', async () => {
    const relay = new FakeRelay();
    const { ingest, log } = ingestTo(relay, { source: slowly() });
    await until('a chunk', () => relay.chunks.length > 0);
    const askedAt = performance.now();
    relay.link!.send(encodeMessage(goaway, { retryAfterMs: 300, reason: 'restarting' }));
    await until('a second session', () => relay.sessions === 2);
    assert.ok(performance.now() - askedAt >= 290);
    assert.ok(log.has(/the relay leaves: restarting/));
    await ingest.stop();
  });

  test("a relay that can't be reached: tried again, or with `once` given up", async () => {
    const relay = new FakeRelay();
    relay.unreachable = true;
    const once = ingestTo(relay, { source: slowly(), once: true });
    assert.deepEqual(await once.ingest.done, { code: 'unreachable', reason: 'the relay is away' });
    const { ingest, log } = ingestTo(relay, { source: slowly() });
    await until('a try', () => log.has(/the relay is away; trying again/));
    relay.unreachable = false;
    await until('chunks', () => relay.chunks.length > 0);
    await ingest.stop();
  });

  test("capture times are in the relay's clock, and a wall clock that jumps changes nothing", async () => {
    const relay = new FakeRelay();
    relay.clockAhead = 3_600_000;
    const began = performance.timeOrigin + performance.now() + 3_600_000;
    const wall = Date.now;
    const { ingest } = ingestTo(relay, { source: slowly() });
    try {
      await until('chunks', () => relay.chunks.length >= 10);
      Date.now = () => wall() - 86_400_000;
      await until('more chunks', () => relay.chunks.length >= 25);
      Date.now = () => wall() + 86_400_000;
      await ingest.done;
    } finally {
      Date.now = wall;
    }
    const relayNow = performance.timeOrigin + performance.now() + 3_600_000;
    const captured = relay.chunks.map(chunk => chunk.header.capturedAt);
    assert.ok(captured.every(at => at > began - 1_000 && at < relayNow + 1_000));
    assert.deepEqual(
      captured,
      [...captured].sort((a, b) => a - b),
    );
    assert.equal(relay.chunks.filter(chunk => startsEpoch(chunk.header)).length, 1);
    assert.deepEqual(relay.faults, []);
  });

  test('a second run goes on above the sequences of the first', async () => {
    const relay = new FakeRelay();
    await ingestTo(relay, { source: slowly(0, 50_000) }).ingest.done;
    const last = relay.chunks.at(-1)!.header.sequence;
    relay.nextSequence = last + 1_000_000_000;
    const before = relay.chunks.length;
    await ingestTo(relay, { source: slowly(0, 50_000) }).ingest.done;
    assert.ok(relay.chunks[before]!.header.sequence >= last + 1_000_000_000);
  });
});
