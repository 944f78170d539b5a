// Bytes that channels took and sent since one looked last.

import type { Channel } from '../channels/channel.ts';

export interface Flow {
  readonly in: number;
  readonly out: number;
  /** The part of `out` that viewers asked for chunk by chunk. */
  readonly pulled: number;
}

/** Counts what each channel has counted since; channels that are forgotten take nothing along, as they were idle for long. */
export class Traffic {
  readonly #before = new WeakMap<Channel, Flow>();

  since(channel: Channel): Flow {
    const { bytesIn, bytesOut, bytesPulled } = channel;
    const before = this.#before.get(channel) ?? { in: 0, out: 0, pulled: 0 };
    this.#before.set(channel, { in: bytesIn, out: bytesOut, pulled: bytesPulled });
    return { in: bytesIn - before.in, out: bytesOut - before.out, pulled: bytesPulled - before.pulled };
  }
}
