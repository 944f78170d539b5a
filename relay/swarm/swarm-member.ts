// A viewer in the swarm, as its channel's swarm sees it.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import type { ViewerQuality } from '../figures/viewer-quality.ts';

export interface SwarmMember {
  /** It makes the chunks itself, or watches. */
  readonly role: 'viewer' | 'source';
  /** Where its link comes from: see `networkOf`. */
  readonly network: string;
  /** Between it and the relay. */
  readonly roundTripMs: Millis;
  /** How many stripes it counted when it last had a relay; undefined: it comes for the first time. */
  readonly stripes: number | undefined;
  /** What it tells about how playing goes; undefined for a source. */
  readonly quality: Pick<ViewerQuality, 'nat' | 'place'> | undefined;
  /** Whether what it is told leaves without queueing for long. */
  readonly ready: boolean;
  /** Sends a control message. */
  tell(message: Bytes): void;
  /** Asks for a sign of life. */
  probe(): void;
}
