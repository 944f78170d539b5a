// What the viewers of one channel have reported, added up: of nobody in particular.

import type { Millis } from '../../core/time.ts';
import type { QualityReport } from '../../core/wire/quality-report.ts';
import { RecentSum } from '../swarm/recent-sum.ts';

/** Stalls count for so long. */
const RECENT_SECONDS = 60;
/** Starts count for so long, and so many of them. */
const START_MS: Millis = 3_600_000;
const MAX_STARTS = 200;

export class QualitySums {
  /** When somebody last reported, of a steady clock. */
  usedAt: Millis = 0;
  readonly #stalls = new RecentSum(RECENT_SECONDS);
  /** Playing or stalled. */
  readonly #watchedMs = new RecentSum(RECENT_SECONDS);
  readonly #starts: { readonly at: Millis; readonly ms: Millis }[] = [];

  add({ stalls, stalledMs, playedMs, startupMs }: QualityReport, now: Millis): void {
    this.usedAt = now;
    this.#stalls.add(stalls, now);
    this.#watchedMs.add(stalledMs + playedMs, now);
    if (startupMs === 0) return;
    this.#starts.push({ at: now, ms: startupMs });
    if (this.#starts.length > MAX_STARTS) this.#starts.shift();
  }

  /** Of the last minute. */
  recent(now: Millis): { readonly stalls: number; readonly watchedMs: Millis } {
    return { stalls: this.#stalls.recent(now), watchedMs: this.#watchedMs.recent(now) };
  }

  /** To the first picture, of those who came in the last hour. */
  startups(now: Millis): Millis[] {
    return this.#starts.filter(({ at }) => now - at <= START_MS).map(({ ms }) => ms);
  }
}
