// Remembers for a while which two peers don't get along.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';

const MAX_PEERS = 50_000;
const MAX_PER_PEER = 32;

/** A pair's trouble. */
interface Trouble {
  readonly until: Millis;
  /** How long it was avoided for. */
  readonly ms: Millis;
}

/** A pair that gets on for so long is as good as new. */
const FORGIVEN_MS = 60_000;
const MAX_MS = 600_000;

/** Pairs of peers, each until a time. Bounded: the oldest are forgotten. */
export class PairMemory {
  readonly #pairs = new Map<PeerId, Map<PeerId, Trouble>>();

  /** Notes a pair to be avoided for `ms`, or twice as long as the last time if that was not long ago. */
  avoid(a: PeerId, b: PeerId, ms: Millis, now: Millis): void {
    this.#note(a, b, ms, now);
    this.#note(b, a, ms, now);
  }

  has(a: PeerId, b: PeerId, now: Millis): boolean {
    return this.#holds(a, b, now) || this.#holds(b, a, now);
  }

  #holds(a: PeerId, b: PeerId, now: Millis): boolean {
    const until = this.#pairs.get(a)?.get(b)?.until;
    return until !== undefined && now < until;
  }

  #note(a: PeerId, b: PeerId, ms: Millis, now: Millis): void {
    let own = this.#pairs.get(a);
    if (!own) {
      own = new Map();
      this.#pairs.set(a, own);
      if (this.#pairs.size > MAX_PEERS) forgetOldest(this.#pairs);
    }
    const known = own.get(b);
    own.delete(b);
    // One trouble is told of by several complaints.
    const isSame = known !== undefined && now < known.until;
    const isSoon = known !== undefined && now < known.until + FORGIVEN_MS;
    const next = isSame ? Math.max(known.ms, ms) : isSoon ? Math.max(ms, Math.min(MAX_MS, known.ms * 2)) : ms;
    own.set(b, { ms: next, until: Math.max(known?.until ?? 0, isSame ? known.until - known.ms + next : now + next) });
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
