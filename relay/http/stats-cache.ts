// The figures of channels as anyone may ask for them: added up at most once a second.

import type { Millis } from '../../core/time.ts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelStats } from '../channels/channel-stats.ts';

const FRESH_MS: Millis = 1_000;

export class StatsCache {
  readonly #statsOf: (channel: Channel) => ChannelStats;
  readonly #steady: () => Millis;
  readonly #held = new WeakMap<Channel, { readonly at: Millis; readonly stats: ChannelStats }>();

  /** `statsOf` adds them up, which takes longer the more viewers there are. */
  constructor(statsOf: (channel: Channel) => ChannelStats, steady: () => Millis) {
    this.#statsOf = statsOf;
    this.#steady = steady;
  }

  get(channel: Channel): ChannelStats {
    const now = this.#steady();
    const held = this.#held.get(channel);
    if (held && now - held.at < FRESH_MS) return held.stats;
    const stats = this.#statsOf(channel);
    this.#held.set(channel, { at: now, stats });
    return stats;
  }
}
