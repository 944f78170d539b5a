// What the dashboard's charts draw of the relay's columns.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  axisEnd,
  type ChartContent,
  drawnColumns,
  extremes,
  lonePoints,
  newestIndex,
} from '../../../../components/admin/chart-data.ts';
import { seriesCharts } from '../../../../components/admin/series-charts.ts';
import { fakeSeries } from '../../../support/fake-admin-figures.ts';

const content = (values: (number | null)[][], stacked: boolean): ChartContent => ({
  ...{ title: 't', at: [1_000, 2_000, 3_000], span: { from: 0, to: 3_000 }, format: String, least: 1, stacked },
  series: values.map((column, index) => ({ label: `l${index}`, colour: 'c0', values: column })),
});

test('lines are drawn as they are, layers as sums with the uppermost first', () => {
  const columns = [
    [1, null, 3],
    [10, null, null],
  ];
  assert.deepEqual(drawnColumns(content(columns, false)), [[1, 2, 3], ...columns]);
  assert.deepEqual(drawnColumns(content(columns, true)), [
    [1, 2, 3],
    [11, null, 3],
    [1, null, 3],
  ]);
});

test('the newest point is the last of which anything is known', () => {
  assert.equal(newestIndex(content([[1, 2, null]], false)), 1);
  assert.equal(newestIndex(content([[null, null, null]], false)), -1);
  assert.equal(newestIndex(content([], true)), -1);
});

test('an axis ends on a round number above the highest, or where a share ends', () => {
  const cases: [number, number, number | undefined, number][] = [
    [0, 4, undefined, 4],
    [3.9, 4, undefined, 6],
    [381, 4, undefined, 600],
    [0.031, 0.01, undefined, 0.04],
    [0.5, 1, 1, 1],
  ];
  for (const [highest, least, most, end] of cases)
    assert.ok(
      Math.abs(axisEnd(highest, { least, most }) - end) < 1e-9,
      `${highest}: ${axisEnd(highest, { least, most })}`,
    );
});

test('points that stand alone are told', () => {
  assert.deepEqual(lonePoints([1, null, 2, 3, null, 4]), [0, 5]);
  assert.deepEqual(lonePoints([]), []);
});

test('extremes leave out what is not known', () => {
  assert.deepEqual(extremes([null, 3, 1]), { least: 1, most: 3 });
  assert.equal(extremes([null]), null);
});

test('a channel has no load; of many places the largest stand for themselves', () => {
  const series = fakeSeries(20);
  assert.equal(seriesCharts(series, true, 600_000).length, seriesCharts(series, false, 600_000).length + 1);
  const names = Array.from(
    { length: 12 },
    (_, index) => [`Area/City_${index}`, series.at.map(() => 12 - index)] as const,
  );
  const charts = seriesCharts(
    { ...series, places: { ...Object.fromEntries(names), other: series.at.map(() => 5) } },
    true,
    600_000,
  );
  const places = charts.at(-1)!;
  assert.deepEqual(
    places.series.map(({ label }) => label),
    [...Array.from({ length: 7 }, (_, index) => `City ${index}`), 'elsewhere'],
  );
  assert.equal(places.series.at(-1)?.values[0], 5 + 4 + 3 + 2 + 1 + 5, 'nobody is left out');
});
