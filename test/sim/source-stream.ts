// The broadcast: its chunks, when they are captured and when they reach the relay.

import type { ChunkHeader } from '../../core/chunk.ts';
import type { Millis } from '../../core/time.ts';

/** Simulated time starts here, so that no time is zero or negative by chance. */
export const START_MS: Millis = 100_000;
/** From the source's machine to the relay. */
const SOURCE_WAY_MS: Millis = 15;
const GROUP_MS: Millis = 2_000;
/** The first chunk's sequence: a multiple of any number of stripes, small enough for 31 bits. */
export const FIRST_SEQUENCE = 1_048_576 - (1_048_576 % 720_720);

/** All chunks are as long as each other. They are counted from 0 (index); their sequences start at `FIRST_SEQUENCE`. */
export class SourceStream {
  readonly intervalMs: Millis;
  readonly groupSize: number;
  readonly #headers: ChunkHeader[] = [];

  constructor(intervalMs: Millis) {
    this.intervalMs = intervalMs;
    this.groupSize = Math.max(1, Math.round(GROUP_MS / intervalMs));
  }

  /** When its first byte comes from the encoder. */
  capturedAt(index: number): Millis {
    return START_MS + index * this.intervalMs;
  }

  /** When the source has all of it. */
  fullAt(index: number): Millis {
    return this.capturedAt(index) + this.intervalMs;
  }

  /** When the relay can have it. */
  readyAt(index: number): Millis {
    return this.fullAt(index) + SOURCE_WAY_MS;
  }

  /** The first chunk captured at this time or later. */
  indexAt(time: Millis): number {
    return Math.max(0, Math.ceil((time - START_MS) / this.intervalMs));
  }

  groupOf(index: number): number {
    return index - (index % this.groupSize);
  }

  header(index: number): ChunkHeader {
    return (this.#headers[index] ??= this.#make(index));
  }

  #make(index: number): ChunkHeader {
    const capturedAt = this.capturedAt(index);
    return {
      track: 0,
      sequence: FIRST_SEQUENCE + index,
      group: FIRST_SEQUENCE + this.groupOf(index),
      epoch: FIRST_SEQUENCE,
      discontinuity: false,
      end: false,
      timestamp: Math.round((capturedAt - START_MS) * 90),
      duration: Math.round(this.intervalMs * 90),
      entry: 0,
      initId: INIT_ID,
      capturedAt,
    };
  }
}

const INIT_ID = new Uint8Array(8);
