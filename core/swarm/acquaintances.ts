// Remembers who was introduced to whom: signals pass only between them.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';

/** How long two peers may still talk after neither one's plan names the other. */
const REMEMBERED_MS = 30_000;

/** For each peer those that its plan names, or named until a short while ago; infinite while it does. */
export class Acquaintances {
  readonly #named = new Map<PeerId, Map<PeerId, Millis>>();
  /** The same the other way round. */
  readonly #namedBy = new Map<PeerId, Set<PeerId>>();

  /** A plan names a peer. */
  name(owner: PeerId, peer: PeerId): void {
    const named = this.#named.get(owner) ?? new Map<PeerId, Millis>();
    this.#named.set(owner, named.set(peer, Number.POSITIVE_INFINITY));
    this.#namedBy.set(peer, (this.#namedBy.get(peer) ?? new Set<PeerId>()).add(owner));
  }

  /** A plan doesn't name a peer any more. */
  unname(owner: PeerId, peer: PeerId, now: Millis): void {
    const named = this.#named.get(owner);
    if (!named?.has(peer)) return;
    named.set(peer, now + REMEMBERED_MS);
    for (const [other, until] of named) if (until < now) this.#remove(owner, other);
  }

  /** Whether either one's plan names the other, or did a short while ago. */
  has(a: PeerId, b: PeerId, now: Millis): boolean {
    return this.#knows(a, b, now) || this.#knows(b, a, now);
  }

  /** Those that know a peer, from either side. */
  of(peer: PeerId, now: Millis): PeerId[] {
    const others = new Set([...(this.#named.get(peer)?.keys() ?? []), ...(this.#namedBy.get(peer) ?? [])]);
    return [...others].filter(other => this.has(peer, other, now));
  }

  /** Forgets a peer that has left. */
  forget(peer: PeerId): void {
    for (const other of [...(this.#named.get(peer)?.keys() ?? [])]) this.#remove(peer, other);
    for (const owner of [...(this.#namedBy.get(peer) ?? [])]) this.#remove(owner, peer);
  }

  #knows(owner: PeerId, peer: PeerId, now: Millis): boolean {
    const until = this.#named.get(owner)?.get(peer);
    return until !== undefined && now <= until;
  }

  #remove(owner: PeerId, peer: PeerId): void {
    const named = this.#named.get(owner);
    named?.delete(peer);
    if (named?.size === 0) this.#named.delete(owner);
    const owners = this.#namedBy.get(peer);
    owners?.delete(owner);
    if (owners?.size === 0) this.#namedBy.delete(peer);
  }
}
