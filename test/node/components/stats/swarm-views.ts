// Swarm figures for tests: says only what a test is about.

import { NO_SWARM, type PeerView, type SwarmStats } from '../../../../components/engine/swarm-stats.ts';

/** Figures of a viewer in a swarm of four stripes. */
export function swarm(figures: Partial<SwarmStats> = {}): SwarmStats {
  return { ...NO_SWARM, state: 'joined', stripes: 4, ...figures };
}

/** A connected neighbour that neither gives nor takes. */
export function neighbour(id: string, figures: Partial<PeerView> = {}): PeerView {
  return { id, state: 'connected', gives: [], takes: [], bytesIn: 0, bytesOut: 0, roundTripMs: 20, ...figures };
}
