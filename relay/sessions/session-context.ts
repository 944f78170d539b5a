// What all sessions of a relay share.

import type { Millis } from '../../core/time.ts';
import type { Channels } from '../channels/channels.ts';
import type { Log } from '../log.ts';

export interface SessionContext {
  readonly channels: Channels;
  readonly publishKeys: readonly string[];
  readonly publishBytesPerSecond: number;
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
}
