// What a relay tells about a channel.

import type { Transport } from '../../core/link.ts';

export interface ChannelStats {
  readonly state: 'waiting' | 'live' | 'ended';
  readonly viewers: number;
  /** Bytes of chunks taken from publishers, and sent to viewers. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Viewers by what carries their links. */
  readonly transports: Readonly<Partial<Record<Transport, number>>>;
}
