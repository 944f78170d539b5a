// What was seen of a channel within some seconds, or of several together.

import type { Channel } from '../channels/channel.ts';
import { peerShare } from '../swarm/swarm-ledger.ts';
import type { Flow } from './traffic.ts';

export class Sighting {
  viewers = 0;
  #in = 0;
  #out = 0;
  #fromPeers = 0;
  #fromRelay = 0;
  /** Those whose channel is live, and seconds of media in a minute that the relay gave to all of them. */
  #watching = 0;
  #relaySeconds = 0;

  /** Nothing was going on. */
  get isIdle(): boolean {
    return this.#in === 0 && this.#out === 0 && this.viewers === 0;
  }

  /** Adds a channel with what went through it meanwhile. */
  add(channel: Channel, flow: Flow): this {
    const viewers = channel.viewers.size;
    this.viewers += viewers;
    this.#in += flow.in;
    this.#out += flow.out;
    const { fromPeers = 0, fromRelay = 0 } = channel.swarm?.received ?? {};
    this.#fromPeers += fromPeers;
    this.#fromRelay += fromRelay;
    if (flow.in === 0 || viewers === 0) return this;
    this.#watching += viewers;
    // Whoever catches up gets more than all of it.
    this.#relaySeconds += Math.min(60 * viewers, (60 * flow.out) / flow.in);
    return this;
  }

  /** By the second, as it took so many. */
  gauges(seconds: number) {
    return {
      viewers: this.viewers,
      bytesOutPerSecond: this.#out / seconds,
      bitrateKbps: (this.#in * 8) / 1_000 / seconds,
      peerShare: peerShare({ fromPeers: this.#fromPeers, fromRelay: this.#fromRelay }),
      timeOnRelay: this.#watching > 0 ? this.#relaySeconds / this.#watching : null,
    };
  }
}
