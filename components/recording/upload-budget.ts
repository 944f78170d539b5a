// How much of a recording a viewer may still give to others.

import type { Millis } from '../../core/time.ts';
import type { SwarmPolicy } from '../engine/swarm-policy.ts';

/** Seconds' worth of the limit that may go at once. */
const BURST_SECONDS = 2;
/** However low the limit, a chunk may go. */
const LEAST_BURST = 16_384;
/** What a viewer is taken for that has not measured. */
const UNKNOWN_KBPS = 1_500;

/** By the viewer's own limits. */
export class UploadBudget {
  /** Bytes given so far. */
  spent = 0;
  #policy: SwarmPolicy;
  #tokens = 0;
  #at: Millis = 0;

  constructor(policy: SwarmPolicy) {
    this.#policy = policy;
  }

  limit(policy: SwarmPolicy): void {
    this.#policy = policy;
  }

  /** Whether anything may go at all. */
  get isOpen(): boolean {
    const { mode, maxUploadBytes } = this.#policy;
    return mode === 'on' && this.spent < (maxUploadBytes ?? Number.POSITIVE_INFINITY);
  }

  /** What may be expected of it (kbit/s). */
  get kbps(): number {
    const { maxUploadKbps, knownUploadKbps } = this.#policy;
    if (!this.isOpen) return 0;
    return Math.round(Math.min(maxUploadKbps ?? Number.POSITIVE_INFINITY, knownUploadKbps ?? UNKNOWN_KBPS));
  }

  /** Takes some of it; false when that has to wait. `now` is any steady clock. */
  take(bytes: number, now: Millis): boolean {
    const { maxUploadKbps } = this.#policy;
    if (!this.isOpen) return false;
    if (maxUploadKbps !== null) {
      const perMilli = maxUploadKbps / 8;
      const burst = Math.max(LEAST_BURST, perMilli * 1_000 * BURST_SECONDS);
      this.#tokens = Math.min(burst, this.#tokens + Math.max(0, now - this.#at) * perMilli);
      this.#at = now;
      if (this.#tokens < bytes) return false;
      this.#tokens -= bytes;
    }
    this.spent += bytes;
    return true;
  }
}
