// Puts a <p2p-stats> on the test's page, feeds it, and reads what it shows.

import '../../components/stats/define-stats.ts';
import { NO_SWARM, type PeerView, type SwarmStats } from '../../components/engine/swarm-stats.ts';
import { P2pStats } from '../../components/index.ts';
import { until } from './expect.ts';
import { player } from './mount.ts';

/** Attributes of the player that elements of `mountStats` look at. */
export const PLAYER = 'id="player" name="lecture"';

/** A connected neighbour that neither gives nor takes. */
export function peer(id: string, figures: Partial<PeerView> = {}): PeerView {
  return { id, state: 'connected', gives: [], takes: [], bytesIn: 0, bytesOut: 0, roundTripMs: 23, ...figures };
}

/** Figures of a viewer in a swarm of four stripes. */
export function joined(figures: Partial<SwarmStats> = {}): SwarmStats {
  return { ...NO_SWARM, state: 'joined', stripes: 4, ...figures };
}

/** An element made from `attributes` in a box of that width (pixels), drawn. */
export async function mountStats(attributes = 'for="player"', width = 700): Promise<P2pStats> {
  const holder = document.createElement('div');
  holder.className = 'holder';
  holder.style.width = `${width}px`;
  holder.innerHTML = `<p2p-stats ${attributes}></p2p-stats>`;
  document.body.append(holder);
  const element = holder.firstElementChild;
  if (!(element instanceof P2pStats)) throw new Error('<p2p-stats> is not defined');
  await until(() => all(element, '.drawing').length === 1, 'it is drawn');
  return element;
}

/** What `selector` finds in its shadow tree. */
export const all = (element: P2pStats, selector: string) => [...element.renderRoot.querySelectorAll(selector)];
/** The texts of what `selector` finds. */
export const words = (element: P2pStats, selector: string) =>
  all(element, selector).map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());
/** The line that says how it stands. */
export const says = (element: P2pStats) => words(element, '.say')[0];
/** What the drawing tells a screen reader. */
export const spoken = (element: P2pStats) => all(element, '.drawing')[0]?.getAttribute('aria-label') ?? '';

/** Lets the counters start over, and grow from nothing to `swarm` within a second. */
export async function tell(element: P2pStats, swarm: SwarmStats): Promise<void> {
  const clock = performance.now;
  const start = clock.call(performance);
  const peers = swarm.peers.map(one => ({ ...one, bytesIn: 0, bytesOut: 0 }));
  try {
    performance.now = () => start + 1_000;
    player().tell({ swarm: { ...NO_SWARM, bytesPushed: Number.MAX_SAFE_INTEGER } });
    performance.now = () => start + 2_000;
    player().tell({ swarm: { ...swarm, bytesPushed: 0, bytesPulled: 0, bytesFromRelay: 0, bytesUploaded: 0, peers } });
    performance.now = () => start + 3_000;
    player().tell({ swarm });
  } finally {
    performance.now = clock;
  }
  await element.updateComplete;
}
