// Chooses whom a viewer stays connected with beside its parents.

import { type Member, oneWayMs } from './member.ts';
import type { SlotFinder } from './slot-finder.ts';
import { isWithin } from './stripe-tree.ts';

const SPARES = 2;
const RELAY_CHILD_SPARES = 3;
/** How many may have the same member as spare. */
const MAX_LOAD = 6;
/** How many may have the publisher as spare: it has its own upload to the relay to do. */
const MAX_SOURCE_LOAD = 12;
/** Members looked at for a new spare, beside those of the same network. */
const SAMPLE = 16;
const NETWORK_SAMPLE = 6;
/** What another one that relies on a spare, and a parent in common, count as if they were distance, in ms. */
const LOAD_COST_MS = 15;
const SAME_PARENT_COST_MS = 25;

export interface SparePickerOptions {
  /** Everybody, in any order. */
  readonly members: readonly Member[];
  readonly finder: SlotFinder;
  /** Whether two members may be connected, and both may help others. */
  readonly mayPair: (a: Member, b: Member) => boolean;
}

/** Keeps spares as long as they serve; picks new ones nearby, with little load, fed by others. */
export class SparePicker {
  readonly #options: SparePickerOptions;
  #cursor = 0;
  #sources: Member[] = [];

  constructor(options: SparePickerOptions) {
    this.#options = options;
  }

  /** Brings a member's spares up to date; returns members whose own spares may change by that. */
  refresh(member: Member): readonly Member[] {
    const first = member.spares[0];
    const wanted = feedsFromRelay(member) ? RELAY_CHILD_SPARES : SPARES;
    const source = this.#sourceFor(member);
    const room = source ? wanted - 1 : wanted;
    const fit = member.spares.filter(spare => spare.role === 'viewer' && this.#mayServe(spare, member));
    const spares = fit.filter(spare => !isBelow(spare, member)).slice(0, room);
    if (spares.length < room) {
      // Below it is better than nobody: the relay's own child has everybody below it.
      const found = this.#pick(member, spares);
      const above = found.filter(other => !isBelow(other, member));
      const rest = [...fit.filter(spare => isBelow(spare, member)), ...found];
      for (const other of [...above, ...rest]) if (spares.length < room && !spares.includes(other)) spares.push(other);
    }
    if (source) spares.push(source);
    release(member);
    member.spares = spares;
    for (const spare of spares) spare.sparedBy.add(member);
    const now = spares[0];
    // A relay child's first spare knows the source too.
    if (now === first || !feedsFromRelay(member)) return [];
    return [first, now].filter(other => other !== undefined && other.role === 'viewer' && !other.gone) as Member[]; // filter has taken out undefined
  }

  /** New spares, the best first. */
  #pick(member: Member, taken: readonly Member[]): Member[] {
    const { members, finder } = this.#options;
    const pool = new Set<Member>();
    for (const near of finder.sameNetwork(member.network)) {
      if (pool.size >= NETWORK_SAMPLE) break;
      pool.add(near);
    }
    for (let i = 0; i < Math.min(SAMPLE, members.length); i++) {
      this.#cursor = (this.#cursor + 1) % members.length;
      pool.add(members[this.#cursor]!);
    }
    const fit = [...pool].filter(
      other =>
        other.role === 'viewer' &&
        other.sparedBy.size < MAX_LOAD &&
        !taken.includes(other) &&
        this.#mayServe(other, member),
    );
    const costs = new Map(fit.map(other => [other, cost(other, member)]));
    return fit.sort((a, b) => costs.get(a)! - costs.get(b)!);
  }

  #mayServe(spare: Member, member: Member): boolean {
    if (spare === member || spare.gone || spare.capacity === 0 || !this.#options.mayPair(spare, member)) return false;
    return member.places.every(({ parent }) => parent?.member !== spare);
  }

  #sourceFor(member: Member): Member | undefined {
    const near =
      feedsFromRelay(member) || [...member.sparedBy].some(other => other.spares[0] === member && feedsFromRelay(other));
    if (!near) return undefined;
    const known = member.spares.find(spare => spare.role === 'source' && this.#sources.includes(spare));
    if (known && this.#options.mayPair(known, member)) return known;
    return this.#sources.find(
      source => source.sparedBy.size < MAX_SOURCE_LOAD && this.#options.mayPair(source, member),
    );
  }

  /** Publishers that take part. */
  addSource(source: Member): void {
    if (!this.#sources.includes(source)) this.#sources.push(source);
  }

  removeSource(source: Member): void {
    this.#sources = this.#sources.filter(other => other !== source);
  }
}

/** Whether a member has fewer spares than it should. */
export function lacksSpares(member: Member): boolean {
  return member.spares.length < SPARES;
}

/** Whether the relay itself feeds a member in some stripe. */
export function feedsFromRelay(member: Member): boolean {
  return member.places.some(({ feed }) => feed === 'relay');
}

/** Gives up all spares of a member. */
export function release(member: Member): void {
  for (const spare of member.spares) spare.sparedBy.delete(member);
  member.spares = [];
}

/** Whether a spare gets something from a member, so that it can't help where the member itself lacks it. */
function isBelow(spare: Member, member: Member): boolean {
  return member.places.some((place, stripe) => place.children.length > 0 && isWithin(spare.places[stripe]!, place));
}

function cost(spare: Member, member: Member): number {
  let shared = 0;
  for (const [stripe, { parent }] of member.places.entries()) {
    if (parent && parent.member === spare.places[stripe]!.parent?.member) shared++;
  }
  return oneWayMs(spare, member) + spare.sparedBy.size * LOAD_COST_MS + shared * SAME_PARENT_COST_MS;
}
