import assert from 'node:assert/strict';
import test from 'node:test';
import { medianSlope } from '../../../bench/soak/slope.ts';

test('a line’s slope, in spite of outliers', () => {
  const line = Array.from({ length: 20 }, (_, x) => [x, 100 + x / 2] as const);
  assert.equal(medianSlope(line), 0.5);
  const disturbed = line.map(([x, y]) => [x, x % 7 === 3 ? y + 80 : y] as const);
  assert.ok(Math.abs(medianSlope(disturbed) - 0.5) < 0.05);
});

test('saw teeth don’t grow', () => {
  const teeth = Array.from({ length: 24 }, (_, x) => [x, 50 + (x % 4)] as const);
  assert.ok(Math.abs(medianSlope(teeth)) < 0.1);
});

test('too few samples say nothing', () => {
  assert.ok(Number.isNaN(medianSlope([])));
  assert.ok(Number.isNaN(medianSlope([[1, 2]])));
  assert.equal(
    medianSlope([
      [1, 2],
      [3, 6],
    ]),
    2,
  );
});
