// Loaded segments that wait to be played: bounded, so that loading stops while playing is behind.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import type { Planned } from './playlist-follower.ts';

/** A segment as it is to be played; without bytes where it is missing. */
export interface Loaded {
  readonly planned: Planned;
  readonly bytes: Bytes | undefined;
}

/** Segments beyond these are loaded later. */
const MAX_SEGMENTS = 3;
const MAX_BYTES = 32 * 1_048_576;

/** One side pushes, the other shifts; both wait. */
export class SegmentQueue {
  #items: Loaded[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #changed: (() => void)[] = [];

  /** How much media waits. */
  get backlogMs(): Millis {
    return this.#items.reduce((sum, item) => sum + item.planned.segment.durationMs, 0);
  }

  /** Settles when there is room. */
  async room(): Promise<void> {
    while (!this.#end && (this.#items.length >= MAX_SEGMENTS || this.#bytes >= MAX_BYTES)) await this.#change();
  }

  push(item: Loaded): void {
    this.#items.push(item);
    this.#bytes += item.bytes?.length ?? 0;
    this.#tell();
  }

  /** No more comes: orderly, or because of an error that `shift` throws after what waits. */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#tell();
  }

  /** The next segment; undefined at the end. */
  async shift(): Promise<Loaded | undefined> {
    while (this.#items.length === 0) {
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end) return undefined;
      await this.#change();
    }
    const item = this.#items.shift()!; // not empty
    this.#bytes -= item.bytes?.length ?? 0;
    this.#tell();
    return item;
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#changed.push(resolve));
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}
