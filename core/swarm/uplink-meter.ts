// Measures how much a viewer can upload: grows while all that is asked leaves at once, shrinks when it piles up, and remembers where it did.

import type { Millis } from '../time.ts';
import { UPLOAD_SHARE } from './capacity.ts';

/** What waits for longer than this, at the estimated rate, shows that the uplink is the bottleneck. */
const BUSY_MS: Millis = 150;
/** Less than this many bytes waiting says nothing: chunks come in bursts. */
const BUSY_BYTES = 16_384;
/** Round trips longer than at their best by this much: the queue is in the network. */
const JAMMED_MS: Millis = 120;
/** Less than this, and what waits waits for its own link's losses, not for the uplink. */
const QUEUEING_MS: Millis = 40;
const STEP_MS: Millis = 500;
/** Steps in a row that must have been busy. */
const BUSY_STEPS = 2;
const GROWTH = 1.05;
/** A step down is no larger than this: a moment's jam tells little about the line. */
const DECREASE = 0.9;
/** Where the uplink was once too little is not tried again for this long. */
const CEILING_MS: Millis = 300_000;
/** What was measured on an earlier visit is believed for this long. */
const KNOWN_MS: Millis = 60_000;
const LOWEST_KBPS = 100;
const HIGHEST_KBPS = 100_000;

/** What the links of a viewer look like at one moment. */
export interface UplinkLoad {
  /** Bytes that wait in the links, and bytes that are not even handed to a link. */
  readonly backlog: number;
  readonly queued: number;
  /** How much longer round trips are than at their best: the median over the links that tell. */
  readonly queueingMs: Millis;
  /** Rate of one stripe: what one child costs. */
  readonly childKbps: number;
}

/** One uplink. */
export class UplinkMeter {
  readonly #isKnown: boolean;
  #kbps: number;
  #limit = HIGHEST_KBPS;
  #steppedAt: Millis | undefined;
  #sent = 0;
  #backlog = 0;
  #busySteps = 0;
  #ceiling = HIGHEST_KBPS;
  #ceilingUntil: Millis = Number.NEGATIVE_INFINITY;

  /** `kbps`: the first guess, or what was measured on an earlier visit. */
  constructor(kbps: number, isKnown: boolean) {
    this.#kbps = kbps;
    this.#isKnown = isKnown;
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
    if (this.#steppedAt === undefined) {
      this.#steppedAt = now;
      if (this.#isKnown) this.#believe(now, KNOWN_MS);
    }
    return now - this.#steppedAt >= STEP_MS;
  }

  /** Takes what the links look like now. */
  step(now: Millis, waiting: UplinkLoad): void {
    const { backlog, queued, queueingMs, childKbps } = waiting;
    const elapsed = now - (this.#steppedAt ?? now);
    this.#steppedAt = now;
    if (elapsed <= 0) return;
    const rate = (Math.max(0, this.#sent + this.#backlog - backlog) * 8) / elapsed; // bits per millisecond are kbit/s
    this.#sent = 0;
    this.#backlog = backlog;
    const bytes = backlog + queued;
    const isWaiting = bytes > BUSY_BYTES && (bytes * 8) / this.#kbps > BUSY_MS;
    const isBusy = queueingMs > JAMMED_MS || (isWaiting && queueingMs > QUEUEING_MS);
    // Whoever sends nothing isn't the one who jams the line; or the page itself answers late.
    const isSending = bytes > 0 || rate > childKbps / 8;
    this.#busySteps = isBusy && isSending ? this.#busySteps + 1 : 0;
    if (this.#busySteps >= BUSY_STEPS) {
      this.guess(Math.min(this.#kbps, Math.max(rate, this.#kbps * DECREASE)));
      this.#believe(now, CEILING_MS);
    } else if (!isBusy && rate > this.#kbps * UPLOAD_SHARE - 1.1 * childKbps) {
      this.guess(Math.min(this.#kbps * GROWTH, now < this.#ceilingUntil ? this.#ceiling : HIGHEST_KBPS));
    }
  }

  /** Tries no more than it has now for a while. */
  #believe(now: Millis, forMs: Millis): void {
    this.#ceiling = this.#kbps;
    this.#ceilingUntil = now + forMs;
  }
}
