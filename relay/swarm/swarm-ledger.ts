// Adds up what viewers report about the swarm.

import type { Millis } from '../../core/time.ts';
import type { SwarmCounts } from '../../core/wire/swarm-report.ts';
import { RecentSum } from './recent-sum.ts';

/** A share or ratio over the last 30 s, and since the relay has known the channel; null while there is nothing to tell. */
export interface RecentAndTotal {
  readonly recent: number | null;
  readonly total: number | null;
}

/** Bytes that came to members, by who gave them. */
export type Received = Pick<SwarmCounts, 'fromPeers' | 'fromRelay'>;

export class SwarmLedger {
  readonly #fromPeers = new RecentSum();
  readonly #fromRelay = new RecentSum();
  readonly #sums = { uploaded: 0, duplicates: 0, rejected: 0, fallbacks: 0, stalls: 0 };

  /** Adds what a viewer has counted since its last report. */
  add(counts: SwarmCounts, now: Millis): void {
    this.#fromPeers.add(counts.fromPeers, now);
    this.#fromRelay.add(counts.fromRelay, now);
    this.#sums.uploaded += counts.uploaded;
    this.#sums.duplicates += counts.duplicates;
    this.#sums.rejected += counts.rejected;
    this.#sums.fallbacks += counts.fallbacks;
    this.#sums.stalls += counts.stalls;
  }

  /** Everything reported so far. */
  get sums(): Readonly<Omit<SwarmCounts, 'fromPeers' | 'fromRelay'>> {
    return { ...this.#sums };
  }

  /** Bytes that came to members in the last 30 s. */
  received(now: Millis): Received {
    return { fromPeers: this.#fromPeers.recent(now), fromRelay: this.#fromRelay.recent(now) };
  }

  /** The share of the bytes received that peers gave, 0–1. */
  offload(now: Millis): RecentAndTotal {
    const share = (peers: number, relay: number) => ratio(peers, peers + relay);
    return {
      recent: share(this.#fromPeers.recent(now), this.#fromRelay.recent(now)),
      total: share(this.#fromPeers.total, this.#fromRelay.total),
    };
  }
}

/** The share of bytes that peers gave, 0–1; null when there were none. */
export function peerShare({ fromPeers, fromRelay }: Received): number | null {
  return ratio(fromPeers, fromPeers + fromRelay);
}

/** To four digits behind the point; null when there is nothing to divide by. */
export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null;
}
