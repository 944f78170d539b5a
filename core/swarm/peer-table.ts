// The peers that a viewer is connected with, or about to be, by id; who of them is of use, and who takes too long to reach.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import { Neighbour } from './neighbour.ts';

/** A neighbour that is of no use to either side is let go after this time. */
const UNUSED_MS: Millis = 15_000;
/** …where there are more than this. */
const MANY_NEIGHBOURS = 20;
/** Connecting takes a few round trips, or never ends. */
const SLOW_CONNECT_MS: Millis = 1_800;

/** All neighbours of one viewer. */
export class PeerTable {
  readonly #rows = new Map<PeerId, Neighbour>();

  get rows(): ReadonlyMap<PeerId, Neighbour> {
    return this.#rows;
  }

  get(peer: PeerId): Neighbour | undefined {
    return this.#rows.get(peer);
  }

  values(): Iterable<Neighbour> {
    return this.#rows.values();
  }

  /** The row of a peer; a new one if there is none. */
  row(peer: PeerId, now: Millis): Neighbour {
    let neighbour = this.#rows.get(peer);
    if (!neighbour) {
      neighbour = new Neighbour(peer, now);
      this.#rows.set(peer, neighbour);
    }
    return neighbour;
  }

  remove(neighbour: Neighbour): void {
    neighbour.up = false;
    this.#rows.delete(neighbour.id);
  }

  /** Marks whom the relay's plan names, and nobody else. Returns those that were unknown until now. */
  plan(wanted: ReadonlySet<PeerId>, now: Millis): PeerId[] {
    for (const neighbour of this.#rows.values()) {
      const isWanted = wanted.has(neighbour.id);
      // An attempt that goes on since an earlier plan gets its time again.
      if (isWanted && !neighbour.planned) neighbour.plannedAt = now;
      neighbour.planned = isWanted;
    }
    const unknown = [...wanted].filter(peer => !this.#rows.has(peer));
    for (const peer of unknown) this.row(peer, now).planned = true;
    return unknown;
  }

  /** Planned neighbours that should have been reached by now; each is told once. The attempts go on: they may become spares. */
  takeSlow(now: Millis): Neighbour[] {
    const slow: Neighbour[] = [];
    for (const neighbour of this.#rows.values()) {
      if (neighbour.up || !neighbour.planned || now - neighbour.plannedAt < SLOW_CONNECT_MS) continue;
      neighbour.planned = false;
      slow.push(neighbour);
    }
    return slow;
  }

  /** The one that has not been of use for longest, where there are many: it may be the other's spare, and tells what it holds as long as it is. */
  unused(now: Millis): Neighbour | undefined {
    let idlest: Neighbour | undefined;
    for (const neighbour of this.#rows.values()) {
      if (neighbour.planned || neighbour.gives !== 0 || neighbour.takes !== 0) neighbour.usedAt = now;
      else if (neighbour.up && neighbour.usedAt < (idlest?.usedAt ?? now - UNUSED_MS)) idlest = neighbour;
    }
    return this.#rows.size > MANY_NEIGHBOURS ? idlest : undefined;
  }
}
