// How one stripe reaches a viewer: who pushes it, who is being tried, and how long its chunks usually take.

import type { PeerId } from '../peer-id.ts';
import { RELAY } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Neighbour } from './neighbour.ts';

/** In place of a parent: the plan's one failed, and no other was named yet. */
export const UNPLANNED = -1;

/** Samples before the usual delay is known. */
const KNOWN_AFTER = 4;
/** Busy machines and retransmissions keep silent for this long, too. */
const SILENCE_MS: Millis = 400;
/** What is allowed for while it isn't known. */
const UNKNOWN_DELAY_MS: Millis = 500;

/** One stripe of the one track. */
export class Inflow {
  readonly stripe: number;
  /** Whom the plan names. */
  planned: PeerId = RELAY;
  /** The relay is asked to push it. */
  relay = true;
  /** Pushes it: at least one chunk came that way. */
  parent: Neighbour | undefined;
  /** Was asked to push it, and has not yet. */
  trial: Neighbour | undefined;
  trialSince: Millis = 0;
  /** As it says; undefined until it does. */
  trialDepth: number | undefined;
  /** Hops from the relay to this viewer when the stripe last came regularly. */
  settledDepth = 1;
  /** Nobody pushes it since then. */
  orphanedAt: Millis | undefined;
  /** Hops from the relay to the parent; 0 for the relay. */
  parentDepth = 0;
  /** When a chunk last came by push, whoever sent it. */
  pushedAt: Millis;
  /** When the relay was last told that the parent is slow. */
  complainedAt: Millis = Number.NEGATIVE_INFINITY;
  /** Until then the parent's silence is excused: it has said that it lacks the chunks itself. */
  excusedUntil: Millis = Number.NEGATIVE_INFINITY;
  /** Between two chunks of the stripe. */
  intervalMs: Millis = 120;
  /** Of the last chunks, the share that had to come another way. */
  missedShare = 0;
  #delayMs = 0;
  #deviationMs = 0;
  #samples = 0;
  #newestCapture: Millis = 0;

  readonly #ownDepth: number;

  /** `ownDepth`: hops from the relay while nobody else is between. */
  constructor(stripe: number, ownDepth: number, now: Millis) {
    this.stripe = stripe;
    this.#ownDepth = ownDepth;
    this.pushedAt = now;
  }

  /** Hops from the relay to this viewer. */
  get depth(): number {
    return this.parent ? this.parentDepth + 1 : this.#ownDepth;
  }

  /** Whether enough chunks have come to tell how long they take. */
  get isMeasured(): boolean {
    return this.#samples >= KNOWN_AFTER;
  }

  /** From capture to arrival, for most chunks. */
  get likelyDelayMs(): Millis {
    return this.#delayMs + 2 * this.#deviationMs;
  }

  /** From capture to arrival, for nearly all chunks. */
  get usualDelayMs(): Millis {
    return this.#samples < KNOWN_AFTER ? UNKNOWN_DELAY_MS : this.#delayMs + 4 * this.#deviationMs + 30;
  }

  /** Notes a chunk that came by push: how old it was, and when it was captured. */
  sample(delayMs: Millis, capturedAt: Millis, now: Millis): void {
    this.pushedAt = now;
    this.missedShare *= 0.9;
    const gap = capturedAt - this.#newestCapture;
    if (gap > 0) {
      if (gap < 2_000 && this.#newestCapture > 0) this.intervalMs += (gap - this.intervalMs) / 8;
      this.#newestCapture = capturedAt;
    }
    this.#samples++;
    if (this.#samples === 1) {
      this.#delayMs = delayMs;
      this.#deviationMs = delayMs / 4;
      return;
    }
    const difference = delayMs - this.#delayMs;
    this.#delayMs += difference / 8;
    this.#deviationMs += (Math.abs(difference) - this.#deviationMs) / 4;
  }

  /** Notes that a chunk had to come another way. */
  missed(): void {
    this.missedShare = this.missedShare * 0.9 + 0.1;
  }

  /** Another source, another delay. */
  forgetDelay(): void {
    this.#samples = 0;
    this.missedShare = 0;
  }

  /** Nothing has come by push for so long that the parent is given up. What is missing is fetched before that, by deadline. */
  isSilent(now: Millis): boolean {
    return now - this.pushedAt > Math.max(4 * this.intervalMs, SILENCE_MS) + this.usualDelayMs / 2;
  }
}
