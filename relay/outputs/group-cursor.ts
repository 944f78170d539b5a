// Reads a window group by group: what is begun is read to its end, whatever is left out lies between groups.

import type { ChunkWindow, HeldChunk } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';

/** The next chunk; or that what comes next has left the window, or that there is none yet. */
export type Reading = HeldChunk | 'lost' | undefined;

export class GroupCursor {
  /** How often groups were left out. */
  skips = 0;
  /** The lowest sequence not read yet; undefined before the first. */
  #next: number | undefined;
  /** What is being read; undefined before the first. */
  #group: number | undefined;
  readonly #maxBehind: Millis;

  /** Whoever is further behind at the end of a group goes on with the newest. Reads from a group on, or from the newest. */
  constructor(maxBehind: Millis, from?: number) {
    this.#maxBehind = maxBehind;
    this.#next = from;
  }

  /** Reads on. */
  read(window: ChunkWindow): Reading {
    this.#next ??= window.newestGroup;
    if (this.#next === undefined) return undefined;
    // What was evicted may have been the rest of the group.
    if (this.#group !== undefined && window.hasLost(this.#next)) return 'lost';
    let chunk = window.at(window.indexFrom(this.#next));
    if (chunk && chunk.header.group !== this.#group) chunk = this.#groupAfter(chunk, window);
    if (!chunk) return undefined;
    this.#group = chunk.header.group;
    this.#next = chunk.header.sequence + 1;
    return chunk;
  }

  /** Which group is read now that one has ended. */
  #groupAfter(chunk: HeldChunk, window: ChunkWindow): HeldChunk | undefined {
    const { header, heldAt } = chunk;
    const behind = (window.newest?.heldAt ?? heldAt) - heldAt;
    if (behind <= this.#maxBehind && header.sequence === header.group) return chunk;
    const newest = window.newestGroup;
    if (newest === undefined || newest <= header.sequence) return header.sequence === header.group ? chunk : undefined;
    this.skips++;
    return window.get(newest);
  }
}
