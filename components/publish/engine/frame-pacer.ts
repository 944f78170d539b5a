// Which of a camera's frames are encoded, so that it becomes the frame rate that is asked for.

import type { Millis } from '../../../core/time.ts';

/** Holds no clock. */
export class FramePacer {
  #due: Millis = Number.NEGATIVE_INFINITY;

  /** Whether the frame of this time is taken; those between are left out evenly. */
  take(at: Millis, frameRate: number): boolean {
    const interval = 1_000 / frameRate;
    // Cameras jitter: what comes a little early is in time.
    if (at < this.#due - interval / 4) return false;
    // After a pause nothing is made up for.
    this.#due = this.#due < at - interval ? at + interval : this.#due + interval;
    return true;
  }
}
