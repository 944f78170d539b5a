// What a chunk scheduler is told at its start, and what it tells of itself.

import type { Millis } from '../time.ts';

/** How a scheduler differs from the usual one. */
export interface SchedulerOptions {
  /** Chunks remembered: a power of two; 2,048 if not given. */
  readonly memory?: number;
  /** Measured on an earlier visit. */
  readonly uploadKbps?: number;
  /** How often neighbours are told what is held here; 300 ms if not given. */
  readonly haveEveryMs?: Millis;
  /** It is the publisher itself: no hop is before it. */
  readonly makesChunks?: boolean;
}

/** Counts since the start. Bytes are those of chunks with their headers. */
export interface SchedulerStats {
  readonly bytesPushed: number;
  readonly bytesPulled: number;
  readonly bytesFromRelay: number;
  readonly bytesUploaded: number;
  readonly duplicates: number;
  readonly fallbacks: number;
  /** Mean over the stripes; 0 while there is no plan. */
  readonly hops: number;
  readonly uploadKbps: number;
  /** From capture to arrival, for most chunks of the slowest stripe of late; 0 while unknown. */
  readonly delayMs: Millis;
}
