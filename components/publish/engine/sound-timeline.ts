// Keeps sound without holes: encoders count samples, so that what is missing is made up for by silence, and what is too much left out.

import type { Millis } from '../../../core/time.ts';

/** Sound may be off by so much before it is put right: less than anyone sees or hears. */
const TOLERANCE_MS: Millis = 30;

/** Where a block of samples goes. */
export interface Placed {
  /** Samples of silence before it. */
  readonly silence: number;
  /** Samples of it to leave out. */
  readonly skip: number;
}

/** Counts samples of one rate from a beginning on. Holds no clock. */
export class SoundTimeline {
  readonly sampleRate: number;
  readonly #start: Millis;
  #samples = 0;

  constructor(sampleRate: number, start: Millis) {
    this.sampleRate = sampleRate;
    this.#start = start;
  }

  /** When the next sample is heard. */
  get end(): Millis {
    return this.#start + (this.#samples * 1_000) / this.sampleRate;
  }

  /** Puts a block that was captured at this time behind what there is. */
  place(at: Millis, samples: number): Placed {
    const off = at - this.end;
    const silence = off > TOLERANCE_MS ? this.#toSamples(off) : 0;
    const skip = off < -TOLERANCE_MS ? Math.min(samples, this.#toSamples(-off)) : 0;
    this.#samples += silence + samples - skip;
    return { silence, skip };
  }

  /** Nothing comes: how many samples of silence lead up to this time. */
  fill(until: Millis): number {
    const silence = Math.max(0, this.#toSamples(until - this.end));
    this.#samples += silence;
    return silence;
  }

  #toSamples(ms: Millis): number {
    return Math.round((ms * this.sampleRate) / 1_000);
  }
}
