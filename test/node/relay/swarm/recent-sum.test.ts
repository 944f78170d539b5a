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
