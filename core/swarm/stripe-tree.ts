// One stripe's push tree: who hangs under whom, in which turn, and when a chunk arrives there.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import { oneWayMs, type Place } from './member.ts';

/** When a chunk is taken to arrive under a parent that hasn't joined yet. */
const CLAIMED_ARRIVAL_MS = 100;

/** The structure alone: whether a move is wise, and whether there is capacity, is its caller's matter. */
export class StripeTree {
  /** Children of the relay. */
  readonly roots: Place[] = [];

  /** Hangs a detached place under a parent (or the relay), as its last child: so viewers take their turns too. */
  attach(place: Place, parent: Place | undefined): void {
    if (parent && isWithin(parent, place)) throw new RangeError(`${place.member.peer} can't hang below itself`);
    const siblings = parent ? parent.children : this.roots;
    place.index = siblings.length;
    siblings.push(place);
    place.feed = parent ? 'peer' : 'relay';
    place.parent = parent;
    place.oneWayMs = parent ? oneWayMs(parent.member, place.member) : place.member.roundTripMs / 2;
    if (parent) parent.member.used++;
  }

  /** Takes a place out, with everything under it. */
  detach(place: Place): void {
    if (place.feed === 'relay' || place.feed === 'peer') {
      const siblings = place.parent ? place.parent.children : this.roots;
      siblings.splice(place.index, 1);
      for (let i = place.index; i < siblings.length; i++) siblings[i]!.index = i;
      if (place.parent) place.parent.member.used--;
    }
    place.feed = 'detached';
    place.parent = undefined;
    place.claim = undefined;
  }

  /** Takes a detached place for a child of a peer that may come. */
  assume(place: Place, parent: PeerId): void {
    place.feed = 'claimed';
    place.claim = parent;
  }
}

/** When the last bit of a chunk is there, in ms after the relay had it; infinite where no tree leads. */
export function arrivalMs(place: Place): Millis {
  let sum = 0;
  let at = place;
  while (at.parent) {
    sum += at.oneWayMs + (at.index + 1) * at.parent.member.chunkMs;
    at = at.parent;
  }
  if (at.feed === 'relay') return sum + at.oneWayMs;
  return at.feed === 'claimed' ? sum + CLAIMED_ARRIVAL_MS : Number.POSITIVE_INFINITY;
}

/** Hops from the relay: 1 for its own children. */
export function depthOf(place: Place): number {
  let depth = 1;
  for (let at = place; at.parent; at = at.parent) depth++;
  return depth;
}

/** How many places there are in the tree below a place, with itself; at most `limit`. */
export function sizeOf(place: Place, limit: number): number {
  let size = 1;
  for (const child of place.children) {
    if (size >= limit) return limit;
    size += sizeOf(child, limit - size);
  }
  return Math.min(size, limit);
}

/** Whether a place is the other one or below it. */
export function isWithin(place: Place, above: Place): boolean {
  for (let at: Place | undefined = place; at; at = at.parent) if (at === above) return true;
  return false;
}
