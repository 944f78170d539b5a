// Whether there is room to record: looked for every few seconds, and learned from writes that failed.

import type { Millis } from '../../core/time.ts';
import type { Log } from '../log.ts';
import { codeOf, type Disk } from './disk.ts';

const LOOK_MS: Millis = 5_000;
/** A disk that was full needs so much before it is written to again (bytes). */
const LEAST_AFTER_FULL = 64_000_000;
/** No room, or no more for this user. */
const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT']);

export class DiskRoom {
  readonly #disk: Disk;
  readonly #keepFree: () => number;
  readonly #log: Log;
  #freeBytes: number | undefined;
  #wasFull = false;
  #lookedAt: Millis = Number.NEGATIVE_INFINITY;

  /** `keepFree` bytes are left for others. */
  constructor(disk: Disk, keepFree: () => number, log: Log) {
    this.#disk = disk;
    this.#keepFree = keepFree;
    this.#log = log;
  }

  /** As it was when it was looked for last; undefined while unknown. */
  get freeBytes(): number | undefined {
    return this.#freeBytes;
  }

  /** Why nothing may be written now; undefined: nothing is in the way. */
  get obstacle(): string | undefined {
    if (this.#wasFull) return 'the disk is full';
    const keepFree = this.#keepFree();
    if (this.#freeBytes === undefined || this.#freeBytes >= keepFree) return undefined;
    return `less than ${keepFree / 1e6} MB of the disk are free`;
  }

  /** What a failed operation means, in a sentence. */
  faultOf(error: unknown): string {
    if (!FULL.has(codeOf(error))) return `the disk refuses: ${error instanceof Error ? error.message : String(error)}`;
    this.#wasFull = true;
    return 'the disk is full';
  }

  tick(now: Millis): void {
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    void this.look();
  }

  /** Looks how much is free. Never rejects. */
  async look(): Promise<void> {
    try {
      this.#freeBytes = await this.#disk.freeBytes();
      if (this.#freeBytes >= Math.max(this.#keepFree(), LEAST_AFTER_FULL)) this.#wasFull = false;
    } catch (error) {
      this.#freeBytes = undefined;
      this.#log.debug({ error: String(error) }, 'nobody knows how much of the disk is free');
    }
  }
}
