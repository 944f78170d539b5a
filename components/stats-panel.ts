// The panel of figures over the picture, with graphs of the last minute. Without Lit: it is a file of its own, for the few who open it.

import { formatNumber, formatSeconds } from './controls/format-number.ts';
import type { PlayerStats } from './engine/player-stats.ts';
import { HISTORY_SECONDS, type Sample, StatsHistory } from './stats-history.ts';
import { statsPanelStyles } from './stats-panel-styles.ts';
import type { Strings } from './strings.ts';

const HEIGHT = 24;
const UNKNOWN = '–';

interface Row {
  readonly key: 'latency' | 'buffer' | 'received' | 'fromViewers' | 'fromRelay' | 'passedOn' | 'neighbours';
  /** What its figure says; undefined while that is unknown. */
  readonly say: (strings: Strings, now: Sample, stats: PlayerStats) => string;
  /** The areas of its graph, which lie on each other, and the least that the scale says. */
  readonly areas?: readonly (keyof Sample)[];
  readonly scale?: number;
}

const ROWS: readonly Row[] = [
  {
    key: 'latency',
    say: (strings, _, { latency }) => (latency === null ? UNKNOWN : formatSeconds(strings, latency)),
    areas: ['latency'],
    scale: 1,
  },
  { key: 'buffer', say: (strings, _, { buffer }) => formatSeconds(strings, buffer), areas: ['buffer'], scale: 1 },
  {
    key: 'received',
    say: (strings, { viewers, relay }) => formatRate(strings, viewers + relay),
    areas: ['viewers', 'relay'],
    scale: 25_000,
  },
  { key: 'fromViewers', say: (strings, now) => formatShare(strings, now.viewers, now.viewers + now.relay) },
  { key: 'fromRelay', say: (strings, now) => formatShare(strings, now.relay, now.viewers + now.relay) },
  {
    key: 'passedOn',
    say: (strings, { passedOn }) => formatRate(strings, passedOn),
    areas: ['passedOn'],
    scale: 25_000,
  },
  { key: 'neighbours', say: (strings, _, { swarm }) => formatNumber(strings, swarm.peers.length, {}) },
];

/** Fills `box`, which is in a shadow tree. */
export class StatsPanel {
  readonly #history = new StatsHistory();
  readonly #list = document.createElement('dl');

  constructor(box: HTMLElement) {
    const root = box.getRootNode();
    const sheet = statsPanelStyles();
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    for (const { key, areas } of ROWS) {
      const row = this.#list.appendChild(document.createElement('div'));
      row.className = key;
      row.append(document.createElement('dt'), document.createElement('dd'));
      if (areas) row.append(graph(areas));
    }
    box.append(this.#list);
  }

  /** Draws the figures as they are `at` (ms). */
  show(stats: PlayerStats, strings: Strings, at: number): void {
    this.#history.take(stats, at);
    const now = this.#history.mean();
    for (const [index, { key, say, areas, scale = 1 }] of ROWS.entries()) {
      const [name, value, holder] = this.#list.children[index]!.children;
      name!.textContent = strings[key];
      value!.textContent = say(strings, now, stats);
      const drawing = holder?.firstElementChild;
      if (drawing && areas) draw(drawing, this.#history.samples, areas, scale);
    }
  }
}

function graph(areas: readonly string[]): HTMLElement {
  const holder = document.createElement('dd');
  // What it shows is in the figure beside it.
  holder.ariaHidden = 'true';
  const svg = holder.appendChild(
    svgElement('svg', { viewBox: `0 0 ${HISTORY_SECONDS - 1} ${HEIGHT}`, preserveAspectRatio: 'none' }),
  );
  for (const area of areas) svg.append(svgElement('path', { class: area }));
  return holder;
}

function svgElement(name: 'svg' | 'path', attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function draw(svg: Element, samples: readonly Sample[], areas: readonly (keyof Sample)[], least: number): void {
  const total = (sample: Sample, count: number) => areas.slice(0, count).reduce((sum, area) => sum + sample[area], 0);
  const unit = (HEIGHT - 2) / Math.max(least, ...samples.map(sample => total(sample, areas.length)));
  const first = HISTORY_SECONDS - samples.length;
  const line = (count: number) =>
    samples.map((sample, index) => `${first + index},${(HEIGHT - total(sample, count) * unit).toFixed(1)}`);
  areas.forEach((_, index) => {
    const path = [...line(index + 1), ...line(index).reverse()].join('L');
    svg.children[index]!.setAttribute('d', path && `M${path}Z`);
  });
}

/** `2.1 Mb/s` of bytes a second. */
function formatRate(strings: Strings, bytesPerSecond: number): string {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return formatNumber(strings, (bytesPerSecond * 8) / 1e6, { style: 'unit', unit: 'megabit-per-second', ...digits });
}

function formatShare(strings: Strings, part: number, all: number): string {
  return all > 0 ? formatNumber(strings, part / all, { style: 'percent' }) : UNKNOWN;
}
