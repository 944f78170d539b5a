// The element <p2p-admin-channels>: all channels, to be found, started, stopped, added.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AdminChannel } from '../../core/admin/answers.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { channelState, isRunning } from './channel-state.ts';
import { emptyState } from './empty-state.ts';
import { formatCount, formatKbps, formatMs, formatShare, formatSmall } from './format-figures.ts';
import { Poll } from './poll.ts';
import { routeHash } from './route.ts';

const EVERY = 3_000;
/** From so many on there is a field to find one. */
const MANY = 8;

export class ChannelsPage extends AdminView {
  static override styles = [
    adminStyles,
    css`
      .find { inline-size: 200px; }
      tbody th a { text-decoration: none; }
      tbody th a:hover { text-decoration: underline; }
      tbody tr { position: relative; }
      td .url { display: block; max-inline-size: 44ch; overflow-wrap: anywhere; font-size: 12.5px; line-height: 1.35; }
      .named { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
      @media (hover: hover) { tbody tr:hover { background: color-mix(in srgb, var(--raised) 55%, transparent); } }
      @media (max-width: 719px) {
        .find { inline-size: 100%; }
        .stacks tbody th { min-block-size: 32px; padding-inline-end: 96px; align-content: center; }
        .stacks td:has(.acts) { position: absolute; inset: 6px -4px auto auto; }
        .stacks td:has(.url) { grid-column: 1 / -1; }
        td .url { max-inline-size: none; }
      }
    `,
  ];
  static override properties = { ...AdminView.properties, adds: { state: true }, text: { state: true } };

  /** Whether the form for another is open. */
  declare adds: boolean;
  /** What is looked for. */
  declare text: string;

  readonly #poll = new Poll(this, EVERY, () => this.api.channels());

  constructor() {
    super();
    this.adds = false;
    this.text = '';
  }

  protected override render() {
    const { pages, channels } = adminStrings;
    const all = this.#poll.value;
    const live = all?.filter(({ state }) => state === 'live').length ?? 0;
    return html`<div class="head">
        <h1 tabindex="-1">${pages.channels}</h1>
        <div class="tools">
          ${
            (all?.length ?? 0) >= MANY
              ? html`<input class="find" type="search" aria-label=${channels.find} placeholder=${channels.find} .value=${this.text} @input=${this.#find}>`
              : nothing
          }
          <button type="button" class="primary add" @click=${() => (this.adds = true)}>${adminIcons.add}${channels.add}</button>
        </div>
      </div>
      <p class="spoken" role="status">${all ? channels.count(live, all.length) : ''}</p>
      <div class="card">${all ? this.#list(all) : html`<p class="empty">${adminStrings.loading}</p>`}</div>
      ${
        this.adds
          ? html`<p2p-admin-channel-form .api=${this.api} @dismiss=${() => (this.adds = false)} @saved=${this.#onSaved}></p2p-admin-channel-form>`
          : nothing
      }`;
  }

  #list(all: readonly AdminChannel[]) {
    const { channels } = adminStrings;
    if (all.length === 0) return emptyState(adminIcons.channels, channels.none, channels.noneText);
    const text = this.text.trim().toLowerCase();
    const found = all.filter(({ name }) => name.toLowerCase().includes(text)).sort(byImportance);
    if (found.length === 0) return html`<p class="empty">${channels.noneFound(this.text)}</p>`;
    return html`<table class="stacks">
      <thead>
        <tr>
          <th scope="col">${channels.name}</th>
          <th scope="col">${channels.state}</th>
          <th scope="col" class="number">${channels.viewers}</th>
          <th scope="col" class="number">${channels.bitrate}</th>
          <th scope="col" class="number">${channels.share}</th>
          <th scope="col" class="number">${channels.latency}</th>
          <th scope="col" class="number">${channels.stalls}</th>
          <th scope="col"><span class="spoken">${channels.actions}</span></th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          found,
          ({ name }) => name,
          channel => this.#row(channel),
        )}
      </tbody>
    </table>`;
  }

  #row(channel: AdminChannel) {
    const { channels } = adminStrings;
    const { name, source, recording } = channel;
    return html`<tr>
      <th scope="row">
        <span class="named">
          <a href=${routeHash({ page: 'channels', channel: name })}>${name}</a>
          ${recording.id === null ? nothing : html`<span class="tag recording">${channels.recording}</span>`}
          ${recording.stopped === null ? nothing : html`<span class="tag warn">${channels.notRecorded(recording.stopped)}</span>`}
        </span>
      </th>
      <td data-label=${channels.state}>
        ${channelState(channel)}
        ${source?.error ? html`<span class="url bad" title=${source.error}>${source.error}</span>` : nothing}
      </td>
      <td class="number" data-label=${channels.viewers}>${formatCount(channel.viewers)}</td>
      <td class="number" data-label=${channels.bitrate}>${formatKbps(channel.bitrateKbps)}</td>
      <td class="number" data-label=${channels.share}>${formatShare(channel.offload)}</td>
      <td class="number" data-label=${channels.latency}>${formatMs(channel.latencyMs)}</td>
      <td class="number" data-label=${channels.stalls}>${formatSmall(channel.stallsPerViewerMinute)}</td>
      <td class="wide"><div class="acts">${source ? this.#switch(name, isRunning(source)) : nothing}</div></td>
    </tr>`;
  }

  #switch(name: string, runs: boolean) {
    const { channels } = adminStrings;
    return html`<button
      type="button" class="quiet switch" aria-label=${runs ? channels.stop(name) : channels.start(name)}
      @click=${() => this.#turn(name, runs ? 'stop' : 'start')}
    >${runs ? adminIcons.stop : adminIcons.play}${runs ? channels.stopWord : channels.startWord}</button>`;
  }

  async #turn(name: string, to: 'start' | 'stop'): Promise<void> {
    await this.attempt(() => this.api.switchSource(name, to));
    await this.#poll.refresh();
  }

  #find(event: InputEvent): void {
    if (event.target instanceof HTMLInputElement) this.text = event.target.value;
  }

  #onSaved(): void {
    this.adds = false;
    void this.#poll.refresh();
  }
}

/** Live ones first, then as they are called. */
function byImportance(a: AdminChannel, b: AdminChannel): number {
  return Number(b.state === 'live') - Number(a.state === 'live') || a.name.localeCompare(b.name);
}
