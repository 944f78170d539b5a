import assert from 'node:assert/strict';
import test from 'node:test';
import { type PeerId, RELAY } from '../../../../core/peer-id.ts';
import { Coordinator, type CoordinatorOptions } from '../../../../core/swarm/coordinator.ts';
import type { Entrant } from '../../../../core/swarm/coordinator-face.ts';
import { SwarmModel } from './swarm-model.ts';

const STRIPES = 4;
const ALL_RELAY = new Array(STRIPES).fill(RELAY);

/** A coordinator with the viewers' view of it. Each viewer is from a network of its own, unless told otherwise. */
class Swarm {
  readonly coordinator: Coordinator;
  readonly model = new SwarmModel(STRIPES);
  now = 0;

  constructor(options: Partial<CoordinatorOptions> = {}) {
    this.coordinator = new Coordinator({ stripes: STRIPES, stripeKbps: 500, ...options });
  }

  join(peer: PeerId, entrant: Partial<Entrant> = {}): void {
    const usual = {
      role: 'viewer',
      uploadKbps: 3_000,
      neighbours: [],
      network: `net-${peer}`,
      roundTripMs: 50,
    } as const;
    this.coordinator.join(peer, { ...usual, ...entrant }, this.now);
    this.update();
  }

  joinAll(count: number, entrant: Partial<Entrant> = {}): void {
    for (let peer = 1; peer <= count; peer++) this.join(peer, entrant);
  }

  leave(peer: PeerId): void {
    this.coordinator.leave(peer, this.now);
    this.model.leave(peer);
    this.update();
  }

  complain(by: PeerId, about: PeerId, grievance: Parameters<Coordinator['complain']>[2], stripe: number): void {
    this.coordinator.complain(by, about, grievance, 1 << stripe, this.now);
    this.update();
  }

  /** Lets time pass, a tenth of a second at a time. */
  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 100;
      this.coordinator.poll(this.now);
      this.update();
    }
  }

  update(): void {
    this.model.apply(this.coordinator);
  }

  parents(peer: PeerId): readonly PeerId[] {
    return this.model.plans.get(peer)!.parents;
  }

  /** A stripe with a parent that isn't the relay's only child, and has so many children at least. */
  family(children: number): { parent: PeerId; stripe: number; children: readonly PeerId[] } {
    for (const parent of this.model.plans.keys()) {
      for (let stripe = 0; stripe < STRIPES; stripe++) {
        const own = this.model.children(parent, stripe);
        if (own.length >= children) return { parent, stripe, children: own };
      }
    }
    throw new Error(`nobody has ${children} children`);
  }

  relayChildren(): number[] {
    return ALL_RELAY.map((_, stripe) => this.model.children(RELAY, stripe).length);
  }

  dropsOf(peer: PeerId): { to: PeerId; cause: string }[] {
    return this.model.drops.filter(drop => drop.peer === peer).map(({ to, cause }) => ({ to, cause }));
  }
}

const silenceTwice = (swarm: Swarm, grievance: 'silent' | 'mute' = 'silent') => {
  // Whoever has just been moved about is excused.
  swarm.pass(4_000);
  const { parent, stripe, children } = swarm.family(3);
  const witnesses = children.slice(0, 2);
  for (const witness of witnesses) swarm.complain(witness, parent, grievance, stripe);
  return { parent, stripe, children };
};

test('options and rates out of range are refused', () => {
  assert.throws(() => new Coordinator({ stripes: 0, stripeKbps: 500 }), RangeError);
  assert.throws(() => new Coordinator({ stripes: 17, stripeKbps: 500 }), RangeError);
  assert.throws(() => new Coordinator({ stripes: 4, stripeKbps: 0 }), RangeError);
});

test('the relay feeds the first viewer, and one in each stripe from then on', () => {
  const swarm = new Swarm();
  swarm.join(1);
  assert.deepEqual(swarm.parents(1), ALL_RELAY);
  for (let peer = 2; peer <= 40; peer++) {
    swarm.join(peer);
    assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1]);
  }
  const { members, relayChildren, depth, supply, demand } = swarm.coordinator.figures;
  assert.deepEqual(
    { members, relayChildren, supply, demand },
    { members: 40, relayChildren: [1, 1, 1, 1], supply: 200, demand: 160 },
  );
  assert.ok(depth.p50 >= 2 && depth.max <= 6, JSON.stringify(depth));
});

test('nobody who uploads nothing is a parent or a spare; a strong one coming late steps in front', () => {
  const swarm = new Swarm();
  swarm.joinAll(5, { uploadKbps: 0 });
  assert.deepEqual(swarm.relayChildren(), [5, 5, 5, 5]);
  swarm.join(6, { uploadKbps: 40_000 });
  assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1]);
  assert.deepEqual(swarm.parents(6), ALL_RELAY);
  for (const plan of swarm.model.plans.values())
    assert.ok([...plan.parents, ...plan.spares].every(peer => peer === 6 || peer === RELAY));
});

test('below a number of viewers the relay feeds everybody, above it nobody but one a stripe', () => {
  const swarm = new Swarm({ minViewers: 4 });
  swarm.joinAll(3);
  assert.deepEqual(swarm.relayChildren(), [3, 3, 3, 3]);
  swarm.join(4);
  assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1]);
  swarm.leave(2);
  assert.deepEqual(swarm.relayChildren(), [3, 3, 3, 3]);
  assert.ok([...swarm.model.plans.values()].every(({ spares }) => spares.length === 0));
});

test("the publisher is a spare of the relay's children, of no more than a dozen, and nobody's parent", () => {
  const swarm = new Swarm();
  swarm.join(99, { role: 'source', uploadKbps: 100_000 });
  swarm.joinAll(12, { uploadKbps: 0 });
  swarm.joinAll(60);
  swarm.pass(3_000);
  const near = [...swarm.model.plans].filter(([, { spares }]) => spares.includes(99)).map(([peer]) => peer);
  const fed = new Set(ALL_RELAY.flatMap((_, stripe) => swarm.model.children(RELAY, stripe)));
  fed.delete(99);
  for (const peer of fed) assert.ok(near.includes(peer), `${peer} doesn't know the publisher`);
  assert.ok(near.length <= 12);
  assert.deepEqual(swarm.model.plans.get(99), { parents: ALL_RELAY, spares: [] });
  assert.ok([...swarm.model.plans.values()].every(({ parents }) => !parents.includes(99)));
});

test('everybody has spares that are neither parents nor below it, spread evenly', () => {
  const swarm = new Swarm();
  swarm.joinAll(60);
  swarm.pass(5_000);
  const load = new Map<PeerId, number>();
  for (const [peer, { parents, spares }] of swarm.model.plans) {
    assert.ok(spares.length >= 2, `${peer} has ${spares.length} spares`);
    for (const spare of spares) {
      load.set(spare, (load.get(spare) ?? 0) + 1);
      assert.ok(!parents.includes(spare));
      const isRoot = parents.includes(RELAY);
      for (let stripe = 0; stripe < STRIPES; stripe++)
        assert.ok(isRoot || !swarm.model.children(peer, stripe).includes(spare));
    }
  }
  assert.ok(Math.max(...load.values()) <= 6);
});

test("a pair that failed to connect isn't put together again", () => {
  const swarm = new Swarm();
  swarm.joinAll(12);
  const { parent, stripe, children } = swarm.family(3);
  const child = children[0]!;
  swarm.complain(child, parent, 'unreachable', stripe);
  for (let round = 0; round < 10; round++) {
    const { parents, spares } = swarm.model.plans.get(child)!;
    assert.ok(![...parents, ...spares].includes(parent));
    assert.ok(!swarm.parents(parent).includes(child));
    swarm.join(20 + round);
    swarm.pass(1_000);
  }
  assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1]);
  assert.equal(swarm.coordinator.isBanned(parent), false);
});

test('a parent that refuses gets no more children for now', () => {
  const swarm = new Swarm();
  swarm.joinAll(12);
  const { parent, stripe, children } = swarm.family(3);
  const before = swarm.model.childCount(parent);
  swarm.complain(children[0]!, parent, 'refused', stripe);
  for (let peer = 30; peer < 50; peer++) swarm.join(peer);
  assert.ok(swarm.model.childCount(parent) <= before - 1);
});

test('a crowded link gets no stripe beside the one that it carries, and its ends are good for others as before', () => {
  const swarm = new Swarm();
  // To each of three viewers there are two links at most, so some of the four stripes share one.
  swarm.joinAll(3, { uploadKbps: 8_000 });
  const stripesOver = (child: PeerId, parent: PeerId) =>
    [0, 1, 2, 3].filter(stripe => swarm.parents(child)[stripe] === parent);
  const pairs = [1, 2, 3].flatMap(child => [1, 2, 3].map(parent => ({ child, parent })));
  const { child, parent } = pairs.sort(
    (a, b) => stripesOver(b.child, b.parent).length - stripesOver(a.child, a.parent).length,
  )[0]!;
  const stripes = stripesOver(child, parent);
  assert.ok(stripes.length >= 2, JSON.stringify(swarm.parents(child)));
  swarm.complain(child, parent, 'crowded', stripes[0]!);
  swarm.pass(30_000);
  assert.equal(stripesOver(child, parent).length, stripes.length - 1);
  assert.ok(swarm.coordinator.mayTalk(child, parent));
  assert.equal(swarm.coordinator.isBanned(parent), false);
  swarm.pass(60_000);
  assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1], 'tried again after a while');
});

test('what a stranger says about a peer counts for nothing', () => {
  const swarm = new Swarm();
  swarm.joinAll(60);
  const { parent } = swarm.family(3);
  const strangers = [...swarm.model.plans.keys()].filter(
    peer => !swarm.coordinator.mayTalk(peer, parent) && peer !== parent,
  );
  assert.ok(strangers.length > 10);
  for (const stranger of strangers) swarm.complain(stranger, parent, 'corrupt', 0);
  assert.equal(swarm.coordinator.isBanned(parent), false);
  assert.deepEqual(swarm.dropsOf(parent), []);
});

test('whom two found silent is as good as gone: all its children have other parents at once', () => {
  const swarm = new Swarm();
  swarm.joinAll(40);
  const { parent, stripe, children } = silenceTwice(swarm);
  assert.equal(swarm.model.childCount(parent), 0);
  for (const child of children) assert.notEqual(swarm.parents(child)[stripe], parent);
  // It may be a hiccup: connections are kept.
  assert.deepEqual(swarm.dropsOf(parent), []);
  swarm.pass(5_000);
  assert.equal(swarm.coordinator.isBanned(parent), false);
});

test('whoever never pushes, as two of them say, is banned, and longer the next time', () => {
  const swarm = new Swarm();
  swarm.joinAll(40);
  const { parent } = silenceTwice(swarm, 'mute');
  swarm.pass(1_100);
  assert.ok(swarm.coordinator.isBanned(parent));
  assert.deepEqual(swarm.model.plans.get(parent), { parents: ALL_RELAY, spares: [] });
  assert.ok(swarm.dropsOf(parent).some(({ cause }) => cause === 'banned'));
  assert.equal(swarm.coordinator.mayTalk(parent, swarm.family(2).parent), false);
  swarm.pass(62_000);
  assert.equal(swarm.coordinator.isBanned(parent), false);
  assert.ok(
    swarm.parents(parent).some(peer => peer !== RELAY),
    'it takes part again',
  );
});

test('whoever one has found mute is tried by another', () => {
  const swarm = new Swarm();
  swarm.joinAll(8);
  swarm.pass(5_000);
  const { parent, stripe, children } = swarm.family(1);
  // Nobody else relies on it.
  for (const child of children.slice(1)) swarm.complain(child, parent, 'lost', stripe);
  swarm.complain(children[0]!, parent, 'mute', stripe);
  assert.equal(swarm.coordinator.isBanned(parent), false);
  for (let i = 0; i < 20 && !swarm.coordinator.isBanned(parent); i++) {
    swarm.pass(2_100);
    for (let peer = 1; peer <= 8; peer++) {
      const tried = swarm.parents(peer).indexOf(parent);
      if (tried >= 0) swarm.complain(peer, parent, 'mute', tried);
    }
  }
  assert.ok(swarm.coordinator.isBanned(parent));
});

test('whoever could have children but never had one shows what it can', () => {
  const swarm = new Swarm();
  swarm.joinAll(30);
  const idle = () => [...swarm.model.plans.keys()].filter(peer => swarm.model.childCount(peer) === 0);
  const [first] = idle();
  assert.ok(first !== undefined, 'not everybody is needed');
  let tried = false;
  for (let i = 0; i < 100 && !tried; i++) {
    swarm.pass(2_000);
    tried = swarm.model.childCount(first) > 0;
  }
  assert.ok(tried);
});

test('one complainer alone, however often, gets nobody banned', () => {
  const swarm = new Swarm();
  swarm.joinAll(20);
  const { parent, stripe, children } = swarm.family(3);
  for (let i = 0; i < 10; i++) {
    swarm.complain(children[0]!, parent, 'corrupt', stripe);
    swarm.complain(children[0]!, parent, 'mute', stripe);
    swarm.pass(500);
  }
  assert.equal(swarm.coordinator.isBanned(parent), false);
});

test('two complainers of one network are one where there are several networks', () => {
  for (const [networks, banned] of [
    [(peer: PeerId) => (peer === 1 ? 'b' : 'a'), false],
    [() => 'a', true],
  ] as const) {
    const swarm = new Swarm();
    for (let peer = 1; peer <= 20; peer++) swarm.join(peer, { network: networks(peer) });
    const { parent, stripe, children } = swarm.family(4);
    const witnesses = children.filter(child => child !== 1).slice(0, 2);
    for (const witness of witnesses) swarm.complain(witness, parent, 'corrupt', stripe);
    assert.equal(swarm.coordinator.isBanned(parent), banned);
  }
});

test('whoever two caught sending corrupt chunks is out for good, even after coming back', () => {
  const swarm = new Swarm();
  swarm.joinAll(20);
  const { parent, stripe, children } = swarm.family(3);
  for (const witness of children.slice(0, 2)) swarm.complain(witness, parent, 'corrupt', stripe);
  assert.ok(swarm.coordinator.isBanned(parent));
  for (const child of children)
    assert.ok(swarm.dropsOf(parent).some(({ to, cause }) => to === child && cause === 'banned'));
  swarm.pass(10_000);
  swarm.leave(parent);
  swarm.join(parent);
  assert.deepEqual(swarm.parents(parent), ALL_RELAY);
  assert.ok([...swarm.model.plans.values()].every(plan => ![...plan.parents, ...plan.spares].includes(parent)));
});

test('a parent that was cut off itself is not to blame', () => {
  const swarm = new Swarm();
  swarm.joinAll(60);
  swarm.pass(4_000);
  // A child of the relay, one of its children, and two of that one's.
  const middle = [...swarm.model.plans.keys()].find(peer =>
    ALL_RELAY.some(
      (_, stripe) => swarm.parents(peer)[stripe] !== RELAY && swarm.model.children(peer, stripe).length >= 2,
    ),
  )!;
  const stripe = ALL_RELAY.findIndex(
    (_, s) => swarm.parents(middle)[s] !== RELAY && swarm.model.children(middle, s).length >= 2,
  );
  const children = swarm.model.children(middle, stripe);
  swarm.complain(middle, swarm.parents(middle)[stripe]!, 'silent', stripe);
  for (const child of [...children]) swarm.complain(child, middle, 'silent', stripe);
  assert.deepEqual(swarm.dropsOf(middle), []);
  swarm.pass(3_000);
  assert.equal(swarm.coordinator.isBanned(middle), false);
});

test('the plan follows what a viewer says it gets from whom, where there is room', () => {
  const swarm = new Swarm({ maxChildren: 2 });
  swarm.joinAll(3);
  swarm.join(4, { uploadKbps: 0 });
  const room = [1, 2, 3].find(peer => swarm.model.childCount(peer) < 2 && !swarm.parents(4).includes(peer));
  const { coordinator } = swarm;
  if (room !== undefined) {
    const stripe = swarm.parents(4).findIndex(parent => parent !== RELAY);
    coordinator.served(4, stripe, room, swarm.now);
    swarm.update();
    assert.equal(swarm.parents(4)[stripe], room);
  }
  // Nobody hangs under itself or below itself: the plan is told again.
  const { parent, stripe, children } = swarm.family(1);
  const before = swarm.model.planCount;
  swarm.pass(6_000);
  coordinator.served(parent, stripe, children[0]!, swarm.now);
  swarm.update();
  assert.notEqual(swarm.parents(parent)[stripe], children[0]);
  assert.ok(swarm.model.planCount > before);
});

test('a new relay finds the swarm as it was, in whatever order it comes back', () => {
  const first = new Swarm();
  first.joinAll(40);
  first.pass(20_000);
  const neighbours = (peer: PeerId) => {
    const masks = new Map<PeerId, number>();
    for (const [stripe, parent] of first.parents(peer).entries()) {
      if (parent !== RELAY) masks.set(parent, (masks.get(parent) ?? 0) | (1 << stripe));
    }
    return [...masks].map(([parent, stripes]) => ({ peer: parent, stripes }));
  };
  const second = new Swarm();
  for (let i = 0; i < 40; i++) {
    const peer = ((i * 17) % 40) + 1;
    second.join(peer, { neighbours: neighbours(peer) });
    assert.deepEqual(second.parents(peer), first.parents(peer), 'at once');
    second.now += 20;
  }
  for (let peer = 1; peer <= 40; peer++) assert.deepEqual(second.parents(peer), first.parents(peer), 'and in the end');
});

test("a parent that is claimed and doesn't come is replaced after three seconds", () => {
  const swarm = new Swarm();
  swarm.joinAll(5);
  swarm.join(6, { neighbours: [{ peer: 77, stripes: 0b1111 }] });
  assert.deepEqual(swarm.parents(6), [77, 77, 77, 77]);
  swarm.pass(2_900);
  assert.deepEqual(swarm.parents(6), [77, 77, 77, 77]);
  swarm.pass(200);
  assert.ok(!swarm.parents(6).includes(77) && !swarm.parents(6).includes(RELAY));
});

test('less upload: children go, leaves first; a strong newcomer takes back what the relay had to feed', () => {
  const swarm = new Swarm();
  swarm.join(1, { uploadKbps: 20_000 });
  for (let peer = 2; peer <= 6; peer++) swarm.join(peer, { uploadKbps: 0 });
  assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1]);
  swarm.coordinator.report(1, { uploadKbps: 6_000, peers: [] }, swarm.now);
  swarm.update();
  // A little more than 85 % is borne by whoever has it already.
  assert.equal(swarm.model.childCount(1), 11);
  assert.equal(
    swarm.relayChildren().reduce((sum, count) => sum + count),
    24 - 11,
  );
  swarm.join(7, { uploadKbps: 20_000 });
  swarm.pass(6_000);
  assert.deepEqual(swarm.relayChildren(), [1, 1, 1, 1]);
});

test('small changes of rate or upload change no plan', () => {
  const swarm = new Swarm();
  swarm.joinAll(30);
  swarm.pass(30_000);
  // Everybody has fed somebody, so nobody has to show what it can.
  for (let peer = 1; peer <= 30; peer++) swarm.coordinator.served(1, 0, peer, swarm.now);
  swarm.pass(10_000);
  const before = swarm.model.planCount;
  swarm.coordinator.setStripeKbps(560);
  for (let peer = 1; peer <= 30; peer++) swarm.coordinator.report(peer, { uploadKbps: 2_750, peers: [] }, swarm.now);
  swarm.pass(30_000);
  assert.equal(swarm.model.planCount, before);
});

test('peers may talk while a plan names them together, and half a minute longer', () => {
  const swarm = new Swarm();
  swarm.joinAll(12);
  const { parent, stripe, children } = swarm.family(2);
  const child = children[0]!;
  assert.ok(swarm.coordinator.mayTalk(parent, child) && swarm.coordinator.mayTalk(child, parent));
  assert.equal(swarm.coordinator.mayTalk(parent, 1_000), false);
  swarm.complain(child, parent, 'unreachable', stripe);
  swarm.pass(29_000);
  assert.ok(swarm.coordinator.mayTalk(parent, child));
  swarm.pass(2_000);
  assert.equal(swarm.coordinator.mayTalk(parent, child), false);
});

test('it tells when it has to be woken, and has nothing to do for an empty channel', () => {
  const swarm = new Swarm();
  assert.equal(swarm.coordinator.wakeAt(), undefined);
  swarm.join(1);
  assert.equal(swarm.coordinator.wakeAt(), 2_000);
  swarm.leave(1);
  assert.equal(swarm.coordinator.figures.members, 0);
  assert.equal(swarm.coordinator.wakeAt(), undefined);
});

test('where uploads just suffice, nobody hangs at the end of a long chain', () => {
  const swarm = new Swarm();
  for (let peer = 1; peer <= 150; peer++) {
    // Some bring half of what they take, most as much, a few a little more: as their uplinks are guessed and measured.
    swarm.join(peer, { uploadKbps: [1_500, 2_400, 2_500, 2_400, 3_000][peer % 5]! });
    swarm.pass(100);
  }
  const { depth, relayChildren } = swarm.coordinator.figures;
  assert.ok(depth.max <= 14, `${depth.max} hops`);
  assert.ok(Math.max(...relayChildren) <= 25, `${relayChildren} from the relay`);
});

test('an uplink that grows gets more children only where they are needed, and few try at a time', () => {
  const swarm = new Swarm();
  swarm.joinAll(40);
  swarm.pass(10_000);
  const grow = () => {
    for (let peer = 1; peer <= 40; peer++) swarm.coordinator.report(peer, { uploadKbps: 4_500, peers: [] }, swarm.now);
    swarm.update();
  };
  grow();
  swarm.pass(10_000);
  assert.equal(swarm.coordinator.figures.supply, 200, 'five each are enough');
  swarm.join(41, { uploadKbps: 0 });
  for (let peer = 42; peer <= 60; peer++) swarm.join(peer, { uploadKbps: 0 });
  grow();
  swarm.pass(4_100);
  const { supply } = swarm.coordinator.figures;
  assert.ok(supply > 200 && supply <= 200 + 2 * 3, `${supply} after two rounds`);
  swarm.pass(100_000);
  assert.ok(swarm.coordinator.figures.supply >= 1.15 * 59 * 4, 'enough at last');
});

test('after a restart the trees that the relay fed are put together near the top', () => {
  const before = new Swarm();
  before.joinAll(120);
  before.pass(5_000);
  const { depth } = before.coordinator.figures;
  const after = new Swarm();
  after.now = 20;
  // A newcomer is the first to come; those who were fed by the relay come last.
  after.join(999, { uploadKbps: 3_000 });
  const plans = [...before.model.plans].sort(([, a], [, b]) => fedByRelay(a.parents) - fedByRelay(b.parents));
  for (const [peer, { parents }] of plans) {
    const neighbours = [...new Set(parents)]
      .filter(parent => parent !== RELAY)
      .map(parent => ({
        peer: parent,
        stripes: parents.reduce((bits, p, s) => bits | (p === parent ? 1 << s : 0), 0),
      }));
    after.join(peer, { neighbours });
  }
  after.pass(10_000);
  assert.deepEqual(after.relayChildren(), [1, 1, 1, 1]);
  assert.ok(after.coordinator.figures.depth.max <= depth.max + 2, JSON.stringify([depth, after.coordinator.figures]));
});

function fedByRelay(parents: readonly PeerId[]): number {
  return parents.filter(parent => parent === RELAY).length;
}
