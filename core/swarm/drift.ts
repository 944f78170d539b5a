// Slow improvement of the trees: a few viewers at a time move to where chunks arrive clearly earlier.

import type { Millis } from '../time.ts';
import type { Forest } from './forest.ts';
import type { Member, Place } from './member.ts';
import { arrivalMs } from './stripe-tree.ts';

/** What a move has to gain, and for how long its member then stays. */
const GAIN_MS = 50;
const GAIN_SHARE = 0.25;
const PAUSE_MS = 20_000;

/** Moves the worst off of `members`, at most `limit` of them; all their offers become known again. */
export function drift(forest: Forest, members: Iterable<Member>, limit: number, now: Millis): void {
  const places: { readonly place: Place; readonly arrival: Millis }[] = [];
  for (const member of members) {
    if (now - member.movedAt >= PAUSE_MS) forest.rehome(member);
    for (const place of member.places) {
      if (place.feed === 'detached') continue;
      forest.finder.offer(place);
      if (place.feed === 'claimed' || now - member.movedAt < PAUSE_MS) continue;
      places.push({ place, arrival: arrivalMs(place) });
    }
  }
  places.sort((a, b) => b.arrival - a.arrival);
  let left = limit;
  for (const { place } of places.slice(0, 4 * limit)) {
    if (left === 0) return;
    if (now - place.member.movedAt < PAUSE_MS) continue;
    const arrival = arrivalMs(place);
    if (!forest.improve(place, Math.min(arrival - GAIN_MS, arrival * (1 - GAIN_SHARE)))) continue;
    place.member.movedAt = now;
    left--;
  }
}
