// The source as a peer: a viewer takes stripes from it over real WebRTC, also while the relay is away.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type PeerId, peerIdOf, RELAY } from '../../../../core/peer-id.ts';
import { encodeMessage } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import type { Ingest } from '../../../../ingest/ingest.ts';
import { type Relay, startRelay } from '../../../../relay/relay.ts';
import { Program } from '../../../support/program.ts';
import { type Party, PUBLISH_KEY, viewer } from '../../relay/fixtures.ts';
import { folder, ingestTo, recording, until } from '../fixtures.ts';
import { WeriftViewer } from './werift-viewer.ts';

const CHANNEL = 'test/one';
const STRIPES = 2;

/** A relay that can be killed and started again, and a source that feeds it. */
class Stage {
  relay: Relay | undefined;
  readonly ingest: Ingest;
  readonly log;
  readonly #viewers: WeriftViewer[] = [];

  constructor(options: Partial<Parameters<typeof ingestTo>[1]> = {}) {
    const { ingest, log } = ingestTo(undefined, {
      source: recording('source-peer.m2ts', 4),
      mode: 'paced',
      loop: true,
      publishKey: PUBLISH_KEY,
      connect: async () => {
        if (!this.relay) throw new Error('the relay is away');
        return this.relay.connect();
      },
      ...options,
    });
    this.ingest = ingest;
    this.log = log;
    after(() => this.close());
  }

  async start(): Promise<Relay> {
    this.relay = await startRelay({
      ...{ host: '127.0.0.1', port: 0, logLevel: 'silent', publishKeys: [PUBLISH_KEY] },
      ...{ webTransport: { enabled: false }, swarm: { stripes: STRIPES } },
    });
    return this.relay;
  }

  async kill(): Promise<void> {
    const { relay } = this;
    this.relay = undefined;
    await relay?.close();
  }

  async close(): Promise<void> {
    for (const one of this.#viewers) await one.close();
    await this.ingest.stop();
    await this.relay?.close();
  }

  /** A viewer in the swarm, which the relay has introduced to the source. */
  async viewer(relay: Relay, number: number, channel = CHANNEL): Promise<{ party: Party; source: PeerId }> {
    const party = viewer(relay, channel);
    await party.gets(wire.chunk);
    const secret = new Uint8Array(16).fill(number);
    party.send(wire.joinSwarm, { secret, role: 'viewer', uploadKbps: 0, neighbours: [] });
    const source = await until('the source is a spare', () => party.all(wire.plan).at(-1)?.spares.at(-1));
    assert.notEqual(source, peerIdOf(secret));
    return { party, source };
  }

  connect(party: Party, source: PeerId, options: { attempt?: number; hidesAddress?: boolean } = {}): WeriftViewer {
    const made = new WeriftViewer(source, signal => party.send(wire.signal, signal), options);
    this.#viewers.push(made);
    let taken = 0;
    const receive = party.link.receive;
    party.link.receive = (type, body) => {
      receive(type, body);
      const signals = party.all(wire.signal);
      for (; taken < signals.length; taken++) made.take(signals[taken]!);
    };
    for (; taken < party.all(wire.signal).length; taken++) made.take(party.all(wire.signal)[taken]!);
    return made;
  }
}

test('a viewer adopts a stripe; the relay is killed: chunks go on; it comes back: the source joins again', async () => {
  const stage = new Stage();
  const relay = await stage.start();
  const { party, source } = await stage.viewer(relay, 1);
  assert.notEqual(source, RELAY);
  const peer = stage.connect(party, source);
  await peer.link;
  await until('the source tells what it holds', () => peer.haves > 3);
  await peer.adopt(1, STRIPES, party.sequences.at(-1));
  await until('chunks come', () => peer.arrivals.length > 10);
  assert.deepEqual(peer.adopted, [0]);
  assert.equal(peer.inits, 1);
  assert.ok(peer.sequences().every(sequence => sequence % STRIPES === 1));
  assert.deepEqual(stage.ingest.stats.peers.viewers, 1);
  assert.equal(stage.ingest.stats.peers.children, 1);

  await stage.kill();
  const from = peer.sequences().at(-1)!; // more than 10 have come
  await peer.adopt(0, STRIPES, from);
  await until('the source has noticed', () => stage.log.has(/trying again/));
  const before = peer.arrivals.length;
  await until('chunks of both stripes go on', () => peer.arrivals.length > before + 60);
  const to = Math.max(...peer.sequences());
  await until('nothing is missing', () => gaps(peer.sequences(), from, to).length === 0);
  const next = await stage.start();
  await until('the source is back', () => stage.ingest.stats.sessions === 2);
  const again = await stage.viewer(next, 2);
  assert.equal(again.source, source, 'the same source as before');
  const second = stage.connect(again.party, again.source);
  await second.adopt(0, STRIPES);
  await until('the new viewer is fed as well', () => second.arrivals.length > 5);
  assert.equal(stage.ingest.stats.peers.viewers, 2);
});

test('a viewer that hides its addresses is reached all the same', async () => {
  const stage = new Stage();
  const { party, source } = await stage.viewer(await stage.start(), 1);
  const peer = stage.connect(party, source, { hidesAddress: true });
  await peer.adopt(1, STRIPES);
  await until('chunks come', () => peer.arrivals.length > 3);
});

test('what a viewer does amiss costs its own connection only', async () => {
  const stage = new Stage();
  const relay = await stage.start();
  const good = await stage.viewer(relay, 1);
  const bad = await stage.viewer(relay, 2);
  const honest = stage.connect(good.party, good.source);
  const hostile = stage.connect(bad.party, bad.source);
  await honest.adopt(1, STRIPES);
  await hostile.adopt(99, STRIPES);
  const closed = await (await hostile.link).closed;
  assert.notEqual(closed.reason, '');
  await until('it is gone', () => stage.ingest.stats.peers.viewers === 1);
  const third = await stage.viewer(relay, 3);
  const nonsense = (text: string, kind: 'offer' | 'candidate', attempt: number) =>
    third.party.send(wire.signal, { peer: third.source, attempt, kind, text });
  nonsense('v=0\r\nm=audio 9 RTP/AVP 0\r\n', 'offer', 1);
  const bye = await third.party.gets(wire.signal);
  assert.equal(bye.kind, 'bye');
  assert.match(bye.text, /media sections/);
  nonsense('{"candidate":"candidate:1 1 udp 1 evil.local 9 typ host"}', 'candidate', 1);
  const seen = honest.arrivals.length;
  await until('the honest one is fed', () => honest.arrivals.length > seen + 10);
});

test("what werift itself stumbles over doesn't end the ingester", async () => {
  const stage = new Stage({ peers: false });
  const relay = await stage.start();
  const args = ['--import', 'tsx', 'ingest/main.ts', recording('source-peer.m2ts', 4), '--paced', '--loop'];
  const flags = ['--relay', relay.url, '--name', 'test/program', '--key', PUBLISH_KEY, '--state', folder];
  const program = new Program(process.execPath, [...args, ...flags]);
  after(() => program.stop());
  await program.says(/published/, 20_000);
  const { party, source } = await stage.viewer(relay, 1, 'test/program');
  const hostile = stage.connect(party, source);
  await hostile.sendNonsense();
  await hostile.adopt(1, STRIPES);
  await until('it goes on', () => hostile.arrivals.length > 10);
  assert.equal(program.child.exitCode, null);
});

test('more viewers than allowed are told so', async () => {
  const stage = new Stage({ peers: { maxConnections: 1 } });
  const relay = await stage.start();
  const one = await stage.viewer(relay, 1);
  const two = await stage.viewer(relay, 2);
  await stage.connect(one.party, one.source).link;
  const refused = stage.connect(two.party, two.source);
  assert.match(await until('a word', () => refused.bye), /no more than 1 viewers/);
});

test('without WebRTC, or without peers, the source publishes as ever', async () => {
  const off = new Stage({ peers: false });
  const relay = await off.start();
  const party = viewer(relay, CHANNEL);
  await party.gets(wire.chunk);
  party.send(wire.joinSwarm, { secret: new Uint8Array(16).fill(1), role: 'viewer', uploadKbps: 0, neighbours: [] });
  assert.deepEqual((await party.gets(wire.plan)).spares, []);
  party.link.send(encodeMessage(wire.leaveSwarm, {}));
});

/** Sequences in a range that are not there. */
function gaps(sequences: readonly number[], from: number, to: number): number[] {
  const held = new Set(sequences);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(sequence => !held.has(sequence));
}
