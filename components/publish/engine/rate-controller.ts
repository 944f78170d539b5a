// How much picture uplink and processor bear: bitrate goes down first, then the frame rate, then the size; all of it recovers slowly.

import type { Millis } from '../../../core/time.ts';

/** What the video encoder is to do. */
export interface RatePlan {
  readonly videoKbps: number;
  readonly frameRate: number;
  /** Of width and height: 1, ½ or ¼. */
  readonly scale: number;
}

/** What is asked for. */
export interface RateLimits {
  readonly videoKbps: number;
  readonly frameRate: number;
  readonly width: number;
  readonly height: number;
}

/** What is seen now. */
export interface RateSigns {
  readonly now: Millis;
  /** How long what is sent now waits before it is on its way. */
  readonly waitingMs: Millis;
  /** Kilobits that left in the last second; 0 while unknown. */
  readonly sentKbps: number;
  /** What of the sent is not video. */
  readonly audioKbps: number;
  /** The encoder can't follow. */
  readonly isOverloaded: boolean;
}

/** Waiting above this is a queue that grows, below that none. */
const LONG_MS: Millis = 250;
const SHORT_MS: Millis = 100;
/** Waiting this long, half is given up at once. */
const TOO_LONG_MS: Millis = 1_000;
/** After a step down its effect is waited for. */
const SETTLE_MS: Millis = 800;
/** And after this long without waiting more is tried. */
const CALM_MS: Millis = 4_000;
const DOWN = 0.75;
/** What waits becomes less by itself: the last step was enough. */
const DRAINS = 0.85;
/** Upwards in a second: quickly to where there was room before, then carefully. */
const UP = 1.15;
const UP_CAREFULLY = 1.04;
/** Of the rate that was too much. */
const KNOWN_GOOD = 0.7;
const PROVEN_WRONG = 1.3;
/** Of what left, so that what waits can leave, too. */
const HEADROOM = 0.85;
const LEAST_KBPS = 60;
/** An overloaded processor gets a rest before the next step, and much more before a step back; longer after each relapse. */
const STRAIN_MS: Millis = 1_500;
const REST_MS: Millis = 15_000;
const MAX_REST_MS: Millis = 240_000;

/** Kilobits that a pixel needs to look well. */
const NEED_KBPS = 0.00005;
/** From what part of the bitrate that is needed on a step holds; frame rate and size are parts of the full, too. */
const STEPS = [
  { from: 0.5, frameRate: 1, scale: 1 },
  { from: 0.25, frameRate: 0.5, scale: 1 },
  { from: 0.12, frameRate: 0.5, scale: 0.5 },
  { from: 0.06, frameRate: 1 / 3, scale: 0.5 },
  { from: 0, frameRate: 1 / 6, scale: 0.25 },
] as const;
/** Back up only where there is more than is needed. */
const HYSTERESIS = 1.25;

/** Asked a few times a second. Holds no clock. */
export class RateController {
  readonly #full: RatePlan;
  /** For the full size at the full frame rate. */
  readonly #needKbps: number;
  #kbps: number;
  /** The rate that was too much for the uplink last. */
  #tooMuch = Number.POSITIVE_INFINITY;
  #uplinkStep = 0;
  #processorStep = 0;
  #steppedAt: Millis = Number.NEGATIVE_INFINITY;
  /** How much waited at the last look at it. */
  #waitedMs: Millis = 0;
  /** Since when nothing waits. */
  #calmSince: Millis | undefined;
  #updatedAt: Millis | undefined;
  #strainedSince: Millis | undefined;
  #processorAt: Millis = Number.NEGATIVE_INFINITY;
  #restMs = REST_MS;

  /** Asked for, and never exceeded. */
  constructor({ width, height, ...full }: RateLimits) {
    this.#full = { ...full, scale: 1 };
    this.#kbps = full.videoKbps;
    this.#needKbps = Math.min(full.videoKbps, width * height * full.frameRate * NEED_KBPS);
  }

  get plan(): RatePlan {
    const step = STEPS[Math.max(this.#uplinkStep, this.#processorStep)]!; // both are below its length
    return {
      videoKbps: Math.round(this.#kbps),
      frameRate: Math.max(1, this.#full.frameRate * step.frameRate),
      scale: step.scale,
    };
  }

  update(signs: RateSigns): RatePlan {
    const { now } = signs;
    const elapsed = Math.min(1_000, now - (this.#updatedAt ?? now));
    this.#updatedAt = now;
    this.#followUplink(signs, elapsed);
    this.#followProcessor(signs);
    return this.plan;
  }

  #followUplink({ now, waitingMs, sentKbps, audioKbps }: RateSigns, elapsed: Millis): void {
    if (waitingMs >= SHORT_MS) this.#calmSince = undefined;
    else {
      this.#calmSince ??= now;
      this.#waitedMs = 0;
    }
    if (waitingMs > LONG_MS && now - this.#steppedAt >= SETTLE_MS) {
      this.#steppedAt = now;
      const isDraining = waitingMs < this.#waitedMs * DRAINS;
      this.#waitedMs = waitingMs;
      if (isDraining) return;
      this.#tooMuch = this.#kbps;
      const part = this.#kbps * (waitingMs > TOO_LONG_MS ? 0.5 : DOWN);
      const left = sentKbps > 0 ? sentKbps * HEADROOM - audioKbps : part;
      this.#kbps = Math.max(LEAST_KBPS, Math.min(part, Math.max(left, part / 2)));
    } else if (this.#calmSince !== undefined && now - this.#calmSince >= CALM_MS) {
      if (this.#kbps > this.#tooMuch * PROVEN_WRONG) this.#tooMuch = Number.POSITIVE_INFINITY;
      const up = this.#kbps < this.#tooMuch * KNOWN_GOOD ? UP : UP_CAREFULLY;
      this.#kbps = Math.min(this.#full.videoKbps, this.#kbps * up ** (elapsed / 1_000));
    }
    const part = this.#kbps / this.#needKbps;
    while (part < STEPS[this.#uplinkStep]!.from) this.#uplinkStep++; // the last one begins at 0
    while (this.#uplinkStep > 0 && part >= STEPS[this.#uplinkStep - 1]!.from * HYSTERESIS) this.#uplinkStep--;
  }

  #followProcessor({ now, isOverloaded }: RateSigns): void {
    if (!isOverloaded) {
      this.#strainedSince = undefined;
      if (this.#processorStep === 0 || now - this.#processorAt < this.#restMs) return;
      this.#processorStep--;
      this.#processorAt = now;
      return;
    }
    this.#strainedSince ??= now;
    if (now - this.#strainedSince < STRAIN_MS || this.#processorStep === STEPS.length - 1) return;
    if (now - this.#processorAt < REST_MS) this.#restMs = Math.min(MAX_REST_MS, this.#restMs * 2);
    this.#strainedSince = undefined;
    this.#processorStep++;
    this.#processorAt = now;
  }
}
