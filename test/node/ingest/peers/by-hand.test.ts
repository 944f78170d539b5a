// A source peer without a relay: signals are passed by hand.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Bytes } from '../../../../core/bytes.ts';
import { initId } from '../../../../core/init-document.ts';
import { RELAY } from '../../../../core/peer-id.ts';
import { decodeBody, encodeMessage, MessageReader } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import type { JoinSwarm } from '../../../../core/wire/join-swarm.ts';
import type { Signal } from '../../../../core/wire/signal.ts';
import { steadyClock } from '../../../../ingest/clock.ts';
import { DEFAULT_TERMS, isUsable, readPeerTerms } from '../../../../ingest/peers/peer-terms.ts';
import { SourcePeer, type SourcePeerOptions } from '../../../../ingest/peers/source-peer.ts';
import { initDocument, unsignedChunk } from '../../relay/fixtures.ts';
import { TestLog, until } from '../fixtures.ts';
import { WeriftViewer } from './werift-viewer.ts';

/** A source whose relay is this test. */
class Hand {
  readonly log = new TestLog();
  readonly source: SourcePeer;
  readonly joins: JoinSwarm[] = [];
  readonly #viewers = new Map<number, WeriftViewer>();
  #sequence = 1_000;
  readonly #document = initDocument(1);

  constructor(options: Partial<SourcePeerOptions> = {}) {
    this.source = new SourcePeer({
      ...{ clock: steadyClock, log: this.log, toRelay: at => at, terms: () => DEFAULT_TERMS },
      ...options,
    });
    this.source.init(this.#document);
    this.up();
    after(async () => {
      this.source.close();
      for (const viewer of this.#viewers.values()) await viewer.close();
    });
  }

  up(): void {
    this.source.relayUp(message => {
      const reader = new MessageReader((type, body) => {
        if (type === wire.joinSwarm.type) this.joins.push(decodeBody(wire.joinSwarm, body));
        if (type !== wire.signal.type) return;
        const signal = decodeBody(wire.signal, body);
        this.#viewers.get(signal.peer)?.take(signal);
      });
      reader.push(message);
      reader.end();
    });
  }

  async planned(stripes: number): Promise<void> {
    await until('the source joins', () => this.joins.length > 0);
    const body = { parents: new Array(stripes).fill(RELAY), spares: [] };
    this.#give(encodeMessage(wire.plan, body));
  }

  viewer(peer: number, options: { hidesAddress?: boolean } = {}): WeriftViewer {
    const say = (signal: Signal) => this.#give(encodeMessage(wire.signal, { ...signal, peer }));
    const viewer = new WeriftViewer(this.source.id, say, options);
    this.#viewers.set(peer, viewer);
    return viewer;
  }

  make(size: number): number {
    const sequence = this.#sequence++;
    const group = sequence - (sequence % 50);
    const capturedAt = Math.round(steadyClock.now());
    this.source.chunk(unsignedChunk({ sequence, group, capturedAt, initId: initId(this.#document) }, size));
    return sequence;
  }

  #give(message: Bytes): void {
    const reader = new MessageReader((type, body) => this.source.take(type, body));
    reader.push(message);
    reader.end();
  }
}

test('chunks of 4,000 bytes, 50 a second, reach a viewer at once and all of them', async t => {
  const hand = new Hand();
  await hand.planned(4);
  const viewer = hand.viewer(11);
  const first = hand.make(4_000);
  for (let stripe = 0; stripe < 4; stripe++) await viewer.adopt(stripe, 4, first);
  await until('all stripes are adopted', () => hand.source.stats.children === 4);
  const madeAt = new Map<number, number>();
  for (let i = 0; i < 150; i++) {
    const at = steadyClock.now();
    madeAt.set(hand.make(4_000), at);
    await new Promise(resolve => setTimeout(resolve, 20)); // the rhythm of the stream
  }
  await until('all have come', () => new Set(viewer.sequences()).size === 151);
  const delays = viewer.arrivals
    .flatMap(({ chunk, at }) => at - (madeAt.get(chunk.header.sequence) ?? at))
    .sort((a, b) => a - b);
  const [median, worst] = [delays[delays.length >> 1]!, delays.at(-1)!]; // 151 have come
  t.diagnostic(
    `from the making of a chunk to the viewer: median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`,
  );
  assert.ok(median < 50, `median ${median} ms`);
  assert.equal(viewer.arrivals.length, 151, 'none comes twice');
});

test('a lost relay link changes nothing for those connected; the source then joins with the same secret and names them', async () => {
  const hand = new Hand();
  await hand.planned(2);
  const viewer = hand.viewer(12);
  await viewer.adopt(0, 2);
  await until('it is adopted', () => viewer.adopted.length === 1);
  hand.source.relayDown();
  const sequence = hand.make(100);
  hand.make(100);
  await until('chunks come', () => viewer.sequences().some(one => one >= sequence));
  hand.up();
  await until('the source joins again', () => hand.joins.length === 2);
  assert.deepEqual(hand.joins[1]!.secret, hand.joins[0]!.secret);
  assert.deepEqual(hand.joins[1]!.neighbours, [{ peer: 12, stripes: 0 }]);
  assert.equal(hand.joins[1]!.role, 'source');
});

test('a viewer whose message never ends loses its connection, and no other', async () => {
  const hand = new Hand();
  await hand.planned(2);
  const honest = hand.viewer(13);
  const hostile = hand.viewer(14);
  await honest.adopt(0, 2);
  await hostile.flood(1_000_000);
  await until('it is cut off', () => hostile.bye === 'messages that never end');
  hand.make(100);
  hand.make(100);
  await until('the honest one is fed', () => honest.arrivals.length > 0);
  assert.equal(hand.source.stats.viewers, 1);
});

test('no WebRTC: one line in the log, and nothing else', async () => {
  const hand = new Hand({ load: () => Promise.reject(new Error("Cannot find package 'werift'")) });
  await until('it is told', () => hand.log.has(/Cannot find package 'werift'.*: the stream stops when the relay does/));
  hand.up();
  hand.make(100);
  assert.equal(hand.joins.length, 0);
  assert.equal(hand.log.lines.length, 1);
});

test('what the relay says of peers', () => {
  const swarm = { enabled: true, iceTransportPolicy: 'all' };
  const stun = { urls: 'stun:a.example' };
  const turn = { urls: ['turn:a.example'], username: 'u', credential: 'c' };
  for (const [document, usable] of [
    [{ swarm, iceServers: [stun] }, true],
    [{ swarm: { ...swarm, enabled: false } }, false],
    [{ swarm: { ...swarm, iceTransportPolicy: 'relay' }, iceServers: [stun] }, false],
    [{ swarm: { ...swarm, iceTransportPolicy: 'relay' }, iceServers: [stun, turn] }, true],
    [{}, false],
    ['nonsense', false],
    [{ swarm, iceServers: [{ urls: 7 }, null, 'x'] }, true],
  ] as const) {
    assert.equal(isUsable(readPeerTerms(document)), usable, JSON.stringify(document));
  }
  assert.deepEqual(readPeerTerms({ swarm, iceServers: [turn] }).iceServers, [turn]);
  assert.deepEqual(readPeerTerms({ swarm, iceServers: [{ urls: 7 }] }).iceServers, []);
});
