// The meter's level: up at once, down slowly, never beyond its ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextLevel } from '../../../../components/publish/level-meter.ts';

const samples = (...values: number[]) => new Float32Array(values);

test('full scale is 1, a thousandth is 0, a hundredth in between; what is negative is as loud', () => {
  assert.equal(nextLevel(0, samples(0, 1, 0), 0.03), 1);
  assert.equal(nextLevel(0, samples(0, -1, 0), 0.03), 1);
  assert.ok(nextLevel(0, samples(0.001), 0.03) < 1e-6);
  assert.ok(Math.abs(nextLevel(0, samples(0.01), 0.03) - 1 / 3) < 1e-6);
  assert.equal(nextLevel(0, samples(), 0.03), 0);
});

test('silence after full scale takes two and a half seconds', () => {
  let level = 1;
  let seconds = 0;
  while (level > 1e-9) {
    level = nextLevel(level, samples(0), 1 / 30);
    seconds += 1 / 30;
  }
  assert.ok(Math.abs(seconds - 2.5) < 0.1, `${seconds} s`);
});

test('it stays between 0 and 1 whatever comes, and rises at once', () => {
  const level = fc.double({ min: 0, max: 1, noNaN: true });
  const sound = fc.array(fc.float({ min: -4, max: 4, noNaN: true }));
  fc.assert(
    fc.property(level, sound, fc.double({ min: 0, max: 10, noNaN: true }), (before, values, seconds) => {
      const next = nextLevel(before, samples(...values), seconds);
      assert.ok(next >= 0 && next <= 1);
      assert.ok(next >= nextLevel(0, samples(...values), seconds));
    }),
  );
});
