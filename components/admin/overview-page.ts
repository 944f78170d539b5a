// The element <p2p-admin-overview>: how the relay fares, now and over time.

import { css, html, nothing } from 'lit';
import type { AdminChannel, AdminStatus } from '../../core/admin/answers.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { channelState } from './channel-state.ts';
import { confirmDialog } from './confirm-dialog.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatKbps,
  formatMs,
  formatRate,
  formatShare,
  UNKNOWN,
} from './format-figures.ts';
import { Poll } from './poll.ts';
import { routeHash } from './route.ts';

const EVERY = 5_000;
/** So many channels are named here. */
const MOST_WATCHED = 6;

export class OverviewPage extends AdminView {
  static override styles = [
    adminStyles,
    css`
      .tiles { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); margin-block-end: 12px; }
      .tile { padding: 12px 14px 13px; display: grid; gap: 1px; align-content: start; }
      .tile dt { color: var(--soft); font-size: 13px; }
      .tile .figure { font-size: 26px; line-height: 1.2; font-weight: 650; letter-spacing: -0.025em; white-space: nowrap; }
      .tile small { font-size: 14px; font-weight: 600; letter-spacing: 0; }
      .tile .soft { font-size: 12.5px; }
      .now { margin-block-end: 22px; }
      .facts { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--soft); }
      .most li { border-block-start: 1px solid var(--line); }
      .most li:first-child { border: 0; }
      .most a { display: grid; grid-template-columns: minmax(0, 1fr) auto 84px 84px; align-items: center; gap: 14px; min-block-size: 44px; padding: 6px 16px; text-decoration: none; }
      .most .name { font-weight: 600; overflow-wrap: anywhere; }
      @media (hover: hover) { .most a:hover { background: var(--raised); } }
      @media (max-width: 719px) {
        .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
        .tile { padding: 10px 12px; }
        .tile .figure { font-size: 21px; }
        .most a { grid-template-columns: minmax(0, 1fr) auto 84px; gap: 10px; }
        .tile:last-child:nth-child(odd) { grid-column: 1 / -1; }
        .most .rate { display: none; }
      }
    `,
  ];
  static override properties = { ...AdminView.properties, status: { attribute: false }, asks: { state: true } };

  /** Asked for by the frame, which shows some of it, too. */
  declare status: AdminStatus | null;
  /** Whether it asks if the relay shall be drained. */
  declare asks: boolean;

  readonly #channels = new Poll(this, EVERY, () => this.api.channels());

  constructor() {
    super();
    this.status = null;
    this.asks = false;
  }

  protected override render() {
    const { pages, overview } = adminStrings;
    const { status } = this;
    return html`<div class="head">
        <h1 tabindex="-1">${pages.overview}</h1>
        <div class="tools">
          ${!status ? nothing : status.draining ? html`<button type="button" class="reopen" @click=${() => this.#setDraining(false)}>${overview.reopen}</button>` : html`<button type="button" class="drain" @click=${() => (this.asks = true)}>${overview.drain}</button>`}
        </div>
      </div>
      ${status?.recordings.stopped ? html`<p class="card warn notice" role="status">${overview.notRecording(status.recordings.stopped)}</p>` : nothing}
      <dl class="tiles">${this.#tiles(status, this.#channels.value ?? [])}</dl>
      <div class="now">${this.#busiest(this.#channels.value)}</div>
      <p2p-admin-charts .api=${this.api}></p2p-admin-charts>
      ${this.asks ? this.#question() : nothing}`;
  }

  #tiles(status: AdminStatus | null, channels: readonly AdminChannel[]) {
    const { overview } = adminStrings;
    const load = status?.load;
    const word = (format: (value: number) => string, value?: number | null) =>
      value === undefined || value === null ? UNKNOWN : format(value);
    const live = channels.filter(({ state }) => state === 'live');
    const tiles: readonly (readonly [name: string, figure: string, more: string])[] = [
      [overview.viewers, formatCount(status?.viewers), overview.links(status?.links ?? 0)],
      [
        overview.channels,
        formatCount(live.length),
        overview.of(formatCount(live.length), formatCount(channels.length)),
      ],
      [overview.share, formatShare(mean(live, 'offload')), overview.latencyOf(formatMs(mean(live, 'latencyMs')))],
      [overview.out, word(formatRate, load?.bytesOutPerSecond), overview.in(word(formatRate, load?.bytesInPerSecond))],
      [overview.cpu, formatShare(load?.cpu), overview.delay(formatMs(load?.eventLoopDelayMs))],
      [
        overview.memory,
        word(formatBytes, load?.memoryBytes),
        overview.up(formatDuration(status && status.clock - status.startedAt)),
      ],
      [
        overview.disk,
        word(formatBytes, status?.recordings.bytes),
        overview.free(word(formatBytes, status?.recordings.freeBytes)),
      ],
    ];
    return tiles.map(
      ([name, figure, more]) =>
        html`<div class="card tile"><dt>${name}</dt><dd class="figure">${split(figure)}</dd><dd class="soft">${status ? more : ''}</dd></div>`,
    );
  }

  #busiest(channels: readonly AdminChannel[] | null) {
    if (!channels || channels.length === 0) return nothing;
    const busiest = [...channels]
      .sort((a, b) => Number(b.state === 'live') - Number(a.state === 'live') || b.viewers - a.viewers)
      .slice(0, MOST_WATCHED);
    return html`<ul class="card most" aria-label=${adminStrings.overview.busiest}>
      ${busiest.map(
        channel => html`<li>
          <a href=${routeHash({ page: 'channels', channel: channel.name })}>
            <span class="name">${channel.name}</span>
            ${channelState(channel)}
            <span class="number rate soft">${formatKbps(channel.bitrateKbps)}</span>
            <span class="number">${adminStrings.overview.watching(channel.viewers)}</span>
          </a>
        </li>`,
      )}
    </ul>`;
  }

  #question() {
    const { drainTitle: title, drainText: text, drainDo: word } = adminStrings.overview;
    const yes = () => void this.#setDraining(true);
    return confirmDialog({ title, text, word, yes }, () => (this.asks = false));
  }

  async #setDraining(isDraining: boolean): Promise<void> {
    this.asks = false;
    if (await this.attempt(() => this.api.setDraining(isDraining)))
      this.dispatchEvent(new Event('changed', { bubbles: true, composed: true }));
  }
}

/** A figure and its unit, which is smaller. */
function split(figure: string) {
  const [, value = figure, unit] = /^(\S+) (\S+)$/.exec(figure) ?? [];
  return unit ? html`${value} <small>${unit}</small>` : value;
}

/** Over the viewers of all channels that know it. */
function mean(channels: readonly AdminChannel[], figure: 'offload' | 'latencyMs'): number | null {
  const known = channels.filter(channel => channel[figure] !== null && channel.viewers > 0);
  const viewers = known.reduce((sum, channel) => sum + channel.viewers, 0);
  return viewers > 0
    ? known.reduce((sum, channel) => sum + (channel[figure] ?? 0) * channel.viewers, 0) / viewers
    : null;
}
