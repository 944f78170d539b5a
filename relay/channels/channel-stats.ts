// What a relay tells about a channel.

import type { Transport } from '../../core/link.ts';
import type { RecentAndTotal } from '../swarm/swarm-ledger.ts';
import type { SwarmStats } from '../swarm/swarm-stats.ts';

export interface ChannelStats {
  readonly state: 'waiting' | 'live' | 'ended';
  readonly viewers: number;
  /** Bytes of chunks taken from publishers, and sent to viewers. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The part of `bytesOut` that viewers asked for chunk by chunk. */
  readonly bytesPulled: number;
  /** How often the relay sent each byte of the stream: over the last 30 s, and in all. */
  readonly copies: RecentAndTotal;
  /** Viewers by what carries their links. */
  readonly transports: Readonly<Partial<Record<Transport, number>>>;
  /** Null while no viewer has asked to be in a swarm. */
  readonly swarm: SwarmStats | null;
  readonly messages: {
    /** Links that may hear what is said on the channel. */
    readonly listeners: number;
    /** Messages given to them, each counted once a listener. */
    readonly delivered: number;
    /** Messages that passed a listener by whose link was full. */
    readonly missed: number;
  };
}
