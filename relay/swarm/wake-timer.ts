// Runs a task at the time that was asked for last, on timers that can't be taken back.

import type { Millis } from '../../core/time.ts';

export class WakeTimer {
  readonly #steady: () => Millis;
  readonly #after: (ms: Millis, task: () => void) => void;
  readonly #wake: () => void;
  #at: Millis | undefined;
  /** When the next timer that runs fires. */
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(steady: () => Millis, after: (ms: Millis, task: () => void) => void, wake: () => void) {
    this.#steady = steady;
    this.#after = after;
    this.#wake = wake;
  }

  /** Wakes at this time of the steady clock, and at no other; undefined: not at all. */
  set(at: Millis | undefined): void {
    this.#at = at;
    if (at === undefined || at >= this.#timerAt) return;
    this.#timerAt = at;
    this.#after(Math.max(0, at - this.#steady()), () => {
      if (this.#timerAt === at) this.#timerAt = Number.POSITIVE_INFINITY;
      this.#fire();
    });
  }

  #fire(): void {
    const at = this.#at;
    if (at === undefined) return;
    // Timers may fire a little early, and those that were overtaken fire for nothing.
    if (this.#steady() < at) {
      this.set(at);
      return;
    }
    this.#at = undefined;
    this.#wake();
  }
}
