// Decides into how many stripes a channel is cut.

import type { Millis } from '../../core/time.ts';

/** A stripe should carry about this much, in kbit/s: one data channel drowns in its own queue above 800. */
const STRIPE_KBPS = 450;
const MIN_STRIPES = 4;
const MAX_STRIPES = 16;
/** The stream must have been twice as fast, or half, for this long. */
const CHANGED_MS: Millis = 30_000;

/** `auto`, or a fixed number. */
export type StripeSetting = 'auto' | number;

/** The number of stripes for a stream of so many kbit/s. */
export function stripesFor(kbps: number): number {
  return Math.min(MAX_STRIPES, Math.max(MIN_STRIPES, Math.ceil(kbps / STRIPE_KBPS)));
}

/** Holds on to a number until the stream has really changed: every viewer is planned anew when it does. */
export class StripeCount {
  readonly #setting: StripeSetting;
  #count: number;
  /** The rate that the number was decided for. */
  #decidedKbps: number | undefined;
  #changedAt: Millis | undefined;

  constructor(setting: StripeSetting) {
    this.#setting = setting;
    this.#count = setting === 'auto' ? MIN_STRIPES : setting;
  }

  get count(): number {
    return this.#count;
  }

  /** What a viewer counted before an earlier relay was lost: better than none while the rate is unknown. */
  suggest(count: number): void {
    if (this.#setting !== 'auto' || this.#decidedKbps !== undefined) return;
    this.#count = Math.min(MAX_STRIPES, Math.max(MIN_STRIPES, count));
  }

  /** Takes the stream's rate, undefined while unknown. */
  update(kbps: number | undefined, now: Millis): void {
    if (this.#setting !== 'auto' || !kbps) return;
    const decided = this.#decidedKbps;
    const changed = decided === undefined || kbps >= decided * 2 || kbps <= decided / 2;
    if (!changed) this.#changedAt = undefined;
    else this.#changedAt ??= now;
    const due = decided === undefined || (this.#changedAt !== undefined && now - this.#changedAt >= CHANGED_MS);
    if (!due) return;
    this.#decidedKbps = kbps;
    this.#changedAt = undefined;
    this.#count = stripesFor(kbps);
  }
}
