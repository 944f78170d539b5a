// Channels as the admin API tells of them.

import type { AdminChannel, AdminChannelDetail } from '../../core/admin/answers.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import type { Channel } from '../channels/channel.ts';
import type { SourceStatus } from '../sources/channel-sources.ts';
import { peerShare } from '../swarm/swarm-ledger.ts';
import type { AdminContext } from './admin-context.ts';

type Context = Pick<AdminContext, 'live' | 'channels' | 'sessions' | 'sources' | 'recordings' | 'figures'>;

/** All that somebody publishes, watches, or has configured by name, in order of their names. Where viewers of recordings meet is no channel. */
export function channelRows(context: Context): AdminChannel[] {
  const sources = new Map(context.sources.list().map(source => [source.name, source]));
  const names = new Set([...sources.keys(), ...namedEntries(context)]);
  for (const { name } of context.channels) if (!isRecordingSwarm(name)) names.add(name);
  return [...names].sort().map(name => rowOf(context, name, sources.get(name)));
}

/** One of them; undefined when there is none of this name. */
export function channelDetail(context: Context, name: string): AdminChannelDetail | undefined {
  const channel = context.channels.find(name);
  const source = context.sources.list().find(one => one.name === name);
  if (!channel && !source && !namedEntries(context).includes(name)) return undefined;
  const settings = context.live.channel(name);
  const quality = context.figures.quality.of(name);
  const transports: Record<string, number> = {};
  for (const { link, role } of context.sessions) {
    if (role?.kind !== 'viewer' || role.channel.name !== name) continue;
    transports[link.transport] = (transports[link.transport] ?? 0) + 1;
  }
  return {
    ...rowOf(context, name, source),
    settings: {
      view: settings.view,
      record: settings.record,
      rewind: settings.rewind,
      peers: settings.swarm.enabled,
      maxViewers: settings.maxViewers ?? null,
    },
    bytesIn: channel?.bytesIn ?? 0,
    bytesOut: channel?.bytesOut ?? 0,
    transports,
    nat: quality.nat,
    places: quality.places,
    startupMs: quality.startupMs,
  };
}

/** Names that entries have, of the configuration or added: no patterns. */
function namedEntries({ live }: Context): string[] {
  return [...live.added, ...live.current.channels].map(({ name }) => name).filter(name => !name.endsWith('*'));
}

function rowOf(context: Context, name: string, source: SourceStatus | undefined): AdminChannel {
  const { live, channels, figures, recordings } = context;
  const channel = channels.find(name);
  const quality = figures.quality.of(name);
  return {
    name,
    state: channel?.state ?? 'waiting',
    viewers: channel?.viewers.size ?? 0,
    bitrateKbps: bitrateOf(channel),
    offload: channel?.swarm ? peerShare(channel.swarm.received) : null,
    copies: channel?.copies.recent ?? null,
    stallsPerViewerMinute: rounded(quality.stallsPerViewerMinute),
    latencyMs: quality.latencyMs.p50,
    startedAt: (channel && figures.liveSince(channel)) ?? null,
    recording: recordings.stateOf(name),
    source: source ? sourceOf(source) : null,
    entry: entryOf(live, name),
  };
}

function sourceOf({ url, when, state, error, since }: SourceStatus) {
  return { url, when, state, error, since };
}

function bitrateOf(channel: Channel | undefined): number | null {
  const bytes = channel?.state === 'live' ? channel.bytesPerSecond : undefined;
  return bytes === undefined ? null : Math.round((bytes * 8) / 1_000);
}

function entryOf(live: Context['live'], name: string): AdminChannel['entry'] {
  if (live.added.some(entry => entry.name === name)) return 'added';
  return live.current.channels.some(entry => entry.name === name) ? 'configuration' : null;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}
