import assert from 'node:assert/strict';
import test from 'node:test';
import { StripeCount, stripesFor } from '../../../../relay/swarm/stripe-count.ts';

test('about 450 kbit/s each, 4 to 16', () => {
  const cases = [
    [0, 4],
    [1_800, 4],
    [1_801, 5],
    [4_000, 9],
    [7_200, 16],
    [50_000, 16],
  ] as const;
  for (const [kbps, stripes] of cases) assert.equal(stripesFor(kbps), stripes, `${kbps} kbit/s`);
});

test('4 while the rate is unknown, then by the first that is known', () => {
  const stripes = new StripeCount('auto');
  stripes.update(undefined, 0);
  stripes.update(0, 1_000);
  assert.equal(stripes.count, 4);
  stripes.update(4_000, 2_000);
  assert.equal(stripes.count, 9);
});

test('decided anew when the rate has been twice as high, or half, for 30 s without a break', () => {
  const stripes = new StripeCount('auto');
  stripes.update(2_000, 0);
  assert.equal(stripes.count, 5);
  for (let now = 0; now < 120_000; now += 1_000) stripes.update(now % 20_000 < 19_000 ? 4_100 : 3_000, now);
  assert.equal(stripes.count, 5);
  for (let now = 120_000; now < 149_000; now += 1_000) stripes.update(4_500, now);
  assert.equal(stripes.count, 5);
  stripes.update(4_500, 150_000);
  assert.equal(stripes.count, 10);
  for (let now = 151_000; now <= 181_000; now += 1_000) stripes.update(2_250, now);
  assert.equal(stripes.count, 5);
});

test('while the rate is unknown, what viewers counted before', () => {
  const stripes = new StripeCount('auto');
  stripes.suggest(9);
  assert.equal(stripes.count, 9);
  stripes.suggest(99);
  assert.equal(stripes.count, 16);
  stripes.update(2_000, 0);
  assert.equal(stripes.count, 5);
  stripes.suggest(9);
  assert.equal(stripes.count, 5);
  const fixed = new StripeCount(6);
  fixed.suggest(9);
  assert.equal(fixed.count, 6);
});

test('a number that was set stays', () => {
  const stripes = new StripeCount(6);
  for (let now = 0; now < 100_000; now += 1_000) stripes.update(now, now);
  assert.equal(stripes.count, 6);
});
