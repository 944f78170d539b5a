// A token bucket: how much somebody may still do.

import type { Millis } from '../../core/time.ts';

/** Seconds' worth of bytes that a publisher may send at once: a source that is opened again brings its backlog. */
const BURST_SECONDS = 4;

/** Starts full. */
export class RateCap {
  #perMilli: number;
  readonly #burstSeconds: number;
  #tokens: number;
  #at: Millis;

  /** So many (bytes, messages) a second, and `burstSeconds` of that at once. `now` is of any steady clock. */
  constructor(perSecond: number, now: Millis, burstSeconds = BURST_SECONDS) {
    this.#perMilli = perSecond / 1_000;
    this.#burstSeconds = burstSeconds;
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** Changes the rate; what was saved up stays, within the new burst. */
  set perSecond(perSecond: number) {
    this.#perMilli = perSecond / 1_000;
  }

  /** Takes some out; false, and nothing is taken, when there is too little. */
  take(amount: number, now: Millis): boolean {
    const gained = Math.max(0, now - this.#at) * this.#perMilli;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#at = now;
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  get #burst(): number {
    return this.#perMilli * 1_000 * this.#burstSeconds;
  }
}
