// Replays what a coordinator says, as the viewers would, and checks what must always hold.

import assert from 'node:assert/strict';
import { type PeerId, RELAY } from '../../../../core/peer-id.ts';
import type { Coordinator } from '../../../../core/swarm/coordinator.ts';
import type { Plan } from '../../../../core/wire/plan.ts';

/** The plans in force, and the children that follow from them in the order in which they came. */
export class SwarmModel {
  readonly plans = new Map<PeerId, Plan>();
  /** Peers that each viewer was told to drop, last first. */
  readonly drops: { readonly to: PeerId; readonly peer: PeerId; readonly cause: string }[] = [];
  readonly #children = new Map<string, PeerId[]>();
  readonly stripes: number;
  planCount = 0;

  constructor(stripes: number) {
    this.stripes = stripes;
  }

  /** Applies everything that the coordinator has to say. */
  apply(coordinator: Coordinator): void {
    const told = new Set<PeerId>();
    for (const output of coordinator.take()) {
      if (output.type === 'drop') {
        this.drops.push(output);
        continue;
      }
      assert.ok(!told.has(output.to), `two plans at once for ${output.to}`);
      told.add(output.to);
      this.planCount++;
      this.#replace(output.to, output.plan);
    }
  }

  leave(peer: PeerId): void {
    const plan = this.plans.get(peer);
    for (const [stripe, parent] of plan?.parents.entries() ?? []) this.#unhang(peer, stripe, parent);
    this.plans.delete(peer);
  }

  children(peer: PeerId, stripe: number): readonly PeerId[] {
    return this.#children.get(`${peer}/${stripe}`) ?? [];
  }

  /** All children of a peer, over all stripes. */
  childCount(peer: PeerId): number {
    let count = 0;
    for (let stripe = 0; stripe < this.stripes; stripe++) count += this.children(peer, stripe).length;
    return count;
  }

  /** Visits everybody that the relay reaches in a stripe, parents first; returns how many. */
  walk(stripe: number, visit: (peer: PeerId, parent: PeerId, turn: number) => void): number {
    let count = 0;
    const stack: PeerId[] = [RELAY];
    while (stack.length > 0) {
      const parent = stack.pop()!;
      for (const [turn, peer] of this.children(parent, stripe).entries()) {
        count++;
        visit(peer, parent, turn);
        stack.push(peer);
      }
    }
    return count;
  }

  #replace(peer: PeerId, plan: Plan): void {
    const before = this.plans.get(peer);
    this.plans.set(peer, plan);
    for (const [stripe, parent] of plan.parents.entries()) {
      const old = before?.parents[stripe];
      if (old === parent) continue;
      if (old !== undefined) this.#unhang(peer, stripe, old);
      const key = `${parent}/${stripe}`;
      this.#children.set(key, [...(this.#children.get(key) ?? []), peer]);
    }
  }

  #unhang(peer: PeerId, stripe: number, parent: PeerId): void {
    const key = `${parent}/${stripe}`;
    this.#children.set(
      key,
      (this.#children.get(key) ?? []).filter(child => child !== peer),
    );
  }
}
