// Who gives what to whom -> the strands that are drawn between them.

import type { SwarmStats } from '../engine/swarm-stats.ts';
import type { TrafficHistory } from './traffic-history.ts';

/** Bytes a second below which a connection counts as idle. */
const IDLE = 200;

/** One strand between the viewer and `party` (a peer's id, or `relay`). */
export interface Flow {
  readonly key: string;
  readonly party: string;
  readonly inbound: boolean;
  /** `pushed` in a stripe; `asked` for one by one; `spare`: connected, but silent; `connecting`. */
  readonly kind: 'pushed' | 'asked' | 'spare' | 'connecting';
  /** Null where it isn't of one stripe. */
  readonly stripe: number | null;
  readonly bytesPerSecond: number;
  /** Its place in the bundle of this party: 0 is the middle, whole steps to both sides. */
  readonly strand: number;
}

type Strand = Omit<Flow, 'strand'>;

/** All strands, bundled by party. */
export function flowsOf(stats: SwarmStats, history: TrafficHistory): Flow[] {
  const bundles = [relayStrands(stats, history.mean().relayed)];
  for (const peer of stats.peers) {
    const rates = history.peers.get(peer.id) ?? { in: 0, out: 0 };
    if (peer.state === 'connecting') {
      bundles.push([quiet(peer.id, 'connecting')]);
      continue;
    }
    const strands = [...busy(peer.id, true, peer.gives, rates.in), ...busy(peer.id, false, peer.takes, rates.out)];
    bundles.push(strands.length > 0 ? strands : [quiet(peer.id, 'spare')]);
  }
  return bundles.flatMap(bundle =>
    bundle.map((strand, index) => ({ ...strand, strand: index - (bundle.length - 1) / 2 })),
  );
}

function relayStrands({ stripes, relayStripes }: SwarmStats, rate: number): Strand[] {
  const strands = busy('relay', true, relayStripes, rate);
  if (strands.length === 0) return [quiet('relay', 'spare')];
  // Without a plan the stream isn't parted yet: it is all pushed.
  return stripes === 0 ? strands.map(strand => ({ ...strand, kind: 'pushed' })) : strands;
}

function busy(party: string, inbound: boolean, stripes: readonly number[], rate: number): Strand[] {
  const way = inbound ? 'in' : 'out';
  if (stripes.length === 0) {
    if (rate < IDLE) return [];
    return [{ key: `${party} ${way}`, party, inbound, kind: 'asked', stripe: null, bytesPerSecond: rate }];
  }
  return [...stripes]
    .sort((a, b) => a - b)
    .map(stripe => {
      const key = `${party} ${way} ${stripe}`;
      return { key, party, inbound, kind: 'pushed', stripe, bytesPerSecond: rate / stripes.length };
    });
}

function quiet(party: string, kind: 'spare' | 'connecting'): Strand {
  return { key: `${party} ${kind}`, party, inbound: true, kind, stripe: null, bytesPerSecond: 0 };
}
