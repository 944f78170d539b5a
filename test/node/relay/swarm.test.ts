// The swarm as viewers see it on their links: plans, signals, stripes, single chunks, and what hostile ones can't do.

import assert from 'node:assert/strict';
import test from 'node:test';
import { toHex } from '../../../core/bytes.ts';
import { CloseCode } from '../../../core/link.ts';
import { type PeerId, peerIdOf, RELAY } from '../../../core/peer-id.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import * as wire from '../../../core/wire/index.ts';
import type { Plan } from '../../../core/wire/plan.ts';
import type { Relay } from '../../../relay/relay.ts';
import { until } from '../../support/until.ts';
import { overWebSocket, Party, publisher, signerOf, testRelay, viewer } from './fixtures.ts';
import { show } from './show.ts';
import { joining, QUIET, secretOf } from './swarm/swarm-stage.ts';

const relay = await testRelay();
const alice = await signerOf(1);
const idOf = (number: number): PeerId => peerIdOf(secretOf(number));

/** Viewers with these numbers, each in the swarm before the next one comes. */
async function members(channel: string, numbers: readonly number[], on: Relay = relay): Promise<Party[]> {
  const parties: Party[] = [];
  for (const number of numbers) {
    const party = viewer(on, channel);
    party.send(wire.joinSwarm, joining(number));
    await party.gets(wire.plan);
    parties.push(party);
  }
  return parties;
}

const swarmOf = (channel: string, on: Relay = relay) => on.stats().channels[channel]?.swarm;
const offer = (peer: PeerId) => ({ peer, attempt: 7, kind: 'offer', text: 'v=0' }) as const;

test('two viewers are introduced and talk to each other; whom a viewer claims to be is not asked', async () => {
  const { channel } = await show(relay);
  const [first, second] = (await members(channel, [1, 2])) as [Party, Party];
  await until(
    () =>
      [first, second].some(party =>
        party
          .all(wire.plan)
          .at(-1)!
          .parents.some(p => p !== RELAY),
      ),
    'peers',
  );
  first.send(wire.signal, offer(idOf(2)));
  assert.deepEqual(await second.gets(wire.signal), offer(idOf(1)));
  second.send(wire.signal, { ...offer(idOf(1)), kind: 'answer' });
  assert.equal((await first.gets(wire.signal)).peer, idOf(2));
  const outsider = viewer(relay, channel);
  outsider.send(wire.signal, offer(idOf(1)));
  outsider.send(wire.complaint, { peer: idOf(1), grievance: 'corrupt', stripes: 0 });
  outsider.send(wire.ping, { sentAt: 1 });
  await outsider.gets(wire.pong);
  assert.equal(first.all(wire.signal).length, 1);
  assert.equal(swarmOf(channel)?.viewers, 2);
});

test('nobody is told a secret, an address, or who watches', async () => {
  const { channel } = await show(relay);
  const parties = await members(channel, [11, 12, 13]);
  for (const party of parties) party.send(wire.swarmReport, { ...QUIET, fromPeers: 1_000, fromRelay: 1_000 });
  await until(() => swarmOf(channel)?.offload.total === 0.5, 'the reports are counted');
  const text = await (await fetch(`${relay.url}/channels/${channel}/stats`)).text();
  const all = parties.flatMap(({ messages }) => messages.map(({ body }) => toHex(body))).join(' ');
  for (const number of [11, 12, 13]) {
    assert.ok(!all.includes(toHex(secretOf(number))));
    assert.ok(!text.includes(String(idOf(number))));
  }
  const stats = JSON.parse(text);
  assert.equal(stats.swarm.viewers, 3);
  assert.equal(stats.swarm.stripes, 4);
  assert.deepEqual(stats.swarm.offload, { recent: 0.5, total: 0.5 });
  assert.ok(!/\d+\.\d+\.\d+\.\d+|::/.test(text), text);
});

test('a viewer is no source; a publisher is, once it has proven its key', async () => {
  const { channel, source } = await show(relay);
  const liar = viewer(relay, channel);
  liar.send(wire.joinSwarm, joining(21, { role: 'source' }));
  assert.match((await liar.ends()).reason, /a viewer joined the swarm as source/);
  const early = new Party(relay.connect());
  early.send(wire.publish, { version: WIRE_VERSION, channel: 'swarm/early', publicKey: alice.publicKey });
  early.send(wire.joinSwarm, joining(22, { role: 'source' }));
  await early.gets(wire.challenge);
  early.send(wire.ping, { sentAt: 1 });
  await early.gets(wire.pong);
  assert.equal(early.all(wire.plan).length, 0);
  source.party.send(wire.joinSwarm, joining(23, { role: 'source' }));
  await source.party.gets(wire.plan);
  assert.equal(swarmOf(channel)?.viewers, 0, 'the source is none');
  await source.group(2);
  source.party.send(wire.joinSwarm, joining(23));
  assert.match((await source.party.ends()).reason, /a source joined the swarm as viewer/);
  assert.equal(swarmOf(channel)?.viewers, 0);
});

test('a viewer whose link breaks is dropped by the others; one that leaves the swarm goes on watching', async () => {
  const { channel, source } = await show(relay);
  const { party, socket } = await overWebSocket(relay);
  party.send(wire.subscribe, { version: WIRE_VERSION, channel });
  party.send(wire.joinSwarm, joining(31));
  await party.gets(wire.plan);
  const [second, third] = (await members(channel, [32, 33])) as [Party, Party];
  socket.terminate();
  assert.deepEqual(await second.gets(wire.dropPeer), { peer: idOf(31), cause: 'left' });
  third.send(wire.leaveSwarm, {});
  await until(() => swarmOf(channel)?.viewers === 1, 'two are gone');
  await third.getsChunk(await source.group(2));
  assert.equal(relay.stats().channels[channel]?.viewers, 2);
});

test('a viewer that hangs counts as gone within 2 s of a complaint, and is back when it goes on', async () => {
  const { channel } = await show(relay);
  const { party: hung, socket } = await overWebSocket(relay);
  hung.send(wire.subscribe, { version: WIRE_VERSION, channel });
  hung.send(wire.joinSwarm, joining(35));
  await hung.gets(wire.plan);
  const [other] = (await members(channel, [36])) as [Party];
  socket.pause();
  const complainedAt = performance.now();
  other.send(wire.complaint, { peer: idOf(35), grievance: 'lost', stripes: 0 });
  assert.deepEqual(await other.gets(wire.dropPeer), { peer: idOf(35), cause: 'left' });
  assert.ok(performance.now() - complainedAt < 4_000);
  assert.equal(relay.stats().channels[channel]?.viewers, 2, 'its link is not given up');
  const plans = hung.all(wire.plan).length;
  socket.resume();
  await hung.gets(wire.plan, plans + 1);
  await until(
    () => other.all(wire.plan).at(-1)!.parents.includes(idOf(35)) || swarmOf(channel)!.depth.max > 1,
    'both are in it again', // plans are looked over every few seconds
    30_000,
  );
  assert.equal(hung.end, undefined);
});

test('stripes that there are not end only the link of who asks for them', async () => {
  const { channel, source } = await show(relay);
  const good = viewer(relay, channel);
  for (const bad of [
    Uint8Array.of(wire.pushStripes.type, 4, 0, 4, 0x1f, 0),
    Uint8Array.of(wire.pushStripes.type, 4, 0, 17, 1, 0),
    Uint8Array.of(wire.pushStripes.type, 4, 0, 0, 0, 0),
    Uint8Array.of(wire.joinSwarm.type, 2, 1, 9),
    Uint8Array.of(wire.signal.type, 5, 1, 1, 9, 1, 65),
  ]) {
    const party = viewer(relay, channel);
    party.link.send(bad);
    assert.equal((await party.ends()).code, CloseCode.protocolViolation);
  }
  const odd = viewer(relay, channel);
  odd.send(wire.joinSwarm, joining(41));
  odd.send(wire.served, { stripe: 2 ** 40, parent: 2 ** 50 });
  odd.send(wire.complaint, { peer: 2 ** 50, grievance: 'slow', stripes: 2 ** 52 });
  odd.send(wire.joinSwarm, joining(41, { neighbours: [{ peer: 3, stripes: 2 ** 52 }], uploadKbps: 2 ** 52 }));
  odd.send(wire.pushStripes, { track: 3, count: 16, stripes: 1, from: 2 ** 52 });
  odd.send(wire.want, { track: 0, base: 2 ** 52, bits: new Uint8Array(64).fill(255) });
  await odd.gets(wire.plan);
  await good.getsChunk(await source.group(2));
  assert.equal(odd.end, undefined);
  assert.equal(good.end, undefined);
});

test('ten thousand signals are not passed on, and the others play on', async () => {
  const { channel, source } = await show(relay);
  const [loud, victim] = (await members(channel, [51, 52])) as [Party, Party];
  for (let i = 0; i < 10_000; i++) loud.send(wire.signal, { ...offer(idOf(52)), attempt: i });
  for (let i = 0; i < 10_000; i++) loud.send(wire.complaint, { peer: idOf(52), grievance: 'slow', stripes: 1 });
  await victim.getsChunk(await source.group(2));
  loud.send(wire.ping, { sentAt: 9 });
  await loud.gets(wire.pong);
  const passed = victim.all(wire.signal).length;
  assert.ok(passed >= 100 && passed <= 300, `${passed} passed on`);
  assert.equal(loud.end, undefined);
  const large = { ...offer(idOf(52)), kind: 'candidate', text: 'x'.repeat(16_000) } as const;
  victim.send(wire.signal, { ...large, peer: idOf(51) });
  await loud.gets(wire.signal);
  for (let i = 0; i < 100; i++) victim.send(wire.signal, { ...large, peer: idOf(51) });
  victim.send(wire.ping, { sentAt: 9 });
  await victim.gets(wire.pong);
  assert.ok(loud.all(wire.signal).length <= 25, `${loud.all(wire.signal).length} large ones passed on`);
});

test('after a restart of the relay viewers stay with whom they were connected', async () => {
  const before = await testRelay();
  const { channel } = await show(before);
  const [first, second] = (await members(channel, [61, 62], before)) as [Party, Party];
  const plans = () => [first, second].map(party => party.all(wire.plan).at(-1)!.parents);
  await until(
    () =>
      plans()
        .flat()
        .filter(parent => parent !== RELAY).length === 4,
    'each stripe passes between them',
  );
  const [ofFirst, ofSecond] = plans() as [PeerId[], PeerId[]];
  const stripesFrom = (parents: PeerId[], peer: PeerId) =>
    parents.reduce((mask, parent, stripe) => mask | (parent === peer ? 1 << stripe : 0), 0);
  await before.close();

  const later = await testRelay();
  const source = await publisher(later, channel, alice);
  await source.group(2);
  const again = [61, 62].map(number => ({ number, party: viewer(later, channel) }));
  for (const { number, party } of again) {
    const other = number === 61 ? 62 : 61;
    const stripes = stripesFrom(number === 61 ? ofFirst : ofSecond, idOf(other));
    party.send(wire.joinSwarm, joining(number, { neighbours: [{ peer: idOf(other), stripes }] }));
    await party.gets(wire.plan);
  }
  const now = () => again.map(({ party }) => party.all(wire.plan).at(-1)!.parents);
  await until(
    () => JSON.stringify(now()) === JSON.stringify([ofFirst, ofSecond]),
    () => JSON.stringify(now()),
  );
});

test('with the swarm switched off nobody is introduced, and the document says so', async () => {
  const quiet = await testRelay({ swarm: { enabled: false, iceTransportPolicy: 'relay' } });
  const { channel } = await show(quiet);
  const [first, second] = (await members(channel, [71, 72], quiet)) as [Party, Party];
  for (const party of [first, second]) {
    assert.deepEqual(party.all(wire.plan), [{ parents: [RELAY, RELAY, RELAY, RELAY], spares: [] }]);
  }
  const { swarm } = await (await fetch(`${quiet.url}/channels/${channel}`)).json();
  assert.deepEqual(swarm, { enabled: false, stripes: 4, minViewers: 0, iceTransportPolicy: 'relay' });
});

test('a swarm that is switched off while it runs introduces nobody new', async () => {
  const relay = await testRelay();
  const { channel } = await show(relay);
  await members(channel, [75, 76], relay);
  relay.configure({ swarm: { enabled: false }, logLevel: 'silent' });
  const [late] = (await members(channel, [77], relay)) as [Party];
  assert.deepEqual(late.all(wire.plan), [{ parents: [RELAY, RELAY, RELAY, RELAY], spares: [] }]);
  relay.configure({ logLevel: 'silent' });
  const [later] = (await members(channel, [78], relay)) as [Party];
  const isIntroduced = ({ parents, spares }: Plan) => spares.length > 0 || parents.some(one => one !== RELAY);
  await until(() => later.all(wire.plan).some(isIntroduced), 'switched on again it introduces');
});
