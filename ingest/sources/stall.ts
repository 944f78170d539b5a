// Ends a wait that has lasted too long: the watchdog over silent sources.

import type { Millis } from '../../core/time.ts';
import type { Clock } from '../clock.ts';
import { SourceFault } from './source.ts';

/** The promise's value, or a `SourceFault` with `message` after `ms` without it. */
export async function within<T>(promise: Promise<T>, ms: Millis, clock: Clock, message: string): Promise<T> {
  const waiting = new AbortController();
  const stalled = clock.wait(ms, waiting.signal).then((): never => {
    if (waiting.signal.aborted) return undefined as never; // nobody looks any more
    throw new SourceFault(message);
  });
  try {
    return await Promise.race([promise, stalled]);
  } finally {
    waiting.abort();
    stalled.catch(() => {}); // told by the race, or too late
  }
}
