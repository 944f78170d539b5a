// Viewers that came back before their parents did: their claims are believed for a few seconds.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Place } from './member.ts';

/** How long a claimed parent may take to join. */
const PATIENCE_MS = 3_000;

interface Claim {
  readonly place: Place;
  readonly parent: PeerId;
  readonly until: Millis;
}

/** Places that wait for a parent. A place that is no longer `claimed` counts as settled. */
export class ClaimedParents {
  /** By their ends: all wait equally long. */
  #queue: Claim[] = [];
  readonly #waiting = new Map<PeerId, Place[]>();

  /** When the next claim runs out. */
  get wakeAt(): Millis | undefined {
    return this.#queue[0]?.until;
  }

  add(place: Place, parent: PeerId, now: Millis): void {
    this.#queue.push({ place, parent, until: now + PATIENCE_MS });
    const waiting = this.#waiting.get(parent);
    if (waiting) waiting.push(place);
    else this.#waiting.set(parent, [place]);
  }

  /** The places that wait for a peer which is there now. */
  fulfil(parent: PeerId): readonly Place[] {
    const waiting = this.#waiting.get(parent) ?? [];
    this.#waiting.delete(parent);
    return waiting.filter(({ feed, claim }) => feed === 'claimed' && claim === parent);
  }

  /** The places that have waited in vain. */
  expired(now: Millis): readonly Place[] {
    const end = this.#queue.findIndex(({ until }) => until > now);
    const due = this.#queue.splice(0, end < 0 ? this.#queue.length : end);
    for (const { parent } of due) this.#waiting.delete(parent);
    return due
      .filter(({ place, parent }) => place.feed === 'claimed' && place.claim === parent)
      .map(({ place }) => place);
  }
}
