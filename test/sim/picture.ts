// Draws a run as SVG: needed latency, and what came from peers and what the relay sent, second by second, with the events.

import type { SecondFigures } from './figures.ts';
import { type Axis, type Chart, drawChart, HEIGHTS, WIDTH } from './picture-chart.ts';
import type { Percentiles, Result } from './result.ts';
import type { Simulation } from './simulation.ts';

const FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';
const INK = '#1b2430';
const FAINT = '#5b6675';

/** The whole picture: a document of its own. */
export function drawPicture(simulation: Simulation, result: Result): string {
  const { figures, settings, stream } = simulation.world;
  const { seconds } = figures;
  const { phases } = simulation.scenario;
  const marks = phases
    .filter(phase => phase.name !== 'start' && phase.name !== 'steady')
    .map(phase => ({ from: phase.from, to: phase.to, label: phase.name }));
  const time: Axis = { low: 0, high: seconds.length, ticks: timeTicks(seconds.length), label: 'time (s)' };
  const latencyTop = niceTop(1.12 * Math.max(1_100, ...seconds.map(second => second.p99 ?? 0)), 500);
  const perSecond = 1_000 / stream.intervalMs;
  const offload = (second: SecondFigures) => {
    const all = second.fromPeers + second.fromRelay;
    return all === 0 ? null : (100 * second.fromPeers) / all;
  };
  const copies = seconds.map(second => second.relayChunks / perSecond);
  const copiesTop = 10 ** Math.ceil(Math.log10(Math.max(10, ...copies)));
  const most = Math.max(2, ...seconds.map(second => second.viewers));
  const viewersTop = niceTop(most, 10 ** Math.floor(Math.log10(most)) / 2);
  const charts: Chart[] = [
    {
      title: 'Needed latency of the viewers',
      x: time,
      y: { low: 0, high: latencyTop, ticks: evenTicks(latencyTop, latencyTop > 3_000 ? 1_000 : 500), label: 'ms' },
      rules: [{ at: settings.latencyMs, label: `played at ${settings.latencyMs.toLocaleString('en')} ms` }],
      lines: [
        { label: 'p99', colour: '#c2410c', values: seconds.map(second => second.p99) },
        { label: 'p95', colour: '#d99a06', values: seconds.map(second => second.p95) },
        { label: 'p50', colour: '#0f766e', values: seconds.map(second => second.p50) },
      ],
      marks,
    },
    {
      title: 'Offload: share of the bytes that came from other viewers',
      x: time,
      y: { low: 0, high: 100, ticks: evenTicks(100, 25), label: '%' },
      rules: [],
      lines: [{ label: 'offload', colour: '#1d4ed8', values: seconds.map(offload), isFilled: true }],
      marks,
    },
    {
      title: 'Copies of the stream that the relay sent (logarithmic)',
      x: time,
      y: { low: 1, high: copiesTop, ticks: decades(copiesTop), label: '×', isLogarithmic: true },
      rules: [],
      lines: [{ label: 'copies', colour: '#7c3aed', values: copies.map(value => Math.max(1, value)) }],
      marks,
    },
    {
      title: 'Viewers',
      x: time,
      y: { low: 0, high: viewersTop, ticks: [0, viewersTop / 2, viewersTop], label: '' },
      rules: [],
      lines: [{ label: 'viewers', colour: '#475569', values: seconds.map(second => second.viewers), isFilled: true }],
      marks,
    },
  ];
  const ms = ({ p50, p95, p99 }: Percentiles) => `${p50 ?? '–'} / ${p95 ?? '–'} / ${p99 ?? '–'} ms`;
  const share = (value: number | null) => (value === null ? '–' : `${(100 * value).toFixed(2)} %`);
  const subtitle = [
    `${settings.rateKbps / 1_000} Mbit/s in chunks of ${settings.chunkBytes.toLocaleString('en')} bytes, ${settings.stripes} stripes`,
    `${100 * settings.loss} % packet loss`,
    `${Math.round(100 * settings.unconnectable)} % of pairs can't connect`,
    `uplinks ${settings.uplinks}${settings.uplinks === 'mixed' ? ' (20 % none)' : ''}`,
    settings.churn ? 'median stay 5 min' : 'nobody leaves',
    ...(settings.sourcePeer ? [] : ['the source is no peer']),
    `seed ${settings.seed}`,
  ];
  const facts = [
    ['offload', share(result.offload)],
    ['needed latency p50 / p95 / p99', ms(result.latency_ms)],
    ['late chunks', share(result.late)],
    ['copies by the relay', String(result.relay_copies)],
    ['depth p50 / max', `${result.depth.p50} / ${result.depth.max} hops`],
  ] as const;
  let y = 142;
  const parts: string[] = [];
  for (const [i, chart] of charts.entries()) {
    const height = HEIGHTS[i]!;
    parts.push(drawChart(chart, { top: y, height, namesEvents: i === 0, namesTime: i === charts.length - 1 }));
    y += height + 64;
  }
  const height = y + 16;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family='${FONT}' fill="${INK}">
<rect width="100%" height="100%" fill="#fff"/>
<text x="40" y="40" font-size="22" font-weight="650">${settings.viewers.toLocaleString('en')} viewers carry a live stream for each other</text>
<text x="40" y="62" font-size="12.5" fill="${FAINT}">${escapeText(subtitle.slice(0, 3).join(' · '))}</text>
<text x="40" y="79" font-size="12.5" fill="${FAINT}">${escapeText(subtitle.slice(3).join(' · '))}</text>
${facts.map(([name, value], i) => fact(40 + FACTS_AT[i]!, name, value)).join('\n')}
${parts.join('\n')}
</svg>
`;
}

/** Where the summary's columns begin, in pixels. */
const FACTS_AT = [0, 130, 390, 520, 690];

function fact(x: number, name: string, value: string): string {
  return `<text x="${x}" y="104" font-size="11" fill="${FAINT}">${escapeText(name)}</text><text x="${x}" y="123" font-size="15" font-weight="600">${escapeText(value)}</text>`;
}

function timeTicks(seconds: number): number[] {
  const step = [5, 10, 15, 30, 60, 120, 300, 600].find(candidate => seconds / candidate <= 12) ?? 1_200;
  return evenTicks(seconds, step);
}

function evenTicks(high: number, step: number): number[] {
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
}

function decades(high: number): number[] {
  return Array.from({ length: Math.round(Math.log10(high)) + 1 }, (_, i) => 10 ** i);
}

function niceTop(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
