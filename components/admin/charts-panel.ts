// The element <p2p-admin-charts>: the charts of the relay or of a channel, over a time to be chosen.

import { css, html, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { AdminView } from './admin-view.ts';
import type { ChartContent } from './chart-data.ts';
import { Poll } from './poll.ts';
import { seriesCharts } from './series-charts.ts';

/** Milliseconds: how far back, and the distance of the points. */
const RANGES = {
  m15: { span: 15 * 60_000, step: 10_000 },
  h1: { span: 3_600_000, step: 10_000 },
  h6: { span: 6 * 3_600_000, step: 60_000 },
  h24: { span: 24 * 3_600_000, step: 240_000 },
} as const;
type Range = keyof typeof RANGES;
const EVERY = 10_000;
/** As many as there are at most, before the first answer. */
const PLACEHOLDERS = Array.from({ length: 9 }, (_, index) => ({ title: String(index), content: null }));

/** Of `channel`, or of the whole relay when it is empty. */
export class ChartsPanel extends AdminView {
  static override styles = [
    adminStyles,
    css`
      .head { margin-block: 0 10px; }
      .head h2 { flex: 1; font-size: 15px; }
      .charts[hidden] { display: none; }
      .charts { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); }
      @media (min-width: 1200px) { .whole > :is(:first-child, :last-child) { grid-column: span 2; } }
    `,
  ];
  static override properties = { ...AdminView.properties, channel: {}, range: { state: true } };

  declare channel: string;
  declare range: Range;

  readonly #poll = new Poll(this, EVERY, () => {
    const { span, step } = RANGES[this.range];
    const whole = this.channel === '';
    return this.api.series({ from: this.api.now - span, step, ...(whole ? {} : { channel: this.channel }) });
  });

  constructor() {
    super();
    this.channel = '';
    this.range = 'm15';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.hasUpdated && (changed.has('channel') || changed.has('range'))) void this.#poll.refresh();
  }

  protected override render() {
    const { overview, ranges } = adminStrings;
    const { value: series, failure } = this.#poll;
    const charts: readonly { title: string; content: ChartContent | null }[] = series
      ? seriesCharts(series, this.channel === '', RANGES[this.range].span).map(content => ({
          title: content.title,
          content,
        }))
      : PLACEHOLDERS;
    return html`<div class="head">
        <h2>${overview.figures}</h2>
        <div class="segments" role="group" aria-label=${ranges.label}>
          ${(Object.keys(RANGES) as Range[]).map(
            range =>
              html`<button type="button" aria-pressed=${range === this.range} @click=${() => (this.range = range)}>${ranges[range]}</button>`,
          )}
        </div>
      </div>
      ${failure?.status === 404 && !series ? html`<p class="card empty">${adminStrings.charts.none}</p>` : nothing}
      <div class="charts ${this.channel === '' ? 'whole' : ''}" ?hidden=${failure?.status === 404 && !series}>
        ${repeat(
          charts,
          ({ title }) => title,
          ({ content }) => html`<p2p-admin-chart .content=${content}></p2p-admin-chart>`,
        )}
      </div>`;
  }
}
