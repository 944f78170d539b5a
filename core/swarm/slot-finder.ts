// Finds where a viewer fits best into a stripe's tree: the free slot that a chunk reaches first, or a weaker viewer to step in front of.

import type { Millis } from '../time.ts';
import { type Member, oneWayMs, type Place } from './member.ts';
import { SlotHeap } from './slot-heap.ts';
import { arrivalMs, depthOf, isWithin } from './stripe-tree.ts';

/** A place under which another can hang, and when a chunk would arrive there. */
export interface Slot {
  readonly parent: Place;
  readonly arrivalMs: Millis;
}

/** A place that another can take, and when a chunk would arrive there. */
export interface Victim {
  readonly place: Place;
  readonly arrivalMs: Millis;
}

/** Slots deeper than this aren't offered: the relay is the better parent then. */
const MAX_DEPTH = 40;
/** How many parents are compared by their distance, and how many are looked at for that. */
const COMPARED = 6;
const LOOKED_AT = 256;
/** In a network of more members than this the heap finds near ones well enough. */
const SMALL_NETWORK = 12;
const SMALL_SWARM = 24;
/** Uplinks within this factor have the same rank. */
const RANK_STEP = 1.5;
const RANK_FLOOR_KBPS = 64;
const MAX_RANK = 24;
/** A child of the relay gives way only to one stronger by this many ranks. */
const ROOT_RANKS = 2;

/** 0 where a place is a leaf by plan, else the higher the stronger the uplink. */
export function rankOf({ member, stripe }: Place): number {
  if (member.home !== stripe || member.capacity === 0) return 0;
  const rank = 1 + Math.floor(Math.log(member.uploadKbps / RANK_FLOOR_KBPS) / Math.log(RANK_STEP));
  return Math.min(MAX_RANK, Math.max(1, rank));
}

/** When the next child of a place would have a chunk, but for its own end of the way. */
const nextTurn = (place: Place): Millis =>
  arrivalMs(place) + (place.children.length + 1) * place.member.chunkMs + ownEndMs(place.member);

/** A lossy link carries two stripes well and a third one badly (measured: beyond about 800 kbit/s a channel waits for its own losses); and bursts take longer. */
const LINK_STRIPES = 2;
const CROWD_MS: Millis = 400;
const SHARED_MS: Millis = 100;

/** What a child waits longer because its parent pushes it other stripes, too. */
export function crowdMs(parent: Place, child: Place): Millis {
  const shared = sharedStripes(parent, child);
  return shared * SHARED_MS + Math.max(0, shared + 1 - LINK_STRIPES) * CROWD_MS;
}

/** Other stripes that a parent pushes to a child. */
function sharedStripes(parent: Place, child: Place): number {
  let shared = 0;
  for (const place of child.member.places) if (place !== child && place.parent?.member === parent.member) shared++;
  return shared;
}

/** Under a parent that isn't interior in the stripe hang only leaves, and no further such parents: otherwise they would make chains. */
function mayBeGuest({ parent }: Place, child: Place): boolean {
  return child.children.length === 0 && (!parent || parent.member.home === parent.stripe);
}

/** A member's part of the way to any other. */
const ownEndMs = (member: Member): Millis => member.roundTripMs / 4;

/** The heaps of one swarm. `mayPair` forbids pairs that failed to connect. */
export class SlotFinder {
  readonly mayPair: (a: Member, b: Member) => boolean;
  readonly #isCrowded: (a: Member, b: Member) => boolean;
  /** Per stripe: parents with capacity that are interior in it by plan, and the others. */
  readonly #home: readonly SlotHeap<Place>[];
  readonly #guest: readonly SlotHeap<Place>[];
  /** Per stripe and rank: places by arrival. */
  readonly #ranks: readonly (readonly SlotHeap<Place>[])[];
  readonly #networks = new Map<string, Set<Member>>();
  #members = 0;

  constructor(
    stripes: number,
    mayPair: (a: Member, b: Member) => boolean,
    isCrowded: (a: Member, b: Member) => boolean,
  ) {
    this.mayPair = mayPair;
    this.#isCrowded = isCrowded;
    const heaps = (count: number) => Array.from({ length: count }, () => new SlotHeap<Place>());
    this.#home = heaps(stripes);
    this.#guest = heaps(stripes);
    this.#ranks = Array.from({ length: stripes }, () => heaps(MAX_RANK + 1));
  }

  /** Whether there are so few members that chains are short, and every slot counts. */
  get isSmall(): boolean {
    return this.#members <= SMALL_SWARM;
  }

  /** Whether the link between two places' members carries this stripe, too. */
  mayShare(parent: Place, child: Place): boolean {
    return sharedStripes(parent, child) === 0 || !this.#isCrowded(parent.member, child.member);
  }

  /** How many networks the members come from. */
  get networks(): number {
    return this.#networks.size;
  }

  /** The members of one network. */
  sameNetwork(network: string): ReadonlySet<Member> {
    return this.#networks.get(network) ?? new Set();
  }

  add(member: Member): void {
    this.#members++;
    const set = this.#networks.get(member.network);
    if (set) set.add(member);
    else this.#networks.set(member.network, new Set([member]));
  }

  remove(member: Member): void {
    this.#members--;
    const set = this.#networks.get(member.network);
    set?.delete(member);
    if (set?.size === 0) this.#networks.delete(member.network);
  }

  /** Takes note of what a place has to offer, after it or its member changed. */
  offer(place: Place): void {
    if (place.feed === 'detached') return;
    const { member, stripe } = place;
    const arrival = arrivalMs(place);
    if (!Number.isFinite(arrival)) return;
    this.#ranks[stripe]![rankOf(place)]!.offer(place, arrival);
    if (member.free === 0) return;
    const heaps = member.home === stripe ? this.#home : this.#guest;
    heaps[stripe]!.offer(place, nextTurn(place));
  }

  /** When a chunk could be on its way to whoever takes the first free slot of a stripe; infinite when all are taken. */
  earliest(stripe: number): Millis {
    let earliest = Number.POSITIVE_INFINITY;
    this.#home[stripe]!.scan(
      (place, key) => this.#rekeySlot(place, true, key),
      (_, key) => {
        earliest = key;
        return false;
      },
    );
    return earliest;
  }

  /** The best free slot for a place, with those first who are interior in its stripe by plan. */
  freeSlot(child: Place): Slot | undefined {
    return (
      this.#freeSlot(child, this.#home[child.stripe]!, true) ?? this.#freeSlot(child, this.#guest[child.stripe]!, false)
    );
  }

  /** The earliest place that a stronger one may take; `needy`: there is no slot otherwise. Then one of the relay's children gives way, too, but only a leaf, as it goes below the newcomer. */
  victim(place: Place, needy: boolean): Victim | undefined {
    const rank = rankOf(place);
    let best: Victim | undefined;
    const end = needy ? (this.isSmall ? Math.max(rank, 1) : 1) : rank;
    for (let below = 0; below < end; below++) {
      let looked = 0;
      this.#ranks[place.stripe]![below]!.scan(
        (candidate, key) => this.#rekeyRank(candidate, below, key),
        (candidate, key) => {
          if ((best && key >= best.arrivalMs) || ++looked > COMPARED) return false;
          const arrival = this.#arrivalInstead(place, candidate, rank - below, needy);
          if (arrival === undefined) return true;
          if (!best || arrival < best.arrivalMs) best = { place: candidate, arrivalMs: arrival };
          return false;
        },
      );
    }
    return best;
  }

  #rekeyRank(place: Place, rank: number, key: Millis): Millis | undefined {
    if (place.member.gone || place.feed === 'detached' || rankOf(place) !== rank) return undefined;
    const arrival = arrivalMs(place);
    return Number.isFinite(arrival) ? arrival : key;
  }

  #arrivalInstead(place: Place, candidate: Place, ranks: number, needy: boolean): Millis | undefined {
    if (candidate.member === place.member || candidate.feed === 'claimed' || isWithin(candidate, place))
      return undefined;
    if (!this.mayPair(place.member, candidate.member)) return undefined;
    const { parent } = candidate;
    if (!parent) {
      if (candidate.feed !== 'relay') return undefined;
      if (!needy && ranks < ROOT_RANKS && rankOf(candidate) > 0) return undefined;
      return place.member.roundTripMs / 2;
    }
    if (parent.member === place.member || !this.mayPair(parent.member, place.member)) return undefined;
    const arrival =
      arrivalMs(parent) + parent.children.length * parent.member.chunkMs + oneWayMs(parent.member, place.member);
    if (!Number.isFinite(arrival) || !this.mayShare(parent, place)) return undefined;
    return arrival + crowdMs(parent, place);
  }

  #freeSlot(child: Place, heap: SlotHeap<Place>, home: boolean): Slot | undefined {
    let best: Slot | undefined;
    const consider = (parent: Place, turn: Millis): boolean => {
      if (!this.#fits(parent, child) || !(home || this.isSmall || mayBeGuest(parent, child))) return false;
      const arrival = turn - ownEndMs(parent.member) + oneWayMs(parent.member, child.member) + crowdMs(parent, child);
      if (!best || arrival < best.arrivalMs) best = { parent, arrivalMs: arrival };
      return true;
    };
    const near = this.#networks.get(child.member.network);
    if (home && near && near.size <= SMALL_NETWORK) {
      for (const member of near) {
        const parent = member.places[child.stripe]!;
        if (member.home === child.stripe && member.free > 0) consider(parent, nextTurn(parent));
      }
    }
    let looked = 0;
    let compared = 0;
    heap.scan(
      (parent, key) => this.#rekeySlot(parent, home, key),
      (parent, key) => {
        if ((best && key >= best.arrivalMs) || ++looked > LOOKED_AT) return false;
        return !consider(parent, key) || ++compared < COMPARED;
      },
    );
    return best;
  }

  #rekeySlot(place: Place, home: boolean, key: Millis): Millis | undefined {
    const { member } = place;
    if (member.gone || place.feed === 'detached' || member.free === 0) return undefined;
    if ((member.home === place.stripe) !== home) return undefined;
    const turn = nextTurn(place);
    // Below a place that is just being moved: what it had before is the best guess of what it will have.
    return Number.isFinite(turn) ? turn : key;
  }

  #fits(parent: Place, child: Place): boolean {
    if (parent.member === child.member || parent.member.free === 0) return false;
    if (!Number.isFinite(arrivalMs(parent)) || isWithin(parent, child) || depthOf(parent) >= MAX_DEPTH) return false;
    return this.mayPair(parent.member, child.member) && this.mayShare(parent, child);
  }
}
