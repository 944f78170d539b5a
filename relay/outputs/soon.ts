// What somebody waits for a short time for.

import type { Millis } from '../../core/time.ts';

/** Settles all who wait when it happens, or each when its time is over. Holds no timer: `expire` is to be called now and then. */
export class Soon {
  #waiting: { readonly until: Millis; readonly settle: (happened: boolean) => void }[] = [];

  /** Whether it happens by then, on the clock of `expire`. */
  by(until: Millis): Promise<boolean> {
    return new Promise(settle => {
      this.#waiting.push({ until, settle });
    });
  }

  happened(): void {
    for (const { settle } of this.#waiting.splice(0)) settle(true);
  }

  expire(now: Millis): void {
    for (const { until, settle } of this.#waiting) if (now >= until) settle(false);
    this.#waiting = this.#waiting.filter(({ until }) => now < until);
  }
}
