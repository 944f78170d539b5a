// What the configuration in force says of a channel's window and swarm.

import type { LiveConfig } from '../config/live-config.ts';
import type { ChannelOptions } from './channel.ts';

/** Held even where nobody may go back (ms): viewers that were cut off go on from there. */
const LEAST_WINDOW = 20_000;

/** For `new Channel`, with getters that tell what is in force when they are read; `channels` counts all there are. */
export function channelOptions(
  live: LiveConfig,
  name: string,
  channels: () => number,
): Pick<ChannelOptions, 'window' | 'swarm'> {
  const window = {
    get maxAgeMs() {
      return Math.max(LEAST_WINDOW, live.channel(name).rewind * 1_000);
    },
    get maxBytes() {
      const { megabytes, totalMegabytes } = live.current.window;
      return Math.min(megabytes, totalMegabytes / Math.max(1, channels())) * 1_000_000;
    },
  };
  return {
    window,
    get swarm() {
      return live.channel(name).swarm;
    },
  };
}
