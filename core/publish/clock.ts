// A publisher's clock and its waits, handed in by whoever runs it: core has no timers.

import type { Millis } from '../time.ts';

export interface Clock {
  /** Steady: never goes back and never jumps, near Unix milliseconds. */
  now(): Millis;
  /** Settles after `ms`, or as soon as the signal aborts; never rejects. */
  wait(ms: Millis, signal?: AbortSignal): Promise<void>;
}
