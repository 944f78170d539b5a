import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../../core/publish/backoff.ts';

test('waits double from 0.5 s to 15 s, with jitter down to half, and start over after a good run', () => {
  const longest = new Backoff(() => 1);
  assert.deepEqual(
    [0, 0, 0, 0, 0, 0, 0].map(ran => longest.next(ran)),
    [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000],
  );
  assert.equal(longest.next(9_999), 15_000);
  assert.equal(longest.next(10_000), 500);
  const shortest = new Backoff(() => 0);
  assert.deepEqual([shortest.next(0), shortest.next(0)], [250, 500]);
});
