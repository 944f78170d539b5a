// Ends a wait that has lasted too long.

import type { Millis } from '../time.ts';
import type { Clock } from './clock.ts';

/** The promise's value, or what `fault` makes, thrown after `ms` without it. */
export async function within<T>(promise: Promise<T>, ms: Millis, clock: Clock, fault: () => Error): Promise<T> {
  const waiting = new AbortController();
  const stalled = clock.wait(ms, waiting.signal).then((): never => {
    if (waiting.signal.aborted) return undefined as never; // nobody looks any more
    throw fault();
  });
  try {
    return await Promise.race([promise, stalled]);
  } finally {
    waiting.abort('over'); // without a reason it would make an exception, with its stack
    stalled.catch(() => {}); // told by the race, or too late
  }
}
