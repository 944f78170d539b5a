// Counts stalls: playback that ran dry for longer than 100 ms.

import type { Millis } from '../../core/time.ts';

/** Shorter hold-ups are not seen, and happen where a gap is stepped over. */
const STALL_MS: Millis = 100;

/** Told when playback runs dry and when it goes on. */
export class StallMeter {
  readonly #stalled: () => void;
  #since: Millis | undefined;
  #counted = false;
  #count = 0;
  /** Of the stalls that are over. */
  #ms: Millis = 0;

  /** `stalled` is called once per stall, as soon as it is one. */
  constructor(stalled: () => void) {
    this.#stalled = stalled;
  }

  get count(): number {
    return this.#count;
  }

  /** How long all of them took, with the one that lasts. */
  total(now: Millis): Millis {
    return this.#ms + (this.#counted && this.#since !== undefined ? now - this.#since : 0);
  }

  begin(now: Millis): void {
    this.#since ??= now;
  }

  /** To be asked now and then while it may last. */
  check(now: Millis): void {
    if (this.#since === undefined || this.#counted || now - this.#since <= STALL_MS) return;
    this.#counted = true;
    this.#count++;
    this.#stalled();
  }

  over(now: Millis): void {
    this.check(now);
    this.#ms = this.total(now);
    this.#since = undefined;
    this.#counted = false;
  }

  reset(): void {
    this.#since = undefined;
    this.#counted = false;
    this.#count = this.#ms = 0;
  }
}
