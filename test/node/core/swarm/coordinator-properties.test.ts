import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type PeerId, RELAY } from '../../../../core/peer-id.ts';
import { Coordinator } from '../../../../core/swarm/coordinator.ts';
import type { Grievance } from '../../../../core/wire/complaint.ts';
import type { Plan } from '../../../../core/wire/plan.ts';
import { SwarmModel } from './swarm-model.ts';

const STRIPES = 3;
const STRIPE_KBPS = 500;
const MAX_CHILDREN = 6;
const ONLY_RELAY: Plan = { parents: [RELAY, RELAY, RELAY], spares: [] };
const GRIEVANCES: Grievance[] = ['unreachable', 'lost', 'silent', 'refused', 'slow', 'corrupt', 'mute', 'crowded'];

type Step =
  | {
      readonly do: 'join';
      readonly who: number;
      readonly uploadKbps: number;
      readonly network: string;
      readonly source: boolean;
    }
  | {
      readonly do: 'rejoin';
      readonly who: number;
      readonly uploadKbps: number;
      readonly under: number;
      readonly stripes: number;
    }
  | { readonly do: 'leave'; readonly who: number }
  | { readonly do: 'report'; readonly who: number; readonly uploadKbps: number }
  | { readonly do: 'complain'; readonly who: number; readonly about: number; readonly grievance: Grievance }
  | { readonly do: 'served'; readonly who: number; readonly stripe: number; readonly parent: number }
  | { readonly do: 'rate'; readonly kbps: number }
  | { readonly do: 'poll'; readonly after: number };

const who = fc.integer({ min: 1, max: 24 });
const uploadKbps = fc.constantFrom(0, 700, 1_500, 3_000, 8_000, 20_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      who,
      uploadKbps,
      network: fc.constantFrom('a', 'b', 'c'),
      source: fc.integer({ min: 0, max: 19 }).map(n => n === 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rejoin' as const),
      who,
      uploadKbps,
      under: who,
      stripes: fc.integer({ min: 0, max: 7 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('report' as const), who, uploadKbps }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('complain' as const),
      who,
      about: fc.integer({ min: 0, max: 5 }),
      grievance: fc.constantFrom(...GRIEVANCES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('served' as const),
      who,
      stripe: fc.integer({ min: 0, max: STRIPES }),
      parent: who,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rate' as const), kbps: fc.constantFrom(400, 500, 700, 1_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('poll' as const), after: fc.constantFrom(100, 1_000, 4_000, 70_000) }),
  },
);

/** A coordinator, its viewers as they believe they are, and what they have told of themselves. */
class Run {
  readonly coordinator: Coordinator;
  readonly model = new SwarmModel(STRIPES);
  readonly entrants = new Map<PeerId, { uploadKbps: number; source: boolean }>();
  now = 0;
  stripeKbps = STRIPE_KBPS;
  troubled = false;

  constructor(minViewers = 0) {
    this.coordinator = new Coordinator({
      stripes: STRIPES,
      stripeKbps: STRIPE_KBPS,
      maxChildren: MAX_CHILDREN,
      minViewers,
    });
  }

  act(step: Step): void {
    const { coordinator, entrants, now } = this;
    switch (step.do) {
      case 'join':
      case 'rejoin': {
        const source = step.do === 'join' && step.source;
        if (step.do === 'rejoin') this.troubled = true;
        const neighbours = step.do === 'rejoin' ? [{ peer: step.under, stripes: step.stripes }] : [];
        const network = step.do === 'join' ? step.network : 'a';
        const role = source ? 'source' : 'viewer';
        entrants.set(step.who, { uploadKbps: step.uploadKbps, source });
        coordinator.join(
          step.who,
          { role, uploadKbps: step.uploadKbps, neighbours, network, roundTripMs: 10 * step.who },
          now,
        );
        break;
      }
      case 'leave':
        entrants.delete(step.who);
        coordinator.leave(step.who, now);
        this.model.leave(step.who);
        break;
      case 'report': {
        const entrant = entrants.get(step.who);
        if (entrant) entrants.set(step.who, { ...entrant, uploadKbps: step.uploadKbps });
        coordinator.report(step.who, { uploadKbps: step.uploadKbps, peers: [{ peer: 1, roundTripMs: 30 }] }, now);
        break;
      }
      case 'complain': {
        const plan = this.model.plans.get(step.who);
        const about = plan ? [...plan.parents, ...plan.spares][step.about] : undefined;
        if (about === undefined) return;
        this.troubled = true;
        const stripes = plan!.parents.reduce(
          (bits, parent, stripe) => (parent === about ? bits | (1 << stripe) : bits),
          0,
        );
        coordinator.complain(step.who, about, step.grievance, stripes, now);
        break;
      }
      case 'served':
        coordinator.served(step.who, step.stripe, step.parent, now);
        break;
      case 'rate':
        coordinator.setStripeKbps(step.kbps);
        // Small changes don't count.
        if (Math.abs(step.kbps / this.stripeKbps - 1) > 0.15) this.stripeKbps = step.kbps;
        break;
      case 'poll':
        this.now += step.after;
        coordinator.poll(this.now);
    }
  }

  check(): void {
    const { coordinator, model, entrants } = this;
    model.apply(coordinator);
    assert.equal(coordinator.figures.members, entrants.size);
    assert.deepEqual([...model.plans.keys()].sort(), [...entrants.keys()].sort(), 'everybody has a plan');
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      // A cycle, or a parent that isn't there, would keep somebody from being reached.
      let waiting = 0;
      for (const { parents } of model.plans.values()) if (!leadsToRelay(model, parents[stripe]!, stripe)) waiting++;
      assert.equal(model.walk(stripe, () => {}) + waiting, entrants.size, `stripe ${stripe} reaches everybody`);
      if (!this.troubled) assert.equal(waiting, 0);
    }
    for (const [peer, plan] of model.plans) {
      assert.equal(new Set(plan.spares).size, plan.spares.length);
      assert.ok(plan.spares.length <= 3);
      if (entrants.get(peer)!.source || coordinator.isBanned(peer)) {
        assert.deepEqual(plan, ONLY_RELAY);
        if (coordinator.isBanned(peer)) assert.equal(model.childCount(peer), 0);
      }
      for (const other of [...plan.parents, ...plan.spares]) {
        if (other === RELAY) continue;
        assert.notEqual(other, peer);
        assert.ok(!coordinator.isBanned(other), `${peer} is introduced to ${other}, who is banned`);
        assert.ok(coordinator.mayTalk(peer, other) && coordinator.mayTalk(other, peer));
        if (entrants.get(other)?.source) assert.ok(plan.spares.includes(other) && !plan.parents.includes(other));
      }
      const carried = Math.floor((0.95 * entrants.get(peer)!.uploadKbps) / this.stripeKbps);
      assert.ok(model.childCount(peer) <= Math.min(MAX_CHILDREN, carried), `${peer} has too many children`);
    }
  }
}

function leadsToRelay(model: SwarmModel, parent: PeerId, stripe: number): boolean {
  let at = parent;
  for (let hops = 0; at !== RELAY; hops++) {
    assert.ok(hops <= model.plans.size, `stripe ${stripe} goes in a circle`);
    const plan = model.plans.get(at);
    if (!plan) return false;
    at = plan.parents[stripe]!;
  }
  return true;
}

test('whatever happens: no cycles, nobody unfed, nobody overburdened, nobody with a banned one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), fc.constantFrom(0, 4), (steps, minViewers) => {
      const run = new Run(minViewers);
      for (const each of steps) {
        run.act(each);
        run.check();
      }
      // Claims run out.
      run.now += 10_000;
      run.coordinator.poll(run.now);
      run.check();
      for (let stripe = 0; stripe < STRIPES; stripe++) {
        for (const { parents } of run.model.plans.values())
          assert.ok(leadsToRelay(run.model, parents[stripe]!, stripe));
      }
    }),
    { numRuns: 400 },
  );
});

test('plans agree with the trees, and one child of the relay a stripe is enough while the supply suffices', () => {
  const quiet = step.filter(
    each => ['join', 'leave', 'report', 'poll'].includes(each.do) && !(each.do === 'join' && each.source),
  );
  fc.assert(
    fc.property(fc.array(quiet, { maxLength: 100, size: 'max' }), steps => {
      const run = new Run();
      for (const each of steps) {
        run.act(each);
        run.check();
        for (let stripe = 0; stripe < STRIPES; stripe++) {
          assert.equal(run.model.children(RELAY, stripe).length, run.coordinator.figures.relayChildren[stripe]);
        }
      }
      // A few are taken back at a time.
      for (let round = 0; round < 10; round++) run.act({ do: 'poll', after: 2_000 });
      run.check();
      const { relayChildren, supply, demand } = run.coordinator.figures;
      const extra = relayChildren.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
      const used = demand - relayChildren.reduce((sum, count) => sum + count, 0);
      assert.ok(used <= supply);
      assert.ok(extra === 0 || used === supply, `${extra} relay children too many with ${supply - used} places free`);
    }),
    { numRuns: 300 },
  );
});
