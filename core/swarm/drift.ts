// Slow improvement of the trees: a few viewers at a time move to where chunks arrive clearly earlier.

import type { Millis } from '../time.ts';
import type { Forest } from './forest.ts';
import type { Member, Place } from './member.ts';
import { arrivalMs } from './stripe-tree.ts';

/** What the move of a leaf has to gain. With each child more that gains by it, less is enough. */
const GAIN_MS = 50;
const GAIN_SHARE = 0.25;
const WEIGHT_OF_CHILD = 0.25;
/** For how long a member then stays. */
const PAUSE_MS = 20_000;

/** Moves the worst off of `members`, at most `limit` of them; all their offers become known again. */
export function drift(forest: Forest, members: Iterable<Member>, limit: number, now: Millis): void {
  const places: { readonly place: Place; readonly loss: number }[] = [];
  for (const member of members) {
    if (now - member.movedAt >= PAUSE_MS) forest.rehome(member);
    for (const place of member.places) {
      if (place.feed === 'detached') continue;
      forest.finder.offer(place);
      if (place.feed === 'claimed' || now - member.movedAt < PAUSE_MS) continue;
      places.push({ place, loss: arrivalMs(place) * weightOf(place) });
    }
  }
  places.sort((a, b) => b.loss - a.loss);
  let left = limit;
  for (const { place } of places.slice(0, 4 * limit)) {
    if (left === 0) return;
    if (now - place.member.movedAt < PAUSE_MS) continue;
    const arrival = arrivalMs(place);
    const weight = weightOf(place);
    if (!forest.improve(place, Math.min(arrival - GAIN_MS / weight, arrival * (1 - GAIN_SHARE / weight)))) continue;
    place.member.movedAt = now;
    left--;
  }
}

function weightOf({ children }: Place): number {
  return 1 + children.length * WEIGHT_OF_CHILD;
}
