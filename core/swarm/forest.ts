// The K stripe trees of a swarm together: capacities shared among them, and the moves that keep everybody fed.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Member, Place } from './member.ts';
import { rankOf, SlotFinder } from './slot-finder.ts';
import { isWithin, StripeTree } from './stripe-tree.ts';

export interface ForestOptions {
  readonly stripes: number;
  /** Whether two members may be connected at all. */
  readonly mayPair: (a: Member, b: Member) => boolean;
  /** Called with each member whose parents changed. */
  readonly moved: (member: Member) => void;
}

/** Stepping in front of somebody costs a move more than a free slot: it has to gain this much. */
const STEP_GAIN_MS = 10;

/** Trees of members that are in the swarm and not banned. */
export class Forest {
  readonly trees: readonly StripeTree[];
  readonly finder: SlotFinder;
  /** Children that all members together can have, and have. */
  supply = 0;
  readonly #moved: (member: Member) => void;
  /** Per stripe: capacity of those who are interior in it by plan. */
  readonly #homeSupply: number[];

  constructor({ stripes, mayPair, moved }: ForestOptions) {
    this.trees = Array.from({ length: stripes }, () => new StripeTree());
    this.finder = new SlotFinder(stripes, mayPair);
    this.#moved = moved;
    this.#homeSupply = new Array<number>(stripes).fill(0);
  }

  /** Gives a member its capacity, and moves away the children that are too many. */
  setCapacity(member: Member, capacity: number): void {
    const change = capacity - member.capacity;
    if (change === 0) return;
    this.supply += change;
    if (member.home === undefined && capacity > 0) {
      member.home = this.#homeSupply.indexOf(Math.min(...this.#homeSupply));
    }
    if (member.home !== undefined) this.#homeSupply[member.home]! += change;
    member.capacity = capacity;
    if (capacity === 0) member.home = undefined;
    if (change > 0) this.#offerAll(member);
    else this.#shed(member, member.used - capacity);
  }

  /** Makes a member interior in the stripe with the least supply, while it has no children where it is. */
  rehome(member: Member): void {
    const { home } = member;
    if (home === undefined || member.places[home]!.children.length > 0) return;
    const least = this.#homeSupply.indexOf(Math.min(...this.#homeSupply));
    if (this.#homeSupply[home]! - this.#homeSupply[least]! < 2 * member.capacity) return;
    this.#homeSupply[home]! -= member.capacity;
    this.#homeSupply[least]! += member.capacity;
    member.home = least;
    this.#offerAll(member);
  }

  /** Hangs a detached place where a chunk arrives first; under the relay when nowhere else is room. `step`: a weaker one may have to give way. */
  place(place: Place, step = true): void {
    const tree = this.trees[place.stripe]!;
    if (tree.roots.length === 0) {
      this.attach(place, undefined);
      return;
    }
    const slot = this.finder.freeSlot(place);
    if (step && place.member.free > 0) {
      const needy = !slot;
      const victim = needy || rankOf(place) > 0 ? this.finder.victim(place, needy) : undefined;
      if (victim && victim.arrivalMs + STEP_GAIN_MS < (slot?.arrivalMs ?? Number.POSITIVE_INFINITY)) {
        this.#stepIn(place, victim.place);
        return;
      }
    }
    this.attach(place, slot?.parent);
  }

  /** Hangs a detached place under a parent that has room, or under the relay. */
  attach(place: Place, parent: Place | undefined): void {
    this.trees[place.stripe]!.attach(place, parent);
    this.finder.offer(place);
    if (parent) this.finder.offer(parent);
    this.#moved(place.member);
  }

  /** Takes a detached place for a child of a peer that may come. */
  assume(place: Place, parent: PeerId): void {
    this.trees[place.stripe]!.assume(place, parent);
    this.#moved(place.member);
  }

  /** Takes a place out with all below it. Its caller hangs it elsewhere. */
  detach(place: Place): void {
    const { parent } = place;
    this.trees[place.stripe]!.detach(place);
    if (!parent) return;
    if (parent.member.free === 1) this.#offerAll(parent.member);
    else this.finder.offer(parent);
  }

  /** Hangs several detached places, with those first who carry others best. */
  placeAll(places: readonly Place[]): void {
    const ordered = [...places].sort(
      (a, b) =>
        rankOf(b) - rankOf(a) ||
        b.children.length - a.children.length ||
        a.member.joinedAt - b.member.joinedAt ||
        a.member.roundTripMs - b.member.roundTripMs,
    );
    for (const place of ordered) if (place.feed === 'detached') this.place(place);
  }

  /** Takes a member out of all trees; those it fed are fed by others at once. */
  remove(member: Member): void {
    // First out of the trees: what hangs below it is no place to be while it is moved.
    for (const place of member.places) this.detach(place);
    this.setCapacity(member, 0);
  }

  /** Moves a place to where a chunk arrives by `bound`, if there is such a slot. */
  improve(place: Place, bound: Millis): boolean {
    const slot = this.finder.freeSlot(place);
    const victim = rankOf(place) > 0 && place.member.free > 0 ? this.finder.victim(place, false) : undefined;
    const toVictim =
      victim !== undefined && victim.arrivalMs + STEP_GAIN_MS < (slot?.arrivalMs ?? Number.POSITIVE_INFINITY);
    const after = toVictim ? victim.arrivalMs : slot?.arrivalMs;
    if (after === undefined || after > bound) return false;
    if (place.feed === 'relay' && this.trees[place.stripe]!.roots.length === 1) return false;
    // Whoever it would step in front of must not be above it: that one would be detached with it.
    if (toVictim && isWithin(place, victim.place)) return this.#climb(place, victim.place);
    this.detach(place);
    if (toVictim) this.#stepIn(place, victim.place);
    else this.attach(place, slot!.parent);
    return true;
  }

  /** Takes children of the relay back into a stripe's tree, all but one, as far as there is room. */
  takeBack(stripe: number, limit: number): void {
    const { roots } = this.trees[stripe]!;
    let left = limit;
    while (roots.length > 1 && left-- > 0) {
      const weakest = [...roots].sort((a, b) => rankOf(a) - rankOf(b) || b.member.joinedAt - a.member.joinedAt);
      const moved = weakest.slice(0, 4).some(root => {
        const slot = this.finder.freeSlot(root);
        if (!slot) return false;
        this.detach(root);
        this.attach(root, slot.parent);
        return true;
      });
      if (!moved) return;
    }
  }

  #offerAll(member: Member): void {
    for (const place of member.places) this.finder.offer(place);
  }

  /** Puts a detached place where another one is, which then takes the best free slot. */
  #stepIn(place: Place, victim: Place): void {
    const { parent } = victim;
    this.trees[victim.stripe]!.detach(victim);
    this.attach(place, parent);
    this.place(victim, false);
  }

  /** Changes a place with one above it. */
  #climb(place: Place, above: Place): boolean {
    const { parent } = above;
    if (place.member.free === 0) return false;
    this.detach(place);
    this.trees[above.stripe]!.detach(above);
    this.attach(place, parent);
    this.place(above, false);
    return true;
  }

  #shed(member: Member, surplus: number): void {
    if (surplus <= 0) return;
    const children = member.places.flatMap(place => place.children);
    const cost = (child: Place) => child.children.length * 2 + (child.stripe === member.home ? 1 : 0);
    const shed = children.sort((a, b) => cost(a) - cost(b) || b.index - a.index).slice(0, surplus);
    for (const place of shed) this.detach(place);
    this.placeAll(shed);
  }
}
