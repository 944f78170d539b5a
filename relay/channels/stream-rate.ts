// How many bytes a second of a track's media takes.

import type { ChunkHeader } from '../../core/chunk.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import { RecentSum } from '../swarm/recent-sum.ts';

/** Known from so much media on. */
const LEAST: Ticks = 3 * TICKS_PER_SECOND;
/** A larger step between two chunks is a gap. */
const MAX_STEP: Ticks = TICKS_PER_SECOND;

/** Counts by the media's own time: what comes in a burst, as from a source that is opened again, is no faster stream. */
export class StreamRate {
  readonly #bytes = new RecentSum();
  readonly #ticks = new RecentSum();
  #timestamp: Ticks | undefined;
  #known: number | undefined;

  /** Takes the next chunk of `size` bytes. */
  add({ timestamp }: ChunkHeader, size: number, now: Millis): void {
    const step = timestamp - (this.#timestamp ?? timestamp);
    this.#timestamp = timestamp;
    if (step < 0 || step > MAX_STEP) return;
    this.#bytes.add(size, now);
    this.#ticks.add(step, now);
  }

  /** Over what came in the last half minute, else as it was known last; undefined while unknown. */
  bytesPerSecond(now: Millis): number | undefined {
    const ticks = this.#ticks.recent(now);
    if (ticks >= LEAST) this.#known = (this.#bytes.recent(now) * TICKS_PER_SECOND) / ticks;
    return this.#known;
  }
}
