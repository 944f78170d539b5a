// What a page's publisher does beyond an ingester's (which test/node/ingest/publisher.test.ts is about).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encodeInit, initId } from '../../../../core/init-document.ts';
import { CloseCode } from '../../../../core/link.ts';
import { Publisher, type PublisherOptions } from '../../../../core/publish/publisher.ts';
import { createSigner, signChunk } from '../../../../core/signature.ts';
import { steadyClock } from '../../../../ingest/clock.ts';
import { until } from '../../../support/until.ts';
import { FakeRelay, PUBLISH_KEY } from '../../ingest/fake-relay.ts';
import { TestLog } from '../../ingest/fixtures.ts';

const signer = await createSigner(new Uint8Array(32).fill(5), crypto.subtle);
const document = encodeInit({ container: 'flv', timestampOffset: 0, bytes: Uint8Array.of(1) });
const running = new Set<Publisher>();
after(() => Promise.all([...running].map(one => one.stop({ unpublish: false }))));

function publisherTo(relay: FakeRelay, options: Partial<PublisherOptions> = {}) {
  const publisher = new Publisher({
    channel: 'cam',
    connect: relay.connect,
    publishKey: PUBLISH_KEY,
    signer,
    clock: steadyClock,
    log: new TestLog(),
    random: Math.random,
    published: () => {},
    ...options,
  });
  running.add(publisher);
  publisher.init(document);
  const chunk = async (sequence: number, group: number) => {
    const header = {
      ...{ track: 0, sequence, group, epoch: 1, discontinuity: false, end: false, duration: 3_600, entry: 0 },
      ...{ timestamp: sequence * 3_600, initId: initId(document), capturedAt: 0 },
    };
    publisher.chunk(await signChunk('cam', header, new Uint8Array(50), signer));
  };
  return { publisher, chunk };
}

const sequences = (relay: FakeRelay) => relay.chunks.map(({ header }) => header.sequence);

test('wake: no waiting for the next try', async () => {
  const relay = new FakeRelay();
  relay.unreachable = true;
  const log = new TestLog();
  const { publisher, chunk } = publisherTo(relay, { log, backoff: { firstMs: 600_000, capMs: 600_000 } });
  await until(() => log.has(/trying again/), 'it waits');
  relay.unreachable = false;
  publisher.wake();
  await until(() => relay.sessions === 1, 'it is connected');
  await chunk(1, 1);
  await until(() => relay.chunks.length === 1, 'the chunk comes');
  relay.link!.close(CloseCode.failed, 'gone'); // there is a session
  await until(() => log.lines.filter(({ message }) => message.includes('trying again')).length === 2, 'it waits again');
  publisher.wake();
  await until(() => relay.sessions === 2, 'it is connected again');
});

test('stopping while it waits ends it at once', async () => {
  const relay = new FakeRelay();
  relay.unreachable = true;
  const log = new TestLog();
  const { publisher } = publisherTo(relay, { log, backoff: { firstMs: 600_000, capMs: 600_000 } });
  await until(() => log.has(/trying again/), 'it waits');
  await publisher.stop({ unpublish: true });
  assert.deepEqual(await publisher.ended, { code: 'stopped' });
});

test('what waits is measured, and can be given up', async () => {
  const relay = new FakeRelay();
  let isFull = false;
  const connect = async () => {
    const link = await relay.connect();
    const { writable } = link;
    link.writable = lane => !isFull && writable.call(link, lane);
    return link;
  };
  const { publisher, chunk } = publisherTo(relay, { connect });
  await until(() => relay.sessions === 1, 'it is connected');
  await chunk(1, 1);
  await until(() => relay.chunks.length === 1, 'the chunk comes');
  isFull = true;
  for (let sequence = 2; sequence <= 27; sequence++) await chunk(sequence, 1);
  assert.equal(publisher.waitingMs, 1_000);
  publisher.dropWaiting();
  assert.equal(publisher.waitingMs, 0);
  await chunk(28, 1);
  isFull = false;
  await chunk(29, 29);
  await until(() => relay.chunks.length === 2, 'the next group comes');
  assert.deepEqual(sequences(relay), [1, 29]);
  assert.equal(publisher.stats.dropped, 27);
  assert.deepEqual(relay.faults, []);
});

test('the relay’s clock is known well when the first chunk is timed: the fastest of several answers counts', async () => {
  const relay = new FakeRelay();
  relay.clockAhead = 5_000;
  const { publisher } = publisherTo(relay);
  await until(() => relay.sessions === 1 && publisher.stats.connected, 'it is connected');
  const now = steadyClock.now();
  assert.ok(Math.abs(publisher.relayClock.at(now) - now - 5_000) < 20);
  assert.ok(publisher.roundTrips.latestMs !== undefined);
  assert.equal(publisher.transport, 'memory');
});
