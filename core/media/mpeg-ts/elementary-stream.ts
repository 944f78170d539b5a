// What reads one elementary stream's PES packets, and what it needs to know of time.

import type { Ticks } from '../../time.ts';
import type { DemuxEvent } from '../track.ts';
import type { Pes } from './pes.ts';

/** A PES packet with its times unwrapped. */
export interface TimedPes extends Omit<Pes, 'pts' | 'dts'> {
  readonly pts: Ticks | undefined;
  readonly dts: Ticks | undefined;
}

/** Reads whole PES packets of one stream into access units; holds no clock. */
export interface ElementaryStream {
  /** Takes a PES packet. `cut`: only its head is there, undamaged. */
  take(pes: TimedPes, events: DemuxEvent[], cut: boolean): void;
  /** Bytes are missing before the next packet. */
  lose(events: DemuxEvent[]): void;
  /** The stream ends: what was held back comes out. */
  flush(events: DemuxEvent[]): void;
}
