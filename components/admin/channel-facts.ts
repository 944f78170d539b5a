// What is known of a channel, in words and figures.

import { html } from 'lit';
import type { AdminChannelDetail } from '../../core/admin/answers.ts';
import { adminStrings } from './admin-strings.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatKbps,
  formatMs,
  formatShare,
  formatSmall,
  UNKNOWN,
} from './format-figures.ts';

/** Null while it isn't known; `now` by the relay's clock. */
export function channelFacts(value: AdminChannelDetail | null, now: number) {
  const { channel, channels, viewers } = adminStrings;
  const { settings } = value ?? {};
  const transports = Object.entries(value?.transports ?? {}).filter(([, count]) => count > 0);
  const facts: readonly (readonly [string, string])[] = [
    [channels.viewers, value ? formatCount(value.viewers) : UNKNOWN],
    [channels.bitrate, formatKbps(value?.bitrateKbps)],
    [channels.share, formatShare(value?.offload)],
    [channel.copies, formatSmall(value?.copies)],
    [channels.latency, formatMs(value?.latencyMs)],
    [channel.firstPicture, formatMs(value?.startupMs)],
    [channels.stalls, formatSmall(value?.stallsPerViewerMinute)],
    [channel.liveFor, value?.startedAt ? formatDuration(now - value.startedAt) : UNKNOWN],
    [channel.received, value ? formatBytes(value.bytesIn) : UNKNOWN],
    [channel.sent, value ? formatBytes(value.bytesOut) : UNKNOWN],
    [
      viewers.link,
      transports.map(([name, count]) => `${viewers.transports[name] ?? name} ${formatCount(count)}`).join(', ') ||
        UNKNOWN,
    ],
  ];
  const terms: readonly (readonly [string, string])[] = settings
    ? [
        [channel.access, channel[settings.view]],
        [channel.recorded, settings.record ? channel.yes : channel.no],
        [channel.rewind, settings.rewind > 0 ? formatDuration(settings.rewind * 1_000) : channel.no],
        [channel.peers, settings.peers ? channel.yes : channel.no],
        [channel.limit, settings.maxViewers === null ? channel.noLimit : formatCount(settings.maxViewers)],
      ]
    : [];
  const list = (items: typeof facts) =>
    html`<dl>${items.map(([name, figure]) => html`<div><dt>${name}</dt><dd>${figure}</dd></div>`)}</dl>`;
  return html`<section class="card facts" aria-label=${channel.facts}>${list(facts)} ${list(terms)}</section>`;
}
