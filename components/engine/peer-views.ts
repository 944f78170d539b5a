// How the peers of a swarm are shown to those who look at its figures.

import type { PeerId } from '../../core/peer-id.ts';
import type { Neighbour } from '../../core/swarm/neighbour.ts';
import type { PeerView } from './swarm-stats.ts';

/** One view for each neighbour. */
export function peerViews(neighbours: Iterable<Neighbour>): PeerView[] {
  return [...neighbours].map(neighbour => ({
    id: nameOf(neighbour.id),
    state: neighbour.up ? 'connected' : 'connecting',
    gives: stripesIn(neighbour.gives),
    takes: stripesIn(neighbour.takes),
    bytesIn: neighbour.bytesIn,
    bytesOut: Math.round(neighbour.bytesOut),
    roundTripMs: neighbour.measuredRoundTripMs,
  }));
}

/** A peer's id as text. */
export function nameOf(peer: PeerId): string {
  return peer.toString(16).padStart(12, '0');
}

/** The stripes whose bits are set. */
export function stripesIn(mask: number): number[] {
  const stripes: number[] = [];
  for (let stripe = 0; mask >> stripe > 0; stripe++) if (((mask >> stripe) & 1) === 1) stripes.push(stripe);
  return stripes;
}
