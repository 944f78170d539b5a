// What a relay tells about the swarm of a channel.

import type { Millis } from '../../core/time.ts';
import type { RecentAndTotal } from './swarm-ledger.ts';

export interface SwarmStats {
  /** Viewers in it, as members. */
  readonly viewers: number;
  /** How many stripes there are; 0 before the first viewer has joined. */
  readonly stripes: number;
  /** The share of the bytes received by members that came from peers, 0–1, as they report it. */
  readonly offload: RecentAndTotal;
  /** Sums over all that members reported: bytes sent to peers, and events. */
  readonly uploaded: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly fallbacks: number;
  readonly stalls: number;
  /** Median over the members of capture to showing; null while nobody has told. */
  readonly latencyMs: Millis | null;
  /** How many viewers the relay itself feeds, for each stripe. */
  readonly relayChildren: readonly number[];
  /** Hops from the relay by the plan, over all viewers and stripes: 1 for those that it feeds itself. */
  readonly depth: { readonly p50: number; readonly max: number };
  /** Viewers that nobody is introduced to any more. */
  readonly banned: number;
}
