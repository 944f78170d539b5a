// What is counted while the simulation runs: by the second, so that events can be told apart.

import type { Millis } from '../../core/time.ts';
import { Histogram } from './histogram.ts';

/** Time for decoding and appending: a chunk has to be there this long before it is shown. */
export const USE_MS: Millis = 100;

/** Counts of one second. Chunks count in the second in which they are captured (judged) or sent and received (carried). */
export interface SecondFigures {
  viewers: number;
  /** Chunks that had to be there, and those that weren't in time. */
  due: number;
  late: number;
  /** Needed latency over the viewers, in ms; null without any. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  relayChunks: number;
  /** Of these, what was asked for, and what went to newcomers whom peers don't serve yet. */
  relayPulled: number;
  relayFirst: number;
  fromPeers: number;
  fromRelay: number;
  duplicates: number;
  controlBytes: number;
  joins: number;
  leaves: number;
}

const none = (): SecondFigures => ({
  viewers: 0,
  due: 0,
  late: 0,
  p50: null,
  p95: null,
  p99: null,
  relayChunks: 0,
  relayPulled: 0,
  relayFirst: 0,
  fromPeers: 0,
  fromRelay: 0,
  duplicates: 0,
  controlBytes: 0,
  joins: 0,
  leaves: 0,
});

/** All counts of a run. */
export class Figures {
  readonly latencyMs: Millis;
  readonly seconds: SecondFigures[];
  /** Capture to arrival of every chunk, and the hops it took. */
  readonly chunkDelays: Histogram;
  readonly hops = new Histogram();
  /** Needed latency by viewer and second; one for each second. */
  readonly needed: Histogram[];
  /** From subscribing until peers serve a newcomer in all stripes, in units of 10 ms. */
  readonly settled = new Histogram();
  connects = 0;
  connectsFailed = 0;
  complaints = new Map<string, number>();
  /** The second that is running: set by whoever moves the time. */
  now: SecondFigures;
  readonly #after = none();

  constructor(seconds: number, latencyMs: Millis) {
    this.latencyMs = latencyMs;
    this.seconds = Array.from({ length: seconds }, none);
    this.needed = Array.from({ length: seconds }, () => new Histogram());
    this.chunkDelays = new Histogram();
    this.now = this.seconds[0] ?? this.#after;
  }

  /** Moves on to a second; what comes after the last one isn't counted. */
  turn(second: number): void {
    this.now = this.seconds[second] ?? this.#after;
  }

  /** Counts a complaint by its reason. */
  complaint(grievance: string): void {
    this.complaints.set(grievance, (this.complaints.get(grievance) ?? 0) + 1);
  }

  /** One chunk that a viewer had to have; undefined: it never came. Returns its delay, as large as can be if it never came. */
  judge(second: SecondFigures, delayMs: Millis | undefined): Millis {
    const delay = delayMs ?? Number.POSITIVE_INFINITY;
    second.due++;
    if (delay > this.latencyMs - USE_MS) second.late++;
    this.chunkDelays.add(delay);
    return delay;
  }

  /** The needed latency of one viewer in one second: that with which it would have played all chunks captured in it. */
  need(second: number, worstDelayMs: Millis): void {
    this.needed[second]!.add(worstDelayMs + USE_MS);
  }

  /** A second has been judged. */
  close(second: number): void {
    const figures = this.seconds[second]!;
    const needed = this.needed[second]!;
    figures.p50 = needed.percentile(0.5);
    figures.p95 = needed.percentile(0.95);
    figures.p99 = needed.percentile(0.99);
  }
}
