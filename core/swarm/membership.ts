// Who takes part in the trees: brings members in, keeps what they had, takes them out, and finds everybody a parent meanwhile.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import { Acquaintances } from './acquaintances.ts';
import { capacityOf, FIRST_GUESS } from './capacity.ts';
import { ClaimedParents } from './claimed-parents.ts';
import { Forest } from './forest.ts';
import type { Member, Place } from './member.ts';
import { PairMemory } from './pair-memory.ts';
import { PlanWriter } from './plan-writer.ts';
import { Roster } from './roster.ts';
import { release, SparePicker } from './spare-picker.ts';
import { isWithin } from './stripe-tree.ts';

export interface MembershipOptions {
  readonly stripes: number;
  readonly stripeKbps: number;
  /** Most children that a viewer gets, over all stripes. */
  readonly maxChildren: number;
  /** Below this number of viewers the relay feeds everybody. */
  readonly minViewers: number;
}

/** For how long a lowered capacity holds. */
const CEILING_MS = 30_000;
/** By then everybody has come back after a restart. */
const SETTLES_MS: Millis = 3_000;
/** So many times the slots that are needed are enough. */
const AMPLE = 1.15;
/** Children of the relay that are taken back at once when room appears. */
const TAKEN_BACK = 8;

/** All members with their places. `now` has to be set before anything is done. */
export class Membership {
  now: Millis = 0;
  readonly roster = new Roster();
  readonly pairs = new PairMemory();
  /** Pairs whose link carries no more stripes than it does. */
  readonly crowded = new PairMemory();
  readonly known = new Acquaintances();
  readonly claims = new ClaimedParents();
  readonly banned = new Set<Member>();
  readonly forest: Forest;
  readonly plans: PlanWriter;
  readonly #picker: SparePicker;
  readonly #options: MembershipOptions;
  #stripeKbps: number;
  #active: boolean;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#stripeKbps = options.stripeKbps;
    this.#active = options.minViewers <= 0;
    const mayPair = (a: Member, b: Member) => this.mayPair(a, b);
    const isCrowded = (a: Member, b: Member) => this.crowded.has(a.peer, b.peer, this.now);
    this.forest = new Forest({
      stripes: options.stripes,
      mayPair,
      isCrowded,
      moved: member => this.plans.mark(member),
    });
    this.#picker = new SparePicker({ members: this.roster.list, finder: this.forest.finder, mayPair });
    this.plans = new PlanWriter({ picker: this.#picker, known: this.known });
  }

  /** In kbit/s. Everybody's capacity follows it. */
  get stripeKbps(): number {
    return this.#stripeKbps;
  }

  set stripeKbps(kbps: number) {
    this.#stripeKbps = kbps;
    for (const member of this.roster.list) this.fitCapacity(member);
    this.takeBack();
  }

  /** Whether a member has places in the trees. The others get everything from the relay. */
  plays(member: Member): boolean {
    return this.#active && member.role === 'viewer' && !this.banned.has(member);
  }

  mayPair(a: Member, b: Member): boolean {
    return !this.pairs.has(a.peer, b.peer, this.now);
  }

  /** Takes a new member up. */
  add(member: Member): void {
    this.roster.add(member);
  }

  /** Takes a member out for good. */
  remove(member: Member): void {
    this.roster.remove(member);
    this.forest.finder.remove(member);
    this.expel(member);
    this.banned.delete(member);
    this.plans.forget(member);
    this.known.forget(member.peer);
    this.checkActive();
    this.takeBack();
  }

  /** Crosses the number of viewers from which peers are used. True when everybody has just entered or left the trees. */
  checkActive(): boolean {
    const active = this.roster.viewers >= this.#options.minViewers;
    if (active === this.#active) return false;
    this.#active = active;
    for (const member of this.roster.list) {
      if (active) this.enter(member);
      else this.expel(member);
    }
    return true;
  }

  /** Gives a member its places, or keeps those it has: claimed parents first, then children that waited for it, then what is best. */
  enter(member: Member): void {
    this.plans.mark(member);
    if (member.role === 'source' && this.#active && !this.banned.has(member)) this.#picker.addSource(member);
    if (!this.plays(member)) {
      this.rehang(this.claims.fulfil(member.peer));
      return;
    }
    this.fitCapacity(member);
    const { neighbours } = member;
    const isSettling = neighbours.some(({ stripes }) => stripes !== 0);
    if (isSettling) member.settlesUntil = this.now + SETTLES_MS;
    member.neighbours = [];
    for (const { peer, stripes } of neighbours) {
      for (const place of member.places) if (stripes & (1 << place.stripe)) this.#claim(place, peer);
    }
    for (const child of this.claims.fulfil(member.peer)) {
      this.forest.detach(child);
      if (!this.follow(child, member.places[child.stripe]!)) this.forest.place(child);
    }
    const home = member.home === undefined ? [] : [member.places[member.home]!];
    for (const place of [...home, ...member.places]) {
      if (place.feed !== 'detached') continue;
      // What hung under the relay before its restart may carry a whole tree: down a branch all of it would be late.
      if (isSettling) this.forest.attach(place, undefined);
      else this.forest.place(place);
    }
  }

  /** Takes a member out of the trees and everybody's spares. */
  expel(member: Member): void {
    this.#disturb(member);
    this.forest.remove(member);
    if (member.role === 'source') this.#picker.removeSource(member);
    release(member);
    for (const other of member.sparedBy) {
      other.spares = other.spares.filter(spare => spare !== member);
      this.plans.markLater(other, this.now);
    }
    member.sparedBy.clear();
    this.plans.mark(member);
  }

  /** Hangs a place under a parent of its own choice, if that can be. */
  follow(place: Place, parent: Place): boolean {
    const isLastRoot = place.feed === 'relay' && this.forest.trees[place.stripe]!.roots.length === 1;
    if (isLastRoot || parent.member.free === 0 || parent.member === place.member) return false;
    if (isWithin(parent, place) || !this.mayPair(place.member, parent.member)) return false;
    if (!this.forest.finder.mayShare(parent, place)) return false;
    this.forest.detach(place);
    this.forest.attach(place, parent);
    return true;
  }

  /** Brings a member's capacity in line with its upload. */
  fitCapacity(member: Member): void {
    if (this.plays(member)) this.forest.setCapacity(member, this.#capacityOf(member));
  }

  /** The same, but what is more than before waits until it is needed: see `raise`. */
  followUplink(member: Member): void {
    const isModest = member.uploadKbps <= FIRST_GUESS * this.#stripeKbps * this.#options.stripes;
    if (isModest || this.#capacityOf(member) < member.capacity) this.fitCapacity(member);
  }

  /**
   * Where slots are short, lets at most `limit` of these members have as many children as they say they can carry. Whether an uplink carries
   * one more child shows only when it has it, and its children suffer when it doesn't: so few try at a time, and nobody without need.
   */
  raise(members: readonly Member[], limit: number): void {
    if (!this.#isShort) return;
    let left = limit;
    for (const member of members) {
      if (left === 0) return;
      if (!this.plays(member) || this.#capacityOf(member) <= member.capacity) continue;
      this.fitCapacity(member);
      left--;
    }
  }

  /** Lowers a member's capacity for a while; what is too much goes elsewhere. */
  lower(member: Member, capacity: number, forMs: Millis = CEILING_MS): void {
    if (capacity < member.used) this.#disturb(member);
    member.ceiling = Math.max(0, capacity);
    member.ceilingUntil = this.now + forMs;
    this.fitCapacity(member);
  }

  /** Finds other parents for places at once. */
  rehang(places: readonly Place[]): void {
    for (const place of places) {
      place.disturbedAt = this.now;
      this.forest.detach(place);
    }
    this.forest.placeAll(places);
  }

  /** Takes surplus children of the relay back while there is room. */
  takeBack(limit = TAKEN_BACK): void {
    for (let stripe = 0; stripe < this.#options.stripes; stripe++) {
      this.forest.takeBack(stripe, Math.max(limit, TAKEN_BACK), this.now);
    }
  }

  /** Whether the members can hardly carry each other. */
  get #isShort(): boolean {
    const { trees, supply } = this.forest;
    const needed = (this.roster.viewers - 1) * this.#options.stripes;
    return supply < needed * AMPLE || trees.some(({ roots }) => roots.length > 1);
  }

  #capacityOf(member: Member): number {
    return capacityOf(member, { stripeKbps: this.#stripeKbps, maxChildren: this.#options.maxChildren }, this.now);
  }

  /** Believes what a viewer says about who feeds it, as far as that can be. */
  #claim(place: Place, peer: PeerId): void {
    const claimed = this.roster.get(peer);
    if (claimed) {
      const parent = claimed.places[place.stripe]!;
      if (place.parent !== parent && this.plays(claimed)) this.follow(place, parent);
    } else if (place.feed === 'detached') {
      this.forest.assume(place, peer);
      this.claims.add(place, peer, this.now);
    }
  }

  /** Notes that a member's children have lost their parent. */
  #disturb(member: Member): void {
    for (const place of member.places) for (const child of place.children) child.disturbedAt = this.now;
  }
}
