// The real relay on Node: what viewers get while a publisher comes, goes and changes.

import assert from 'node:assert/strict';
import test from 'node:test';
import { toBase64Url } from '../../../core/bytes.ts';
import { initId } from '../../../core/init-document.ts';
import { CloseCode } from '../../../core/link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import { freePort } from '../../support/free-port.ts';
import { until } from '../../support/until.ts';
import {
  faultOfOrder,
  initDocument,
  overWebSocket,
  type Party,
  prove,
  publisher,
  signerOf,
  testRelay,
  viewer,
} from './fixtures.ts';

const relay = await testRelay();
const alice = await signerOf(1);
const bob = await signerOf(2);

const states = (party: Party) => party.all(wire.channelState).map(({ state }) => state);

for (const transport of ['memory', 'websocket'] as const) {
  test(`${transport}: the state first, the init before the chunks, from the newest group`, async () => {
    const channel = `join/${transport}`;
    const source = await publisher(relay, channel, alice);
    const witness = viewer(relay, channel);
    await source.group(3);
    const start = source.next;
    const edge = await source.group(2);
    await witness.getsChunk(edge);
    witness.link.close(0, 'the relay has all five');

    const party = transport === 'memory' ? viewer(relay, channel) : (await overWebSocket(relay)).party;
    if (transport === 'websocket') party.send(wire.subscribe, { version: WIRE_VERSION, channel });
    await party.getsChunk(edge);
    const first = party.messages.find(({ type }) => type !== wire.ping.type);
    assert.equal(first?.type, wire.channelState.type);
    const { state, publicKey } = party.all(wire.channelState)[0]!;
    assert.equal(state, 'live');
    assert.deepEqual(publicKey, alice.publicKey);
    assert.deepEqual(party.sequences, [start, edge]);

    const next = await source.group(2);
    await party.getsChunk(next);
    source.init(2);
    const last = await source.group(1);
    await party.getsChunk(last);
    assert.equal(faultOfOrder(party), undefined);
    assert.deepEqual(party.sequences, [start, edge, next - 1, next, last]);
    assert.deepEqual(
      party.all(wire.init).map(({ document }) => initId(document)),
      [1, 2].map(number => initId(initDocument(number))),
    );
    const { transports, bytesIn, bytesOut } = relay.stats().channels[channel]!;
    assert.deepEqual(transports, { [transport]: 1 });
    assert.ok(bytesIn > 8 * 100 && bytesOut > 10 * 100, `${bytesIn} in, ${bytesOut} out`);
    party.link.close(0, 'enough');
    await until(() => relay.stats().channels[channel]?.viewers === 0, 'the viewer is gone from the figures');
  });
}

test('the bytes arrive as the publisher made them', async () => {
  const source = await publisher(relay, 'bytes', alice);
  const party = viewer(relay, 'bytes');
  const chunk = await source.make({ group: true, size: 16_000 });
  source.party.send(wire.chunk, chunk);
  await party.getsChunk(chunk.header.sequence);
  assert.deepEqual(party.all(wire.chunk)[0]?.bytes, chunk.bytes);
});

test('a beacon tells the live edge', async () => {
  const source = await publisher(relay, 'beacon', alice);
  const party = viewer(relay, 'beacon');
  const edge = await source.group(3);
  // One may be sent between two chunks.
  const ofEdge = () => party.all(wire.beacon).find(told => told.edge === edge);
  await until(() => ofEdge() !== undefined, 'a beacon tells of the last chunk');
  const { track, group, clock } = ofEdge()!; // until() returned
  assert.deepEqual({ track, group }, { track: 0, group: edge - 2 });
  assert.ok(Math.abs(clock - Date.now()) < 5_000);
  await party.gets(wire.beacon, party.all(wire.beacon).length + 1);
});

test('a viewer before the publisher waits, then gets everything', async () => {
  const party = viewer(relay, 'early');
  await party.gets(wire.channelState);
  const source = await publisher(relay, 'early', alice);
  const first = source.next;
  await party.getsChunk(await source.group(3));
  assert.deepEqual(states(party), ['waiting', 'live']);
  assert.deepEqual(party.sequences, [first, first + 1, first + 2]);
});

test('a publisher that is lost: waiting; back: live, and the sequence goes on', async () => {
  const source = await publisher(relay, 'lost', alice);
  const party = viewer(relay, 'lost');
  const edge = await source.group(3);
  source.party.link.close(CloseCode.failed, 'a tunnel');
  await until(() => states(party).at(-1) === 'waiting', 'the viewer is told to wait');
  assert.deepEqual(party.sequences.at(-1), edge, 'what came last goes out before the news');
  const back = await publisher(relay, 'lost', alice);
  assert.equal(back.next, edge + 1);
  await party.getsChunk(await back.group(2));
  assert.deepEqual(states(party), ['live', 'waiting', 'live']);
  assert.deepEqual(party.all(wire.skipped), []);
  assert.equal(faultOfOrder(party), undefined);
});

for (const closesAtOnce of [false, true]) {
  test(`unpublish ends the broadcast${closesAtOnce ? ', when the publisher closes right behind it too' : ''}`, async () => {
    const channel = `end/${closesAtOnce}`;
    const source = await publisher(relay, channel, alice);
    const party = viewer(relay, channel);
    await party.gets(wire.channelState);
    const edge = await source.group(3);
    source.party.send(wire.unpublish, {});
    if (closesAtOnce) source.party.link.close(CloseCode.done, 'bye');
    await until(() => states(party).at(-1) === 'ended', 'the viewer is told the end');
    assert.equal(party.sequences.at(-1), edge);
    const last = party.messages.filter(({ type }) => type !== wire.ping.type).at(-1);
    assert.equal(last?.type, wire.channelState.type, 'the end comes last');
    assert.equal((await (await fetch(`${relay.url}/channels/${channel}`)).json()).state, 'ended');
    assert.deepEqual(states(party), ['live', 'ended'], 'never waiting');
  });
}

test('another key, once nobody publishes: the windows are new, viewers join anew', async () => {
  const source = await publisher(relay, 'handed-on', alice);
  const party = viewer(relay, 'handed-on');
  await source.group(3);
  source.party.link.close(0, 'done');
  await until(() => states(party).at(-1) === 'waiting', 'the viewer is told to wait');
  const other = await publisher(relay, 'handed-on', bob);
  assert.equal(other.next, 1_000, 'nothing is held of the key before');
  const first = other.next;
  await other.group(2);
  await until(() => party.sequences.slice(3).length === 2, 'the new chunks come');
  assert.deepEqual(party.sequences.slice(3), [first, first + 1]);
  assert.deepEqual(party.all(wire.channelState).at(-1)?.publicKey, bob.publicKey);
});

test('the same key takes over: the older session is replaced, viewers play on', async () => {
  const older = await publisher(relay, 'take-over', alice);
  const party = viewer(relay, 'take-over');
  const edge = await older.group(2);
  await party.getsChunk(edge);
  const newer = await publisher(relay, 'take-over', alice);
  const { code } = await older.party.gets(wire.refused);
  assert.equal(code, 'replaced');
  assert.equal((await older.party.ends()).code, CloseCode.refused);
  older.party.send(wire.chunk, await older.make());
  await party.getsChunk(await newer.group(2));
  assert.equal(faultOfOrder(party), undefined);
  assert.equal(states(party).at(-1), 'live');
});

test('another key while one is live is refused; the first plays on', async () => {
  const source = await publisher(relay, 'taken', alice);
  const party = viewer(relay, 'taken');
  const other = await overWebSocket(relay);
  await prove(other.party, 'taken', bob);
  assert.equal((await other.party.gets(wire.refused)).code, 'taken');
  assert.equal((await other.party.ends()).code, CloseCode.refused);
  await party.getsChunk(await source.group(2));
  assert.deepEqual(states(party), ['live']);
});

test('the document follows the channel', async () => {
  const read = async () => (await fetch(`${relay.url}/channels/document`)).json();
  assert.equal((await read()).state, 'waiting');
  const source = await publisher(relay, 'document', alice);
  await source.group(1);
  await until(async () => (await read()).tracks.length === 1, 'the track is there');
  const { state, publicKey, transports } = await read();
  assert.equal(state, 'live');
  assert.equal(publicKey, toBase64Url(alice.publicKey));
  assert.deepEqual(transports, { webtransport: [], websocket: [`ws://127.0.0.1:${relay.port}/p2p-live`] });
});

test('close: everybody is told, then the links end, and the port is free', async () => {
  const leaving = await testRelay({ port: await freePort() }); // nobody takes it meanwhile
  const source = await publisher(leaving, 'a', alice);
  const inMemory = viewer(leaving, 'a');
  const { party } = await overWebSocket(leaving);
  party.send(wire.subscribe, { version: WIRE_VERSION, channel: 'a' });
  await party.getsChunk(await source.group(1));
  const started = performance.now();
  await Promise.all([leaving.close(), leaving.close()]);
  assert.ok(performance.now() - started < 2_000);
  for (const one of [source.party, inMemory, party]) {
    const { retryAfterMs } = await one.gets(wire.goaway);
    assert.ok(retryAfterMs >= 500 && retryAfterMs < 503, `${retryAfterMs} ms: a millisecond for each of the three`);
    assert.equal((await one.ends()).code, CloseCode.goingAway);
  }
  await assert.rejects(fetch(`${leaving.url}/health`));
  const again = await testRelay({ port: leaving.port });
  assert.equal(again.port, leaving.port);
});
