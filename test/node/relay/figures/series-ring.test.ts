// SeriesRing and TimeSeries: figures over time, averaged by step, within bounds.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Sample, SeriesRing } from '../../../../relay/figures/series-ring.ts';
import { TimeSeries } from '../../../../relay/figures/time-series.ts';

const of = (viewers: number | null, places: Record<string, number> = {}): Sample => ({
  gauges: { viewers },
  counts: { places },
});

test('a step is the mean of what is known of its samples', () => {
  const ring = new SeriesRing(60_000, 10);
  ring.add(of(2), 60_000);
  ring.add(of(null), 70_000);
  ring.add(of(5), 80_000);
  ring.add(of(9), 125_000);
  assert.deepEqual(ring.times(0), [120_000, 180_000]);
  assert.deepEqual(ring.gauge('viewers', 0), [3.5, 9]);
  assert.deepEqual(ring.gauge('nothing', 0), [Number.NaN, Number.NaN]);
});

test('a kind that a sample does not name has none in it', () => {
  const ring = new SeriesRing(60_000, 10);
  ring.add(of(4, { Berlin: 4 }), 60_000);
  ring.add(of(4, { Berlin: 2, Lagos: 2 }), 70_000);
  assert.deepEqual(Object.fromEntries(ring.counts('places', 0)), { Berlin: [3], Lagos: [1] });
});

test('what was not looked at is unknown, and what is old is gone', () => {
  const ring = new SeriesRing(10, 4);
  ring.add(of(1), 0);
  ring.add(of(2), 30);
  assert.deepEqual(ring.gauge('viewers', 0), [1, Number.NaN, Number.NaN, 2]);
  ring.add(of(3), 50);
  assert.deepEqual(ring.gauge('viewers', 0), [Number.NaN, 2, Number.NaN, 3]);
  assert.deepEqual(ring.times(0), [30, 40, 50, 60]);
  ring.add(of(4), 10_000);
  assert.deepEqual(ring.gauge('viewers', 9_999), [Number.NaN, 4], 'only from then on');
  assert.deepEqual(ring.times(20_000), []);
});

test('so many kinds have a column, the others share one; those of nobody give it back', () => {
  const ring = new SeriesRing(10, 3);
  const places = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`place${i}`, 1]));
  ring.add(of(40, places), 0);
  const columns = ring.counts('places', 0);
  assert.equal(columns.size, 25);
  assert.deepEqual(columns.get('other'), [16]);
  for (let at = 10; at <= 40; at += 10) ring.add(of(1, { new: 1 }), at);
  assert.deepEqual([...ring.counts('places', 0).keys()].sort(), ['new', 'other']);
});

test('always gives columns of one length, none longer than the ring', () => {
  const step = fc.record({
    pause: fc.nat(400),
    viewers: fc.option(fc.nat(9)),
    places: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(5)),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(2_000), (steps, from) => {
      const ring = new SeriesRing(100, 7);
      let now = 0;
      for (const { pause, viewers, places } of steps) ring.add(of(viewers, places), (now += pause));
      const times = ring.times(from);
      assert.ok(times.length <= 7 && times.every((time, i) => i === 0 || time === times[i - 1]! + 100));
      for (const column of [ring.gauge('viewers', from), ...ring.counts('places', from).values()]) {
        assert.equal(column.length, times.length);
      }
    }),
  );
});

test('an answer names the twelve places that most come from, and puts the others together', () => {
  const series = new TimeSeries();
  const places = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`place${i}`, i + 1]));
  series.add({ gauges: { viewers: 120, cpu: 0.25, latencyP50: null }, counts: { nat: { cone: 3 }, places } }, 10_000);
  series.add({ gauges: { viewers: 1, cpu: 0.75, latencyP50: 812.6 }, counts: { nat: {}, places: {} } }, 20_000);
  const fine = series.read(0, 10_000, time => time + 1_000_000);
  assert.deepEqual(fine.at, [1_020_000, 1_030_000]);
  assert.deepEqual(
    [fine.viewers, fine.cpu, fine.latencyMs.p50],
    [
      [120, 1],
      [0.25, 0.75],
      [null, 813],
    ],
  );
  assert.deepEqual(fine.nat, { cone: [3, 0] });
  assert.deepEqual(Object.keys(fine.places).length, 13);
  assert.deepEqual(fine.places.place14, [15, 0]);
  assert.deepEqual(fine.places.other, [1 + 2 + 3, 0]);
  assert.deepEqual(fine.peerShare, [null, null], 'of what was never told nothing is known');
  const coarse = series.read(0, 60_000, time => time);
  assert.deepEqual([coarse.stepMs, coarse.at, coarse.viewers], [60_000, [60_000], [60.5]]);
});
