// What the picture in the preview is at the moment: nobody's but one's own, or on air since when, and how fast.

import { html, nothing, type TemplateResult } from 'lit';
import { formatClock, formatNumber } from '../controls/format-number.ts';
import type { PublishStrings } from './publish-strings.ts';
import type { PublishView } from './publish-view.ts';

/** The line in the upper corner. */
export function publishBadge({ strings, state, seconds, stats, videoKbps }: PublishView): TemplateResult {
  const words = {
    ready: strings.preview,
    connecting: strings.connecting,
    live: strings.onAir,
    reconnecting: strings.reconnecting,
  };
  const word = state === 'ready' || state === 'connecting' || state === 'reconnecting' ? words[state] : words.live;
  const isTimed = state === 'live' || state === 'reconnecting';
  const isSlow = state === 'live' && stats.targetKbps > 0 && stats.targetKbps < videoKbps * 0.7;
  return html`<div class="badge ${state}" part="badge">
    <i class="dot"></i><span class="word" role="status">${word}</span>
    ${isTimed ? html`<time dir="ltr">${formatClock(seconds)}</time>` : nothing}
    ${state === 'live' && stats.sentKbps > 0 ? html`<span class="rate">${formatRate(strings, stats.sentKbps)}</span>` : nothing}
  </div>
  ${isSlow ? html`<p class="slow" role="status">${strings.slowUplink}</p>` : nothing}`;
}

/** `1.5 Mb/s`, as the language writes it. */
export function formatRate(strings: PublishStrings, kbps: number): string {
  const isMega = kbps >= 1_000;
  return formatNumber(strings, isMega ? kbps / 1_000 : kbps, {
    style: 'unit',
    unit: isMega ? 'megabit-per-second' : 'kilobit-per-second',
    unitDisplay: 'short',
    minimumFractionDigits: isMega ? 1 : 0,
    maximumFractionDigits: isMega ? 1 : 0,
  });
}
