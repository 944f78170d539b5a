import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { RateCap } from '../../../../relay/sessions/rate-cap.ts';

test('four seconds at once, then as fast as the rate', () => {
  const cap = new RateCap(1_000, 0);
  assert.equal(cap.take(4_000, 0), true);
  assert.equal(cap.take(1, 0), false);
  const steady = new RateCap(1_000, 0);
  steady.take(4_000, 0);
  for (let now = 100; now <= 10_000; now += 100) assert.equal(steady.take(100, now), true, `at ${now}`);
  assert.equal(steady.take(1, 10_000), false);
});

test('a pause saves up four seconds and no more', () => {
  const cap = new RateCap(1_000, 0);
  assert.equal(cap.take(4_000, 3_600_000), true);
  assert.equal(cap.take(1, 3_600_000), false);
});

test('a clock that stands still or goes back gives nothing', () => {
  const cap = new RateCap(1_000, 500);
  cap.take(4_000, 500);
  assert.equal(cap.take(1, 100), false);
});

test('never more than the burst and the rate allow, whatever comes when', () => {
  const steps = fc.array(fc.record({ wait: fc.nat(2_000), bytes: fc.nat(3_000) }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, all => {
      const cap = new RateCap(1_000, 0);
      let now = 0;
      let taken = 0;
      for (const { wait, bytes } of all) {
        now += wait;
        if (!cap.take(bytes, now)) return;
        taken += bytes;
        assert.ok(taken <= 4_000 + now);
      }
    }),
  );
});
