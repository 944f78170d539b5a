// Measures how much a viewer can upload: grows while all that is asked leaves at once, shrinks when it piles up.

import type { Millis } from '../time.ts';

/** Bytes that wait in all links together from which on the uplink is the bottleneck. */
const BUSY_BYTES = 24_576;
/** Round trips longer than at their best by this much: the queue is in the network. */
const JAMMED_MS: Millis = 120;
const STEP_MS: Millis = 500;
/** The estimate grows when at least this share of it is in use. */
const IN_USE = 0.5;
const GROWTH = 1.08;
const LOWEST_KBPS = 100;
const HIGHEST_KBPS = 100_000;

/** One uplink. */
export class UplinkMeter {
  #kbps: number;
  #limit = HIGHEST_KBPS;
  #steppedAt: Millis | undefined;
  #sent = 0;
  #busySteps = 0;

  /** `kbps`: the first guess. */
  constructor(kbps: number) {
    this.#kbps = kbps;
  }

  /** What can be uploaded, in kbit/s. */
  get kbps(): number {
    return Math.min(this.#kbps, this.#limit);
  }

  /** Sets the guess, as long as nothing was measured. */
  guess(kbps: number): void {
    this.#kbps = Math.min(HIGHEST_KBPS, Math.max(LOWEST_KBPS, kbps));
  }

  /** Never more than this; 0: nothing at all. */
  limit(kbps: number): void {
    this.#limit = kbps;
  }

  /** Notes bytes handed to a link. */
  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** Whether a step is due: what it needs to know costs a round over the neighbours. */
  due(now: Millis): boolean {
    this.#steppedAt ??= now;
    return now - this.#steppedAt >= STEP_MS;
  }

  /** `backlog`: bytes that wait in all links; `queueingMs`: how much longer round trips are than at their best, the median of those who take. */
  step(now: Millis, backlog: number, queueingMs: Millis): void {
    const elapsed = now - (this.#steppedAt ?? now);
    this.#steppedAt = now;
    if (elapsed <= 0) return;
    const left = Math.max(0, this.#sent - backlog) * 8;
    const rate = left / elapsed; // bits per millisecond are kbit/s
    // What still waits leaves in a later step.
    this.#sent = Math.min(this.#sent, backlog);
    const busy = backlog > BUSY_BYTES || queueingMs > JAMMED_MS;
    this.#busySteps = busy ? this.#busySteps + 1 : 0;
    if (this.#busySteps >= 2) {
      this.guess(Math.min(this.#kbps, this.#kbps * 0.7 + Math.max(rate, LOWEST_KBPS) * 0.3));
    } else if (!busy && rate > this.#kbps * IN_USE) {
      this.guess(this.#kbps * GROWTH);
    }
  }
}
