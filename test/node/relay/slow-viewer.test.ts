// Viewers that stop reading: the relay holds nothing for them, tells them what they missed, and the others notice nothing.

import assert from 'node:assert/strict';
import test from 'node:test';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import { until } from '../../support/until.ts';
import { faultOfOrder, overWebSocket, publisher, signerOf, testRelay, viewer } from './fixtures.ts';

/** No more than this may be on the way to one viewer (4 MiB), and the write that reached it. */
const MAX_ON_THE_WAY = 4.5 * 1024 * 1024;
const GROUPS = 60;
const CHUNKS = 25;
const SIZE = 16_000;

test('WebSockets that are not read for 24 MB: a bounded part is sent, then `skipped`, then the newest group', async () => {
  const relay = await testRelay({ limits: { publishMegabitsPerSecond: 2_000 } });
  const source = await publisher(relay, 'a', await signerOf(1));
  const first = source.next;
  const reader = viewer(relay, 'a');
  const stalled = await Promise.all([overWebSocket(relay), overWebSocket(relay)]);
  for (const { party } of stalled) party.send(wire.subscribe, { version: WIRE_VERSION, channel: 'a' });
  const start = await source.group(1);
  for (const party of [reader, ...stalled.map(({ party }) => party)]) await party.getsChunk(start);
  for (const { socket } of stalled) socket.pause();

  for (let i = 0; i < GROUPS; i++) await reader.getsChunk(await source.group(CHUNKS, SIZE));
  const edge = source.next - 1;
  assert.deepEqual(
    reader.sequences,
    Array.from({ length: edge - first + 1 }, (_, i) => first + i),
    'the reader got everything',
  );
  assert.deepEqual(reader.all(wire.skipped), []);
  const { bytesIn, bytesOut } = relay.stats().channels.a!;
  const toStalled = (bytesOut - bytesIn) / stalled.length;
  assert.ok(bytesIn > GROUPS * CHUNKS * SIZE);
  assert.ok(toStalled < MAX_ON_THE_WAY, `${toStalled} bytes were handed to each of those that don't read`);

  for (const { socket, party } of stalled) {
    socket.resume();
    await party.gets(wire.skipped);
    await party.getsChunk(edge);
    const last = await source.group(2);
    await party.getsChunk(last);
    assert.equal(faultOfOrder(party), undefined);
    const got = new Set(party.sequences);
    const skips = party.all(wire.skipped);
    for (const { to } of skips) assert.equal((to - first - 1) % CHUNKS, 0, `${to} starts a group`);
    for (let sequence = start; sequence <= last; sequence++) {
      const skipped = skips.some(({ from, to }) => sequence >= from && sequence < to);
      assert.equal(got.has(sequence), !skipped, `chunk ${sequence}`);
    }
  }
  await until(() => relay.stats().channels.a?.viewers === 3, 'all are still there');
});
