// What holds for one channel: its own entry of the configuration, filled up from those of patterns and then from the rest.

import { allFor } from '../../core/channel-pattern.ts';
import { recordingOfSwarm } from '../../core/recording/recording-id.ts';
import type { SwarmSettings } from '../swarm/swarm-settings.ts';
import type { ChannelEntry, ChannelSource } from './channel-entry.ts';
import type { RelayConfig } from './config.ts';

export interface ChannelSettings {
  /** The name or pattern of the closest entry; undefined: there is none. */
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
  const entries = allFor(recordingOfSwarm(channel)?.channel ?? channel, [...added, ...config.channels]);
  /** What the closest says that says anything. */
  const said = <T>(of: (entry: ChannelEntry) => T | undefined): T | undefined =>
    entries.map(of).find(value => value !== undefined);
  return {
    entry: entries[0]?.name,
    source: entries[0]?.name === channel ? entries[0].source : undefined,
    publishKeys: said(entry => entry.publishKeys),
    view: said(entry => entry.view) ?? config.access.view,
    viewKeys: said(entry => entry.viewKeys) ?? config.access.viewKeys,
    embedOrigins: said(entry => entry.embedOrigins) ?? config.access.embedOrigins,
    record: said(entry => entry.record) ?? config.recordings.all,
    rewind: said(entry => entry.rewind) ?? config.rewind,
    swarm: Object.assign({ ...config.swarm }, ...entries.map(entry => entry.swarm).reverse()),
    maxViewers: said(entry => entry.limits?.viewers),
    publishMegabitsPerSecond:
      said(entry => entry.limits?.publishMegabitsPerSecond) ?? config.limits.publishMegabitsPerSecond,
  };
}
