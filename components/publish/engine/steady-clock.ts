// The browser's clock and waits, for machines that have none of their own.

import type { Clock } from '../../../core/publish/clock.ts';

/** Counts on from the wall clock as it was when the page or worker began; steps of the wall clock don't move it. */
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
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};
