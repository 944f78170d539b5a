// How long to wait before trying again: exponential with jitter, and back to the start after things went well for a while.

import type { Millis } from '../time.ts';

export interface BackoffOptions {
  /** The first wait, 500 ms if not given. */
  readonly firstMs?: Millis;
  /** The longest wait, 15 s if not given. */
  readonly capMs?: Millis;
  /** A try that lasted this long went well, 10 s if not given. */
  readonly wellMs?: Millis;
}

/** Holds no clock: it is told how long the last try lasted. `random` gives 0 ≤ x < 1. */
export class Backoff {
  readonly #random: () => number;
  readonly #firstMs: Millis;
  readonly #capMs: Millis;
  readonly #wellMs: Millis;
  #failures = 0;

  constructor(random: () => number, options: BackoffOptions = {}) {
    this.#random = random;
    this.#firstMs = options.firstMs ?? 500;
    this.#capMs = options.capMs ?? 15_000;
    this.#wellMs = options.wellMs ?? 10_000;
  }

  /** The wait before the next try, after one that ran well for `ranMs`: between half and the whole of 0.5 s, 1 s, 2 s … 15 s. */
  next(ranMs: Millis): Millis {
    if (ranMs >= this.#wellMs) this.#failures = 0;
    const full = Math.min(this.#capMs, this.#firstMs * 2 ** Math.min(this.#failures++, 30));
    return full * (0.5 + this.#random() / 2);
  }
}
