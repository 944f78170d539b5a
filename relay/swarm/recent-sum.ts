// What has been counted in the last seconds, and in all.

import type { Millis } from '../../core/time.ts';

/** Seconds that count as recent. */
export const RECENT_SECONDS = 30;

/** Sums amounts by the second. `now` is of any steady clock that starts at 0 or later. */
export class RecentSum {
  /** The sum of all time. */
  total = 0;
  readonly #seconds: number[];
  #second = 0;

  constructor(seconds = RECENT_SECONDS) {
    this.#seconds = new Array(seconds).fill(0);
  }

  add(amount: number, now: Millis): void {
    this.#turn(now);
    this.total += amount;
    this.#seconds[this.#second % this.#seconds.length]! += amount;
  }

  /** The sum of the last seconds, the running one included. */
  recent(now: Millis): number {
    this.#turn(now);
    let sum = 0;
    for (const amount of this.#seconds) sum += amount;
    return sum;
  }

  #turn(now: Millis): void {
    const second = Math.floor(now / 1_000);
    if (second <= this.#second) return;
    const first = Math.max(this.#second + 1, second - this.#seconds.length + 1);
    for (let i = first; i <= second; i++) this.#seconds[i % this.#seconds.length] = 0;
    this.#second = second;
  }
}
