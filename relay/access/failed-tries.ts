// Counts wrong secrets by the address they come from, so that nobody guesses at leisure.

import type { Millis } from '../../core/time.ts';

/** So many addresses are remembered; above that the oldest are forgotten. */
const MAX_ADDRESSES = 10_000;

export class FailedTries {
  readonly #most: number;
  readonly #within: Millis;
  readonly #tries = new Map<string, { count: number; readonly endsAt: Millis }>();

  /** At most `most` wrong tries from one address within `within` ms of the first. */
  constructor(most: number, within: Millis) {
    this.#most = most;
    this.#within = within;
  }

  /** Milliseconds until this address may try again; 0: now. `now` is of any steady clock. */
  waitOf(address: string, now: Millis): Millis {
    const tries = this.#tries.get(address);
    return tries && tries.count >= this.#most ? Math.max(0, tries.endsAt - now) : 0;
  }

  /** Notes a wrong try. */
  failed(address: string, now: Millis): void {
    const tries = this.#tries.get(address);
    if (tries && tries.endsAt > now) {
      tries.count++;
      return;
    }
    this.#tries.delete(address); // so that the order is that of the ends
    this.#tries.set(address, { count: 1, endsAt: now + this.#within });
    if (this.#tries.size <= MAX_ADDRESSES) return;
    const [oldest] = this.#tries.keys();
    if (oldest !== undefined) this.#tries.delete(oldest);
  }
}
