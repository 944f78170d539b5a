// A viewer as the coordinator knows it, and its places in the stripe trees.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Neighbour } from '../wire/join-swarm.ts';
import type { Plan } from '../wire/plan.ts';

/** Bits of a whole chunk: what a child waits for while its parent serves the one before it. */
const CHUNK_BITS = 32_000;

/** What of the round-trip estimate remains between viewers of one network. */
const SAME_NETWORK = 0.25;

/** Where a place hangs. `claimed`: under a peer that hasn't joined yet. `detached`: in no tree. */
export type Feed = 'relay' | 'peer' | 'claimed' | 'detached';

/** A member's place in one stripe's tree. */
export class Place {
  readonly member: Member;
  readonly stripe: number;
  feed: Feed = 'detached';
  parent: Place | undefined;
  /** Whom it is assumed to hang under while `feed` is `claimed`. */
  claim: PeerId | undefined;
  readonly children: Place[] = [];
  /** Its turn among its parent's children, from 0. */
  index = 0;
  /** When it last had to find another parent. */
  disturbedAt: Millis = Number.NEGATIVE_INFINITY;
  /** From its parent, in ms. */
  oneWayMs: Millis = 0;

  constructor(member: Member, stripe: number) {
    this.member = member;
    this.stripe = stripe;
  }
}

/** One viewer in the swarm. */
export class Member {
  readonly peer: PeerId;
  readonly role: 'viewer' | 'source';
  readonly joinedAt: Millis;
  readonly places: readonly Place[];
  network = '';
  /** To the relay and back. */
  roundTripMs: Millis = 0;
  uploadKbps = 0;
  /** Children that it can have, over all stripes, and has. */
  capacity = 0;
  used = 0;
  /** The stripe in which it is interior by plan. */
  home: number | undefined;
  /** A lower capacity that others have told of, for a while. */
  ceiling = Number.POSITIVE_INFINITY;
  ceilingUntil: Millis = 0;
  /** When it was last moved for the better. */
  movedAt: Millis = Number.NEGATIVE_INFINITY;
  /** Somebody has been served by it. */
  proven = false;
  /** Left for good: entries of it in heaps are void. */
  gone = false;
  /** What it has measured to its peers. */
  roundTrips: ReadonlyMap<PeerId, Millis> = new Map();
  /** It came with a swarm around it, after a restart of the relay: until then it isn't known yet what it carries. */
  settlesUntil: Millis = Number.NEGATIVE_INFINITY;
  /** Connections that it said it has, until its places are settled. */
  neighbours: readonly Neighbour[] = [];
  spares: Member[] = [];
  readonly sparedBy = new Set<Member>();
  /** The plan that it was last told. */
  told: Plan | undefined;
  /** Peers that it was introduced to by that. */
  named: ReadonlySet<PeerId> = new Set();
  /** Its place in the coordinator's list. */
  listed = -1;
  /** When a plan was last repeated to it. */
  repeatedAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(peer: PeerId, role: 'viewer' | 'source', stripes: number, now: Millis) {
    this.peer = peer;
    this.role = role;
    this.joinedAt = now;
    this.places = Array.from({ length: stripes }, (_, stripe) => new Place(this, stripe));
  }

  /** Children that it could take on. */
  get free(): number {
    return Math.max(0, this.capacity - this.used);
  }

  /** How long one chunk takes on its uplink. */
  get chunkMs(): Millis {
    return CHUNK_BITS / Math.max(1, this.uploadKbps);
  }
}

/** The delay between two members as far as it is known: measured, else guessed from their round trips to the relay. */
export function oneWayMs(a: Member, b: Member): Millis {
  const measured = a.roundTrips.get(b.peer) ?? b.roundTrips.get(a.peer);
  if (measured !== undefined) return measured / 2;
  const guess = (a.roundTripMs + b.roundTripMs) / 4;
  return a.network === b.network && a.network !== '' ? guess * SAME_NETWORK : guess;
}
