// All channels of a relay, by name. A channel exists while somebody needs it.

import type { Millis } from '../../core/time.ts';
import { Channel, type ChannelOptions } from './channel.ts';

/** How long a channel that nobody publishes to or watches keeps its window. */
const KEEP_MS: Millis = 300_000;

export interface ChannelsOptions extends ChannelOptions {
  /** What differs for a channel of this name; it may have getters, as it can change. */
  readonly optionsOf?: (name: string) => Partial<Pick<ChannelOptions, 'window' | 'swarm'>>;
}

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #byName = new Map<string, Channel>();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#byName.size;
  }

  /** The channel of this name, if it exists. */
  find(name: string): Channel | undefined {
    return this.#byName.get(name);
  }

  /** The channel of this (valid) name. */
  get(name: string): Channel {
    let channel = this.#byName.get(name);
    if (!channel) {
      // Getters stay getters: what they say may change.
      const own = Object.getOwnPropertyDescriptors(this.#options.optionsOf?.(name) ?? {});
      channel = new Channel(name, Object.defineProperties({ ...this.#options }, own));
      this.#byName.set(name, channel);
    }
    return channel;
  }

  [Symbol.iterator](): Iterator<Channel> {
    return this.#byName.values();
  }

  /** Forgets the channels that nobody uses. */
  sweep(): void {
    const now = this.#options.clock();
    for (const channel of this.#byName.values()) {
      if (channel.publisher || channel.viewers.size > 0 || channel.audience.size > 0) continue;
      if (channel.tracks.size === 0 || now - channel.usedAt > KEEP_MS) this.#byName.delete(channel.name);
    }
  }
}
