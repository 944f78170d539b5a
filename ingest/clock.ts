// The ingester's own clock and its waits.

import type { Clock } from '../core/publish/clock.ts';
import type { Millis } from '../core/time.ts';

export type { Clock };

/** A timer's longest time; Node fires longer ones at once. */
const LONGEST: Millis = 2 ** 31 - 1;

/** Counts on from the wall clock as it was at the program's start; steps of the wall clock don't move it. */
export const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  wait: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(0, ms), LONGEST));
      signal?.addEventListener('abort', done);
    }),
};
