// Sums up the shape of a swarm for those who watch over it.

import type { Forest } from './forest.ts';
import type { Member } from './member.ts';
import { depthOf } from './stripe-tree.ts';

export interface SwarmFigures {
  /** Everybody that has joined, with publishers and banned ones. */
  readonly members: number;
  /** Per stripe: to how many the plan has the relay push it. */
  readonly relayChildren: readonly number[];
  /** Hops from the relay over all stripes: 1 for its own children; 0 when nobody is there. */
  readonly depth: { readonly p50: number; readonly max: number };
  /** Children that all can have, and that are to be had, over all stripes. */
  readonly supply: number;
  readonly demand: number;
}

/** Looks at everybody: for a page of figures, not for each join. */
export function swarmFigures(members: readonly Member[], forest: Forest): SwarmFigures {
  const depths = members
    .flatMap(({ places }) => places.filter(({ feed }) => feed !== 'detached').map(depthOf))
    .sort((a, b) => a - b);
  return {
    members: members.length,
    relayChildren: forest.trees.map(({ roots }) => roots.length),
    depth: { p50: depths[depths.length >> 1] ?? 0, max: depths.at(-1) ?? 0 },
    supply: forest.supply,
    demand: depths.length,
  };
}
