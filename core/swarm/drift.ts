// Slow improvement of the trees: a few viewers at a time move to where chunks arrive clearly earlier.

import type { Millis } from '../time.ts';
import type { Forest } from './forest.ts';
import type { Member, Place } from './member.ts';
import { crowdMs } from './slot-finder.ts';
import { arrivalMs } from './stripe-tree.ts';

/** What the move of a leaf has to gain. With each child more that gains by it, less is enough. */
const GAIN_MS = 50;
const GAIN_SHARE = 0.25;
const WEIGHT_OF_CHILD = 0.25;
/** For how long a member then stays. */
const PAUSE_MS = 20_000;
/** Attempts for each move that is allowed. */
const ATTEMPTS = 4;

interface Wish {
  readonly place: Place;
  readonly arrival: Millis;
  /** By when a chunk has to arrive for a move to be worth it. */
  readonly bound: Millis;
  readonly weight: number;
}

/** Moves the worst off of `members`, and those who keep the most waiting, at most `limit` in all; what all of them have to offer becomes known again. */
export function drift(forest: Forest, members: Iterable<Member>, limit: number, now: Millis): void {
  const earliest = forest.trees.map((_, stripe) => forest.finder.earliest(stripe));
  const wishes: Wish[] = [];
  for (const member of members) {
    const rests = now - member.movedAt < PAUSE_MS;
    if (!rests) forest.rehome(member);
    for (const place of member.places) {
      forest.finder.offer(place);
      if (rests || place.feed === 'detached' || place.feed === 'claimed') continue;
      const wish = wishOf(place);
      if (place.children.length > 0 || wish.bound > earliest[place.stripe]!) wishes.push(wish);
    }
  }
  let left = limit;
  const grant = (wish: Wish): void => {
    const { member } = wish.place;
    if (left === 0 || now - member.movedAt < PAUSE_MS || !forest.improve(wish.place, wishOf(wish.place).bound)) return;
    member.movedAt = now;
    left--;
  };
  const worst = wishes.toSorted((a, b) => b.arrival - a.arrival).slice(0, ATTEMPTS * limit);
  const heavy = wishes.toSorted((a, b) => b.arrival * b.weight - a.arrival * a.weight).slice(0, ATTEMPTS * limit);
  for (const [i, wish] of worst.entries()) {
    grant(wish);
    grant(heavy[i]!);
  }
}

function wishOf(place: Place): Wish {
  const weight = 1 + place.children.length * WEIGHT_OF_CHILD;
  const arrival = arrivalMs(place) + (place.parent ? crowdMs(place.parent, place) : 0);
  return { place, arrival, weight, bound: Math.min(arrival - GAIN_MS / weight, arrival * (1 - GAIN_SHARE / weight)) };
}
