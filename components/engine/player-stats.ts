// What a player tells about itself, for pages, tests and benchmarks.

import type { EngineCounters, RelayTransport } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import type { SwarmStats } from './swarm-stats.ts';

/** A snapshot. Counters count from `start()`. */
export interface PlayerStats extends EngineCounters {
  /** How the relay is reached; null while it isn't. */
  readonly transport: RelayTransport | null;
  /** From the source to the screen, at this moment; null while unknown. */
  readonly latency: Seconds | null;
  /** Aimed at now: the wish, plus what stalls have added. */
  readonly targetLatency: Seconds;
  /** Media ahead of the playhead. */
  readonly buffer: Seconds;
  readonly playbackRate: number;
  /** Times that playback ran dry for more than 100 ms after the first picture. */
  readonly stalls: number;
  /** Jumps of the position: over gaps and to the live edge. */
  readonly jumps: number;
  /** Since the last MediaSource was attached, as are those dropped. */
  readonly shownFrames: number;
  readonly droppedFrames: number;
  /** RFC 6381. */
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  readonly inWorker: boolean;
  readonly roundTripMs: number | null;
  /** From `start()` to the first picture; null before. */
  readonly firstFrameMs: number | null;
  /** Who the neighbours are, and where the bytes came from. */
  readonly swarm: SwarmStats;
}

/** Counters of an engine that has not spoken yet. */
export const NO_COUNTERS: EngineCounters = {
  bytesFromRelay: 0,
  chunks: 0,
  rejectedChunks: 0,
  repeatedChunks: 0,
  gaps: 0,
  epochs: 0,
  reconnects: 0,
  damaged: 0,
};
