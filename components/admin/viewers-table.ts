// The element <p2p-admin-viewers>: who watches a channel, without any person's name or address.

import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AdminViewer } from '../../core/admin/answers.ts';
import { adminIcons } from './admin-icons.ts';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import { formatCount, formatDuration, formatMs, UNKNOWN } from './format-figures.ts';
import { Poll } from './poll.ts';
import { placeName } from './series-charts.ts';

const EVERY = 4_000;
const SHOWN = 100;

export class ViewersTable extends AdminView {
  static override styles = [
    adminStyles,
    css`
      .scroll { max-block-size: 420px; overflow: auto; }
      tbody th { font-weight: 400; }
      .more { padding: 8px 16px; font-size: 13px; border-block-start: 1px solid var(--line); }
      .none { padding: 16px; }
    `,
  ];
  static override properties = { ...AdminView.properties, channel: {} };

  declare channel: string;

  readonly #poll = new Poll(this, EVERY, () => (this.channel ? this.api.viewers(this.channel) : null));

  constructor() {
    super();
    this.channel = '';
  }

  protected override render() {
    const { channel, viewers } = adminStrings;
    const all = this.#poll.value;
    const newestFirst = [...(all ?? [])].sort((a, b) => b.since - a.since);
    return html`<section class="card" aria-label=${channel.viewers}>
      <div class="bar"><h2>${channel.viewers}${all ? html` <span class="soft">${formatCount(all.length)}</span>` : nothing}</h2></div>
      ${
        all?.length === 0
          ? html`<p class="soft none">${channel.noViewers}</p>`
          : html`<div class="scroll" tabindex="0" role="group" aria-label=${channel.viewers}>
              <table class="stacks">
                <thead>
                  <tr>
                    <th scope="col">${viewers.who}</th>
                    <th scope="col">${viewers.link}</th>
                    <th scope="col">${viewers.place}</th>
                    <th scope="col">${viewers.nat}</th>
                    <th scope="col" class="number">${viewers.since}</th>
                    <th scope="col" class="number">${viewers.latency}</th>
                    <th scope="col" class="number">${viewers.stalls}</th>
                    <th scope="col"><span class="spoken">${adminStrings.channels.actions}</span></th>
                  </tr>
                </thead>
                <tbody>
                  ${repeat(
                    newestFirst.slice(0, SHOWN),
                    ({ id }) => id,
                    viewer => this.#row(viewer),
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${(all?.length ?? 0) > SHOWN ? html`<p class="soft more">${viewers.more(all!.length - SHOWN)}</p>` : nothing}
    </section>`;
  }

  #row({ id, transport, place, nat, since, latencyMs, stalls }: AdminViewer) {
    const { viewers } = adminStrings;
    const label = viewers.disconnect(id.slice(0, 8));
    return html`<tr>
      <th scope="row"><code>${id.slice(0, 8)}</code></th>
      <td data-label=${viewers.link}>${viewers.transports[transport] ?? transport}</td>
      <td data-label=${viewers.place}>${place === null ? UNKNOWN : placeName(place)}</td>
      <td data-label=${viewers.nat}>${adminStrings.nat[nat]}</td>
      <td class="number" data-label=${viewers.since}>${formatDuration(this.api.now - since)}</td>
      <td class="number" data-label=${viewers.latency}>${formatMs(latencyMs)}</td>
      <td class="number" data-label=${viewers.stalls}>${formatCount(stalls)}</td>
      <td class="wide"><div class="acts">
        <button type="button" class="quiet square" aria-label=${label} title=${label} @click=${() => this.#disconnect(id)}>${adminIcons.close}</button>
      </div></td>
    </tr>`;
  }

  async #disconnect(id: string): Promise<void> {
    await this.attempt(() => this.api.disconnect(this.channel, id));
    await this.#poll.refresh();
  }
}
