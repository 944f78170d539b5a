// The K stripe trees of a swarm together: capacities shared among them, and the moves that keep everybody fed.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Member, Place } from './member.ts';
import { rankOf, SlotFinder } from './slot-finder.ts';
import { isWithin, StripeTree, sizeOf } from './stripe-tree.ts';

export interface ForestOptions {
  readonly stripes: number;
  /** Whether two members may be connected at all. */
  readonly mayPair: (a: Member, b: Member) => boolean;
  /** Whether the link between two members carries no stripe beside those that it does. */
  readonly isCrowded: (a: Member, b: Member) => boolean;
  /** Called with each member whose parents changed. */
  readonly moved: (member: Member) => void;
}

/** Stepping in front of somebody costs a move more than a free slot: it has to gain this much. */
const STEP_GAIN_MS = 10;
/** Trees of this size or more are all the same when one has to hang under another. */
const MAX_SIZE = 256;
/** With more children of the relay than this only leaves are told from others. */
const MANY_ROOTS = 64;
/** From this size on a tree gets a place near the top. */
const LARGE_SIZE = 8;
/** Of many children of the relay so many are tried. */
const TRIED = 4;

/** Trees of members that are in the swarm and not banned. */
export class Forest {
  readonly trees: readonly StripeTree[];
  readonly finder: SlotFinder;
  /** Children that all members together can have, and have. */
  supply = 0;
  readonly #moved: (member: Member) => void;
  /** Per stripe: capacity of those who are interior in it by plan. */
  readonly #homeSupply: number[];

  constructor({ stripes, mayPair, isCrowded, moved }: ForestOptions) {
    this.trees = Array.from({ length: stripes }, () => new StripeTree());
    this.finder = new SlotFinder(stripes, mayPair, isCrowded);
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
    // Whoever gives way needs a slot: one of the newcomer's own, or the one that was found for it.
    if (step && (slot || place.member.free > 0)) {
      const needy = !slot;
      // Not where it isn't interior: many viewers with one child each in a stripe make chains.
      const mayStep = rankOf(place) > 0 || (needy && this.finder.isSmall);
      const victim = mayStep ? this.finder.victim(place, needy) : undefined;
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
    const mayStep = rankOf(place) > 0 && (slot !== undefined || place.member.free > 0);
    const victim = mayStep ? this.finder.victim(place, false) : undefined;
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
  takeBack(stripe: number, limit: number, now: Millis): void {
    const { roots } = this.trees[stripe]!;
    if (roots.length > 1 && roots.some(({ member }) => member.settlesUntil > now)) return;
    let left = limit;
    while (roots.length > 1 && left-- > 0) {
      // The one with the most below it stays: all of them would be a hop further away.
      const size = new Map(roots.map(root => [root, sizeOf(root, roots.length > MANY_ROOTS ? 2 : MAX_SIZE)]));
      const least = roots.toSorted(
        (a, b) => size.get(a)! - size.get(b)! || rankOf(a) - rankOf(b) || b.member.joinedAt - a.member.joinedAt,
      );
      const largest = least.pop()!; // there are two at least
      const moved = least
        .slice(0, this.finder.isSmall ? least.length : TRIED)
        .some(root => (size.get(root)! >= LARGE_SIZE && this.#hangHigh(root, largest)) || this.#hangFree(root));
      if (!moved && !(this.finder.isSmall && this.#hangFree(largest))) return;
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

  /** Hangs a child of the relay where there is room. */
  #hangFree(root: Place): boolean {
    const slot = this.finder.freeSlot(root);
    if (!slot) return false;
    this.detach(root);
    this.attach(root, slot.parent);
    return true;
  }

  /** Hangs a child of the relay directly under another, in place of the child there that carries the least. */
  #hangHigh(root: Place, above: Place): boolean {
    if (!this.finder.mayPair(root.member, above.member)) return false;
    if (above.member.free === 0) {
      const sizes = above.children.map(child => ({ child, size: sizeOf(child, MAX_SIZE) }));
      const [least] = sizes.sort((a, b) => a.size - b.size);
      if (!least || least.size >= sizeOf(root, MAX_SIZE)) return false;
      this.detach(least.child);
      this.detach(root);
      this.attach(root, above);
      this.place(least.child);
      return true;
    }
    this.detach(root);
    this.attach(root, above);
    return true;
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
