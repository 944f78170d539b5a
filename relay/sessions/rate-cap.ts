// A token bucket: how many bytes a publisher may still send.

import type { Millis } from '../../core/time.ts';

/** Seconds' worth of bytes that may come at once: a source that is opened again brings its backlog. */
const BURST_SECONDS = 4;

export class RateCap {
  readonly #bytesPerMilli: number;
  readonly #burst: number;
  #tokens: number;
  #at: Millis;

  /** `now` is of any steady clock. */
  constructor(bytesPerSecond: number, now: Millis) {
    this.#bytesPerMilli = bytesPerSecond / 1_000;
    this.#burst = bytesPerSecond * BURST_SECONDS;
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** Takes bytes out; false when there are too few. */
  take(bytes: number, now: Millis): boolean {
    const gained = Math.max(0, now - this.#at) * this.#bytesPerMilli;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained) - bytes;
    this.#at = now;
    return this.#tokens >= 0;
  }
}
