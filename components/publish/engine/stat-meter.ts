// Counts what happens in a publication, and makes figures of it once a second.

import type { Millis } from '../../../core/time.ts';

/** What has been counted. */
export interface Counts {
  videoBytes: number;
  audioBytes: number;
  captured: number;
  encoded: number;
  sentBytes: number;
}

/** The same a second. */
export interface Rates {
  readonly videoKbps: number;
  readonly audioKbps: number;
  readonly sentKbps: number;
  readonly capturedFps: number;
  readonly encodedFps: number;
}

const NOTHING: Counts = { videoBytes: 0, audioBytes: 0, captured: 0, encoded: 0, sentBytes: 0 };

/** Holds no clock. */
export class StatMeter {
  readonly counts: Counts = { ...NOTHING };
  #before: Counts = { ...NOTHING };
  #at: Millis;

  constructor(now: Millis) {
    this.#at = now;
  }

  /** The rates since the last call. */
  take(now: Millis): Rates {
    const seconds = Math.max(0.001, (now - this.#at) / 1_000);
    const { counts } = this;
    const before = this.#before;
    const kbps = (name: 'videoBytes' | 'audioBytes' | 'sentBytes') =>
      Math.round(((counts[name] - before[name]) * 8) / 1_000 / seconds);
    const rate = (name: 'captured' | 'encoded') => Math.round(((counts[name] - before[name]) / seconds) * 10) / 10;
    const rates = {
      videoKbps: kbps('videoBytes'),
      audioKbps: kbps('audioBytes'),
      sentKbps: kbps('sentBytes'),
      capturedFps: rate('captured'),
      encodedFps: rate('encoded'),
    };
    this.#before = { ...counts };
    this.#at = now;
    return rates;
  }
}
