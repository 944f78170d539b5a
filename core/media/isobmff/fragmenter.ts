// What a fragmenter is: access units of one track, placed on the player's timeline -> fragments.

import type { Bytes } from '../../bytes.ts';
import type { Ticks } from '../../time.ts';
import type { AccessUnit } from '../track.ts';

/** A playable run of one track. Times are seconds of presentation on the player's timeline. */
export interface Fragment {
  readonly bytes: Bytes;
  readonly start: number;
  readonly end: number;
  /** A decoder can start with its first sample. */
  readonly key: boolean;
}

/** Collects units and gives back what it has as one fragment (more where time jumps). */
export interface Fragmenter {
  /** Takes a unit whose times lie `shift` ticks later on the player's timeline. A unit that can't be placed (before 0) is left out: false. */
  add(unit: AccessUnit, shift: Ticks): boolean;
  /** The fragments of what was added since the last call. */
  take(): Fragment[];
  /** Something is missing before the next unit. */
  gap(): void;
}
