// Who may push a stripe when its parent is gone or silent, until the relay plans anew.

import type { Millis } from '../time.ts';
import type { Neighbour } from './neighbour.ts';

/** Who refused to be a substitute is not asked again for so long. */
const DECLINED_MS: Millis = 3_000;

/** Of the neighbours that are not below us in the stripe, the one that holds the newest. `isAnybodyWelcome`: also one that tells nothing of what it holds. */
export function findSubstitute(
  neighbours: Iterable<Neighbour>,
  { stripe, isAnybodyWelcome, now }: { stripe: number; isAnybodyWelcome: boolean; now: Millis },
): Neighbour | undefined {
  const bit = 1 << stripe;
  let best: Neighbour | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const neighbour of neighbours) {
    if (!neighbour.up || ((neighbour.takes | neighbour.gives) & bit) !== 0) continue;
    if (now - neighbour.declinedAt < DECLINED_MS) continue;
    const isKnown = neighbour.hasNews(now);
    if (!isKnown && !isAnybodyWelcome) continue;
    const score = (isKnown ? neighbour.newest : 0) - neighbour.roundTripMs / 20 - neighbour.unanswered * 50;
    if (score > bestScore) {
      best = neighbour;
      bestScore = score;
    }
  }
  return best;
}
