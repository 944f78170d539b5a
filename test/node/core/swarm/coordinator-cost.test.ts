// What the plan itself costs, without churn, loss and retransmission: compared with the study in the design (2 Mbps, 4 stripes, chunks of 4,000 bytes).

import assert from 'node:assert/strict';
import test from 'node:test';
import { RELAY } from '../../../../core/peer-id.ts';
import { Coordinator } from '../../../../core/swarm/coordinator.ts';
import { SwarmModel } from './swarm-model.ts';

const STRIPES = 4;
const RATE_KBPS = 2_000;
const CHUNK_BITS = 32_000;
/** One-way delay of the relay's own access, as in the study. */
const RELAY_MS = 12.5;
/** How much worse than the study's plan, which knows everybody beforehand. */
const FACTOR = 1.5;

interface Viewer {
  readonly uploadKbps: number;
  /** One-way delay of its access. */
  readonly accessMs: number;
}

/** The study's numbers: p50 and p99 over the viewers of their worst stripe's arrival, in ms. */
const STUDY = [
  { uplinks: 'tight', viewers: 8, p50: 96, p99: 107 },
  { uplinks: 'mixed', viewers: 8, p50: 102, p99: 108 },
  { uplinks: 'tight', viewers: 1_000, p50: 253, p99: 278 },
  { uplinks: 'mixed', viewers: 1_000, p50: 111, p99: 149 },
  { uplinks: 'tight', viewers: 10_000, p50: 331, p99: 353 },
  { uplinks: 'mixed', viewers: 10_000, p50: 145, p99: 182 },
] as const;

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The study's viewers: all with 1.5 times the rate, or from none to 50 Mbit/s. */
function draw(uplinks: 'tight' | 'mixed', count: number): Viewer[] {
  const random = randomFrom(1);
  const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(6.283 * random());
  const mixed = (x: number) => {
    if (x < 0.2) return 0;
    if (x < 0.5) return 2_400 + random() * 2_000;
    return x < 0.85 ? 5_000 + random() * 10_000 : 20_000 + random() * 30_000;
  };
  const uploads = Array.from({ length: count }, () => (uplinks === 'tight' ? 1.5 * RATE_KBPS : mixed(random())));
  return uploads.map(uploadKbps => ({
    uploadKbps,
    accessMs: uplinks === 'tight' ? 12.5 : Math.min(120, 8 * Math.exp(0.7 * gauss()) + 6),
  }));
}

/** For each viewer the arrival of a chunk by its worst stripe, as the study reckons. */
function worstArrivals(viewers: readonly Viewer[], model: SwarmModel): number[] {
  const worst = new Array<number>(viewers.length).fill(0);
  for (let stripe = 0; stripe < STRIPES; stripe++) {
    const arrivals = new Map([[RELAY, 0]]);
    const reached = model.walk(stripe, (peer, parent, turn) => {
      const { accessMs } = viewers[peer - 1]!;
      const from = viewers[parent - 1];
      const sent = from ? ((turn + 1) * CHUNK_BITS) / from.uploadKbps : CHUNK_BITS / 1e6;
      const arrival = arrivals.get(parent)! + sent + (from ? from.accessMs : RELAY_MS) + accessMs;
      arrivals.set(peer, arrival);
      worst[peer - 1] = Math.max(worst[peer - 1]!, arrival);
    });
    assert.equal(reached, viewers.length);
  }
  return worst.sort((a, b) => a - b);
}

for (const { uplinks, viewers: count, p50, p99 } of STUDY) {
  test(`${count} viewers with ${uplinks} uplinks get chunks about as early as can be`, t => {
    const viewers = draw(uplinks, count);
    const coordinator = new Coordinator({ stripes: STRIPES, stripeKbps: RATE_KBPS / STRIPES, maxChildren: 64 });
    const model = new SwarmModel(STRIPES);
    let now = 0;
    let cpuMs = 0;
    const spend = (work: () => void) => {
      const from = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(from);
      cpuMs += (user + system) / 1_000;
    };
    for (const [i, { uploadKbps, accessMs }] of viewers.entries()) {
      const entrant = {
        role: 'viewer',
        uploadKbps,
        neighbours: [],
        network: `${i}`,
        roundTripMs: 2 * (RELAY_MS + accessMs),
      } as const;
      spend(() => coordinator.join(i + 1, entrant, now));
      model.apply(coordinator);
      now += 20;
      spend(() => coordinator.poll(now));
    }
    const joining = model.planCount;
    for (const [peer, { parents }] of model.plans) {
      for (const [stripe, parent] of parents.entries()) coordinator.served(peer, stripe, parent, now);
    }
    for (let round = 0; round < 10; round++) {
      now += 2_000;
      spend(() => coordinator.poll(now));
      model.apply(coordinator);
    }
    const { relayChildren, depth } = coordinator.figures;
    const worst = worstArrivals(viewers, model);
    const at = (share: number) => Math.round(worst[Math.min(count - 1, Math.floor(count * share))]!);
    t.diagnostic(
      `p50 ${at(0.5)} (study ${p50}), p99 ${at(0.99)} (${p99}) ms; depth ${depth.p50}–${depth.max}, ${joining} plans to join, ${Math.round(cpuMs)} ms of CPU`,
    );
    assert.deepEqual(relayChildren, [1, 1, 1, 1]);
    assert.ok(at(0.5) <= FACTOR * p50, `p50 ${at(0.5)} ms, the study's ${p50}`);
    assert.ok(at(0.99) <= FACTOR * p99, `p99 ${at(0.99)} ms, the study's ${p99}`);
    // Joins move few others.
    assert.ok(joining <= 3 * count);
  });
}

test('a crowd of a thousand, then three thousand leaving at once, cost little', t => {
  const random = randomFrom(2);
  const coordinator = new Coordinator({ stripes: STRIPES, stripeKbps: 500 });
  const model = new SwarmModel(STRIPES);
  const present: number[] = [];
  let peers = 0;
  let now = 0;
  const join = () => {
    peers++;
    const uploadKbps = random() < 0.2 ? 0 : 2_400 + random() * 10_000;
    const network = `${Math.floor(random() * 3_000)}`;
    coordinator.join(
      peers,
      { role: 'viewer', uploadKbps, neighbours: [], network, roundTripMs: 20 + random() * 80 },
      now,
    );
    present.push(peers);
  };
  const leave = () => {
    const [peer] = present.splice(Math.floor(random() * present.length), 1);
    coordinator.leave(peer!, now);
    model.leave(peer!);
  };
  const cpuMs = (work: () => void) => {
    const from = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  };
  for (let i = 0; i < 9_000; i++) join();
  model.apply(coordinator);
  const crowd = cpuMs(() => {
    for (let i = 0; i < 1_000; i++) {
      join();
      coordinator.poll((now += 10));
    }
    model.apply(coordinator);
  });
  const exodus = cpuMs(() => {
    for (let i = 0; i < 3_000; i++) leave();
    model.apply(coordinator);
  });
  t.diagnostic(`crowd ${Math.round(crowd)} ms, exodus ${Math.round(exodus)} ms of CPU`);
  for (let round = 0; round < 5; round++) coordinator.poll((now += 2_000));
  model.apply(coordinator);
  assert.deepEqual(coordinator.figures.relayChildren, [1, 1, 1, 1]);
  for (let stripe = 0; stripe < STRIPES; stripe++)
    assert.equal(
      model.walk(stripe, () => {}),
      present.length,
    );
  // Several times what they take on an idle machine.
  assert.ok(crowd < 2_000, `${crowd} ms`);
  assert.ok(exodus < 4_000, `${exodus} ms`);
});
