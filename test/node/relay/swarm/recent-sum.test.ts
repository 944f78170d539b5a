import assert from 'node:assert/strict';
import test from 'node:test';
import { RecentSum } from '../../../../relay/swarm/recent-sum.ts';

test('sums up what came within the last seconds, and everything', () => {
  const sum = new RecentSum(10);
  sum.add(5, 1_200);
  sum.add(7, 4_900);
  assert.equal(sum.recent(5_000), 12);
  assert.equal(sum.recent(10_999), 12);
  assert.equal(sum.recent(11_000), 7);
  assert.equal(sum.recent(14_000), 0);
  assert.equal(sum.total, 12);
});

test('a long pause leaves nothing recent', () => {
  const sum = new RecentSum(10);
  for (let second = 0; second < 20; second++) sum.add(1, second * 1_000);
  assert.equal(sum.recent(19_000), 10);
  assert.equal(sum.recent(3_600_000), 0);
  sum.add(3, 3_600_500);
  assert.equal(sum.recent(3_600_500), 3);
});

test('a rate: unknown at first, right once known, also before the seconds are full', () => {
  const sum = new RecentSum(10);
  assert.equal(sum.rate(0, 5_000), undefined);
  for (let now = 100; now <= 4_900; now += 100) sum.add(100, now);
  assert.equal(sum.rate(4_900, 5_000), undefined);
  for (let now = 5_000; now <= 30_000; now += 100) {
    sum.add(100, now);
    const rate = sum.rate(now, 4_000) ?? 0;
    assert.ok(Math.abs(rate - 1_000) < 50, `${rate} at ${now}`);
  }
});

test('nothing added is no beginning', () => {
  const sum = new RecentSum(10);
  sum.add(0, 0);
  sum.add(1_000, 60_000);
  assert.equal(sum.rate(61_000, 5_000), undefined);
});
