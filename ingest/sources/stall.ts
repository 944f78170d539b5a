// Ends a wait that has lasted too long: the watchdog over silent sources.

import type { Clock } from '../../core/publish/clock.ts';
import { within as withinTime } from '../../core/publish/within.ts';
import type { Millis } from '../../core/time.ts';
import { SourceFault } from './source.ts';

/** The promise's value, or a `SourceFault` with `message` after `ms` without it. */
export function within<T>(promise: Promise<T>, ms: Millis, clock: Clock, message: string): Promise<T> {
  return withinTime(promise, ms, clock, () => new SourceFault(message));
}
