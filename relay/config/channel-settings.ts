// What holds for one channel: its entry of the configuration, filled up from the rest of it.

import { closestTo } from '../../core/channel-pattern.ts';
import { recordingOfSwarm } from '../../core/recording/recording-id.ts';
import type { SwarmSettings } from '../swarm/swarm-settings.ts';
import type { ChannelEntry, ChannelSource } from './channel-entry.ts';
import type { RelayConfig } from './config.ts';

export interface ChannelSettings {
  /** The name or pattern of the entry that counts; undefined: none does. */
  readonly entry: string | undefined;
  readonly source: ChannelSource | undefined;
  /** Who knows one of these may publish; undefined: the relay's keys. */
  readonly publishKeys: readonly string[] | undefined;
  readonly view: 'open' | 'token';
  readonly viewKeys: readonly string[];
  /** `*`, or origins of pages that may show the channel. */
  readonly embedOrigins: readonly string[];
  readonly record: boolean;
  /** Seconds that viewers can go back. */
  readonly rewind: number;
  readonly swarm: SwarmSettings;
  /** Viewers at a time; undefined: as many as the relay takes. */
  readonly maxViewers: number | undefined;
  readonly publishMegabitsPerSecond: number;
}

/** The settings of a channel, or of the channel that viewers of a recording saw; `added` are entries besides those of the configuration, which they override. */
export function settingsOf(config: RelayConfig, channel: string, added: readonly ChannelEntry[] = []): ChannelSettings {
  const entry = closestTo(recordingOfSwarm(channel)?.channel ?? channel, [...added, ...config.channels]);
  return {
    entry: entry?.name,
    source: entry?.name === channel ? entry.source : undefined,
    publishKeys: entry?.publishKeys,
    view: entry?.view ?? config.access.view,
    viewKeys: entry?.viewKeys ?? config.access.viewKeys,
    embedOrigins: entry?.embedOrigins ?? config.access.embedOrigins,
    record: entry?.record ?? config.recordings.all,
    rewind: entry?.rewind ?? config.rewind,
    swarm: { ...config.swarm, ...entry?.swarm },
    maxViewers: entry?.limits?.viewers,
    publishMegabitsPerSecond: entry?.limits?.publishMegabitsPerSecond ?? config.limits.publishMegabitsPerSecond,
  };
}
