// The element <p2p-admin-chart>: figures over time, drawn by uPlot, told in words beside it.

import { css, html, LitElement, type PropertyValues } from 'lit';
import uPlot from 'uplot';
import { adminStrings } from './admin-strings.ts';
import { adminStyles } from './admin-styles.ts';
import { axisEnd, type ChartContent, drawnColumns, extremes, lonePoints, newestIndex } from './chart-data.ts';
import { formatClockShort, UNKNOWN } from './format-figures.ts';

/** Charts of one page show the same moment. */
const SYNC = 'p2p-admin';
const HEIGHT = 132;
const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** Shows `content`. */
export class AdminChart extends LitElement {
  static override styles = [
    adminStyles,
    css`
      :host { display: grid; }
      figure { padding: 12px 14px 10px; }
      figcaption { display: flex; align-items: baseline; justify-content: space-between; gap: 10px; margin-block-end: 8px; }
      h2 { overflow-wrap: anywhere; }
      .now { font-size: 17px; font-weight: 650; letter-spacing: -0.01em; white-space: nowrap; }
      .plot { block-size: 132px; position: relative; direction: ltr; touch-action: pan-y; }
      ul { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-block-start: 6px; min-block-size: 18px; font-size: 12.5px; color: var(--soft); }
      li { display: flex; align-items: center; gap: 6px; white-space: nowrap; }
      li b { font-weight: 600; color: var(--ink); }
      li i { inline-size: 9px; block-size: 9px; border-radius: 3px; background: currentColor; forced-color-adjust: none; }
      /* What uPlot needs (its own sheet knows no shadow trees). */
      .uplot { inline-size: min-content; }
      .u-wrap { position: relative; user-select: none; }
      .u-over, .u-under { position: absolute; }
      .u-under { overflow: hidden; }
      .uplot canvas { display: block; position: relative; inline-size: 100%; block-size: 100%; }
      .u-axis { position: absolute; }
      .u-select { display: none; }
      .u-cursor-x, .u-cursor-y { position: absolute; inset-inline-start: 0; inset-block-start: 0; pointer-events: none; }
      .u-cursor-x { block-size: 100%; border-inline-end: 1px solid var(--edge); }
      .u-cursor-y, .u-off { display: none; }
      .u-cursor-pt { position: absolute; top: 0; left: 0; border-radius: 50%; border: 0 solid; pointer-events: none; background-clip: padding-box !important; }
    `,
  ];
  static override properties = { content: { attribute: false } };

  declare content: ChartContent | null;

  readonly #sizes = new ResizeObserver(() => this.#resize());
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  #plot: uPlot | undefined;
  /** The point under the pointer, of this chart or another. */
  #index: number | null = null;

  constructor() {
    super();
    this.content = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener('change', this.#redraw);
    if (this.hasUpdated) this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener('change', this.#redraw);
    this.#sizes.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  protected override render() {
    const { content } = this;
    if (!content)
      return html`<figure class="card"><figcaption><h2>…</h2></figcaption><div class="plot"></div></figure>`;
    const newest = newestIndex(content);
    const index = this.#index ?? newest;
    const word = (values: readonly (number | null)[]) => {
      const value = values[index] ?? null;
      return value === null ? UNKNOWN : content.format(value);
    };
    const [first] = content.series;
    return html`<figure class="card">
      <figcaption>
        <h2>${content.title}</h2>
        <span class="now">${content.stacked || !first ? '' : word(first.values)}</span>
      </figcaption>
      <div class="plot" role="img" aria-label=${describe(content)}></div>
      <ul aria-hidden="true">
        ${
          content.stacked || content.series.length > 1
            ? content.series.map(
                ({ label, colour, values }) => html`<li><i class=${colour}></i>${label} <b>${word(values)}</b></li>`,
              )
            : newest < 0
              ? html`<li>${adminStrings.charts.nothing}</li>`
              : html`<li>${this.#index === null ? spread(content, first?.values ?? []) : formatClockShort(content.at[index])}</li>`
        }
      </ul>
    </figure>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('content')) return;
    const { content } = this;
    const before = changed.get('content');
    // Of the same lines only the figures are new.
    if (this.#plot && content && before && linesOf(before) === linesOf(content))
      this.#plot.setData(drawnColumns(content));
    else this.#draw();
  }

  /** Draws anew in the colours of now. */
  readonly #redraw = (): void => this.#draw();

  #draw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    const place = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!place || !this.content) return;
    this.#sizes.observe(place);
    if (place.clientWidth === 0) return;
    this.#plot = new uPlot(this.#options(place.clientWidth), drawnColumns(this.content), place);
  }

  #resize(): void {
    const width = this.renderRoot.querySelector('.plot')?.clientWidth ?? 0;
    if (width === 0) return;
    if (this.#plot) this.#plot.setSize({ width, height: HEIGHT });
    else this.#draw();
  }

  #options(width: number): uPlot.Options {
    const content = this.content!; // asked for when there is one
    const [soft, line] = ['soft', 'line'].map(name => this.#colour(name));
    const axis = { stroke: soft!, font: FONT, ticks: { show: false }, grid: { stroke: line!, width: 1 } };
    const lines = content.series.map(({ label, colour }, index): uPlot.Series => {
      const stroke = this.#colour(colour);
      const filled = content.stacked || index === 0;
      const fill = content.stacked ? stroke : faded(stroke);
      return {
        label,
        stroke,
        width: content.stacked ? 0 : 1.6,
        points: { show: true, size: 4, fill: stroke, filter: (plot, at) => lonePoints([...(plot.data[at] ?? [])]) },
        ...(filled && { fill }),
      };
    });
    if (content.stacked) lines.reverse();
    return {
      ...{ width, height: HEIGHT, legend: { show: false }, padding: [6, 18, 0, 0] },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { show: !content.stacked, size: 6 },
        sync: { key: SYNC },
      },
      scales: {
        x: { time: true, range: () => this.#span(content) },
        y: { range: (_, __, highest) => [0, axisEnd(Math.max(highest ?? 0, 0), this.content ?? content)] },
      },
      axes: [
        { ...axis, size: 24, space: 64, values: (_, seconds) => seconds.map(at => this.#clockAt(at, content)) },
        {
          ...axis,
          gap: 4,
          splits: (_, __, ___, end) => [0, end / 2, end],
          size: (_, values) => 12 + 6.2 * Math.max(2, ...(values ?? []).map(value => value.length)),
          values: (_, values) => values.map(value => (this.content ?? content).format(value)),
        },
      ],
      series: [{}, ...lines],
      hooks: { setCursor: [({ cursor }) => this.#point(cursor.idx ?? null)] },
    };
  }

  /** Seconds. */
  #span(content: ChartContent): [number, number] {
    const { from, to } = (this.content ?? content).span;
    return [from / 1_000, to / 1_000];
  }

  /** Of a moment (seconds); none at the left edge, where the other axis has its words. */
  #clockAt(at: number, content: ChartContent): string {
    const [from, to] = this.#span(content);
    return at - from < (to - from) / 16 ? '' : formatClockShort(at * 1_000);
  }

  #point(index: number | null): void {
    if (index === this.#index) return;
    this.#index = index;
    this.requestUpdate();
  }

  /** A custom property as a canvas takes it. */
  #colour(name: string): string {
    const probe = document.createElement('i');
    probe.style.color = `var(--${name})`;
    this.renderRoot.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }
}

function faded(colour: string): string {
  const [red, green, blue] = colour.match(/\d+(\.\d+)?/g) ?? [];
  return `rgb(${red} ${green} ${blue} / 0.13)`;
}

const linesOf = ({ series }: ChartContent) => series.map(({ label, colour }) => label + colour).join();

/** From the smallest to the largest. */
function spread({ format }: ChartContent, values: readonly (number | null)[]): string {
  const { least, most } = extremes(values) ?? { least: 0, most: 0 };
  return least === most ? '' : adminStrings.charts.spread(format(least), format(most));
}

/** What is seen in the drawing, for those who don't. */
function describe({ title, series, at, format }: ChartContent): string {
  const { charts } = adminStrings;
  const told = series.flatMap(({ label, values }) => {
    const span = extremes(values);
    const now = values.findLast(value => value !== null);
    if (!span || now === undefined || now === null) return [];
    return [charts.described(series.length > 1 ? label : title, format(now), format(span.least), format(span.most))];
  });
  return told.length > 0
    ? charts.between(formatClockShort(at[0]), formatClockShort(at.at(-1)), told.join(' '))
    : `${title}: ${charts.nothing}`;
}
