// Snapshots of a player, once a second -> what the graphs of the last minute are drawn from.

import type { PlayerStats } from './engine/player-stats.ts';

/** Seconds that are remembered. */
export const HISTORY_SECONDS = 60;
/** Figures that are told as of now are means over so many seconds: one holds a keyframe, the next none. */
const SMOOTH_SECONDS = 4;
const SMALLEST_STEP_MS = 500;

interface Counts {
  readonly viewers: number;
  readonly relay: number;
  readonly passedOn: number;
}

/** Of one second: seconds, and bytes a second. */
export interface Sample extends Counts {
  readonly latency: number;
  readonly buffer: number;
}

/** Starts over when the counters do. */
export class StatsHistory {
  #samples: Sample[] = [];
  #last: { readonly at: number; readonly counts: Counts } | undefined;

  /** The newest last. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Over the last few seconds. */
  mean(): Sample {
    const recent = this.#samples.slice(-SMOOTH_SECONDS);
    const mean = (key: keyof Sample) => recent.reduce((sum, sample) => sum + sample[key], 0) / (recent.length || 1);
    return {
      latency: mean('latency'),
      buffer: mean('buffer'),
      viewers: mean('viewers'),
      relay: mean('relay'),
      passedOn: mean('passedOn'),
    };
  }

  /** Takes the figures as they are `at` (ms). */
  take({ latency, buffer, bytesFromRelay, swarm }: PlayerStats, at: number): void {
    const counts = {
      viewers: swarm.bytesPushed + swarm.bytesPulled,
      relay: bytesFromRelay,
      passedOn: swarm.bytesUploaded,
    };
    const last = this.#last;
    const elapsed = last ? at - last.at : Number.POSITIVE_INFINITY;
    if (elapsed < SMALLEST_STEP_MS) return;
    this.#last = { at, counts };
    if (!last) return;
    const rate = (key: keyof Counts) => ((counts[key] - last.counts[key]) * 1000) / elapsed;
    const rates = { viewers: rate('viewers'), relay: rate('relay'), passedOn: rate('passedOn') };
    if (Object.values(rates).some(value => value < 0)) this.#samples = [];
    else this.#samples.push({ ...rates, latency: latency ?? 0, buffer });
    this.#samples.splice(0, this.#samples.length - HISTORY_SECONDS);
  }
}
