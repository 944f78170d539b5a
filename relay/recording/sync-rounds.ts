// Lets the disk catch up with what is recorded, now and then: what it has survives that the machine goes out.

import type { Millis } from '../../core/time.ts';
import type { RecordingWriter } from './recording-writer.ts';

/** From the beginning of one round to the next, unless that takes longer. */
const ROUND_MS: Millis = 5_000;

export class SyncRounds {
  #begunAt: Millis = Number.NEGATIVE_INFINITY;
  #isRunning = false;

  /** Begins a round when it is time and the last is over; called about once a second, with all that is being written. */
  tick(now: Millis, writers: Iterable<RecordingWriter>): void {
    if (this.#isRunning || now - this.#begunAt < ROUND_MS) return;
    this.#begunAt = now;
    this.#isRunning = true;
    void this.#run([...writers]);
  }

  // One after the other: a disk that hangs must not take more than one of the few threads that all files share.
  async #run(writers: readonly RecordingWriter[]): Promise<void> {
    for (const writer of writers) await writer.sync();
    this.#isRunning = false;
  }
}
