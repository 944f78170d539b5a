// What the relay's process costs: processor, memory, and how late its event loop is.

import process from 'node:process';
import type { Millis } from '../../core/time.ts';

export interface Load {
  /** Of one core. */
  readonly cpu: number;
  readonly memoryBytes: number;
  /** The worst of late. */
  readonly eventLoopDelayMs: Millis;
}

/** How often the event loop is looked at. */
const LOOK_MS: Millis = 250;

export class LoadMeter {
  readonly #timer: NodeJS.Timeout;
  #lookedAt = performance.now();
  #delayMs: Millis = 0;
  #lastDelayMs: Millis = 0;
  #usage = process.cpuUsage();
  #usedAt = performance.now();
  #cpu = 0;

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#delayMs = Math.max(this.#delayMs, now - this.#lookedAt - LOOK_MS);
      this.#lookedAt = now;
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** A stretch of time ends: what `load` tells is about the one before. */
  turn(): void {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#usage);
    this.#cpu = (user + system) / 1_000 / Math.max(1, now - this.#usedAt);
    this.#usage = process.cpuUsage();
    this.#usedAt = now;
    this.#lastDelayMs = this.#delayMs;
    this.#delayMs = 0;
  }

  get load(): Load {
    return {
      cpu: Math.round(this.#cpu * 1_000) / 1_000,
      memoryBytes: process.memoryUsage.rss(),
      eventLoopDelayMs: Math.round(Math.max(this.#lastDelayMs, this.#delayMs) * 10) / 10,
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
