// Remembers for a while which two peers don't get along.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';

const MAX_PEERS = 50_000;
const MAX_PER_PEER = 32;

/** Pairs of peers, each until a time. Bounded: the oldest are forgotten. */
export class PairMemory {
  readonly #pairs = new Map<PeerId, Map<PeerId, Millis>>();

  /** Notes a pair; a later end counts. */
  add(a: PeerId, b: PeerId, until: Millis): void {
    this.#note(a, b, until);
    this.#note(b, a, until);
  }

  has(a: PeerId, b: PeerId, now: Millis): boolean {
    return this.#holds(a, b, now) || this.#holds(b, a, now);
  }

  #holds(a: PeerId, b: PeerId, now: Millis): boolean {
    const until = this.#pairs.get(a)?.get(b);
    return until !== undefined && now < until;
  }

  #note(a: PeerId, b: PeerId, until: Millis): void {
    let own = this.#pairs.get(a);
    if (!own) {
      own = new Map();
      this.#pairs.set(a, own);
      if (this.#pairs.size > MAX_PEERS) forgetOldest(this.#pairs);
    }
    const known = own.get(b) ?? until;
    own.delete(b);
    own.set(b, Math.max(known, until));
    if (own.size > MAX_PER_PEER) forgetOldest(own);
  }
}

/** Removes what was put into a map first. */
export function forgetOldest<K, V>(map: Map<K, V>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
