// The relay's columns of figures -> the charts of a page.

import type { AdminSeries } from '../../core/admin/answers.ts';
import { adminStrings } from './admin-strings.ts';
import type { ChartContent, ChartSeries } from './chart-data.ts';
import { formatCount, formatKbps, formatMs, formatRate, formatShare, formatSmall } from './format-figures.ts';

const NAT_KINDS = ['open', 'cone', 'symmetric', 'blocked', 'unknown'] as const;
const NAT_COLOURS = ['c0', 'c1', 'c2', 'c6', 'c8'] as const;
/** So many places have a colour of their own; the others are one. */
const PLACES = 7;

/** All charts of the whole relay, or of a channel, which has no load of its own; `spanMs` up to the newest point. */
export function seriesCharts(series: AdminSeries, whole: boolean, spanMs: number): ChartContent[] {
  const { charts, nat } = adminStrings;
  const { at } = series;
  const to = at.at(-1) ?? 0;
  const time = { at, span: { from: to - spanMs, to } };
  const one = (
    title: string,
    values: readonly (number | null)[],
    format: (value: number) => string,
    rest: { colour?: string; least?: number; most?: number } = {},
  ): ChartContent => ({
    ...{ title, ...time, format, least: rest.least ?? 1, most: rest.most },
    series: [{ label: title, colour: rest.colour ?? 'c1', values }],
  });
  const rate = (kbps: number) => (kbps === 0 ? '0' : formatKbps(kbps));
  const ms = (value: number) => (value === 0 ? '0' : formatMs(value));
  const latency: ChartContent = {
    ...{ title: charts.latency, ...time, format: ms, least: 500 },
    series: [
      { label: charts.median, colour: 'c1', values: series.latencyMs.p50 },
      { label: charts.slowest, colour: 'c5', values: series.latencyMs.p95 },
    ],
  };
  return [
    one(charts.viewers, series.viewers, formatCount, { least: 4, colour: 'c0' }),
    one(charts.peerShare, series.peerShare, formatShare, { most: 1, colour: 'c0' }),
    one(charts.out, series.bytesOutPerSecond, value => (value === 0 ? '0' : formatRate(value)), { least: 12_500 }),
    one(whole ? charts.streams : charts.bitrate, series.bitrateKbps, rate, { least: 100 }),
    latency,
    one(charts.stalls, series.stallsPerViewerMinute, formatSmall, { least: 0.1, colour: 'c6' }),
    one(charts.timeOnRelay, series.timeOnRelay, value => `${Math.round(value)} s`, { most: 60, colour: 'c2' }),
    ...(whole ? [one(charts.cpu, series.cpu, formatShare, { least: 0.1, colour: 'c5' })] : []),
    layers(
      charts.nat,
      time,
      NAT_KINDS.map((kind, index) => ({
        label: nat[kind],
        colour: NAT_COLOURS[index]!,
        values: series.nat[kind] ?? [],
      })),
    ),
    layers(charts.places, time, places(series)),
  ];
}

function layers(title: string, time: Pick<ChartContent, 'at' | 'span'>, series: readonly ChartSeries[]): ChartContent {
  const some = series.filter(({ values }) => values.some(value => value !== null && value > 0));
  return { title, ...time, format: formatCount, least: 4, stacked: true, series: some };
}

/** Those that most come from, by themselves. */
function places({ places, at }: AdminSeries): ChartSeries[] {
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const ranked = Object.entries(places)
    .filter(([place]) => place !== 'other')
    .sort(([, a], [, b]) => sum(b) - sum(a));
  const others = [...ranked.slice(PLACES).map(([, values]) => values), places.other ?? []];
  const rest = at.map((_, index) => {
    const known = others.map(values => values[index] ?? null).filter(value => value !== null);
    return known.length > 0 ? known.reduce((all, value) => all + value, 0) : null;
  });
  return [
    ...ranked
      .slice(0, PLACES)
      .map(([place, values], index) => ({ label: placeName(place), colour: `c${index}`, values })),
    { label: adminStrings.charts.elsewhere, colour: 'c8', values: rest },
  ];
}

/** `Europe/Berlin` -> `Berlin`. */
export const placeName = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') || zone;
