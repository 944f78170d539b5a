import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { CaptureClock } from '../../../../../components/publish/engine/capture-clock.ts';

/** Frames of another clock, `ahead` of ours, that take `delays` to get here. */
function run(clock: CaptureClock, delays: readonly number[], { ahead = 5_000, step = 33, from = 1_000 } = {}) {
  return delays.map((delay, i) => {
    const captured = from + i * step;
    return { captured, at: clock.place((captured + ahead) * 1_000, captured + delay) };
  });
}

test('the fastest of late tells how the clocks differ; slow frames move nothing', () => {
  const clock = new CaptureClock();
  const delays = Array.from({ length: 300 }, (_, i) => (i % 10 === 5 ? 10 : 40 + (i % 7) * 20));
  const last = run(clock, delays).slice(-100);
  for (const { captured, at } of last) assert.ok(Math.abs(at - captured - 10) < 1, `${at - captured}`);
});

test('a slow beginning is made good without a step', () => {
  const seen = run(new CaptureClock(), [200, ...Array(200).fill(5)]);
  for (const [i, { at }] of seen.entries()) if (i > 0) assert.ok(at - seen[i - 1]!.at >= 33 * 0.85);
  assert.ok(Math.abs(seen.at(-1)!.at - seen.at(-1)!.captured - 5) < 1);
});

test('time never goes back, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1e9), fc.nat(1e6)), { minLength: 2 }), list => {
      const clock = new CaptureClock();
      const times = list.map(([timestamp, arrivedAt]) => clock.place(timestamp, arrivedAt));
      for (let i = 1; i < times.length; i++) assert.ok(times[i]! > times[i - 1]!);
    }),
  );
});

test('clocks that drift are followed', () => {
  const clock = new CaptureClock();
  let at = 0;
  // Theirs is a thousandth slow: in two minutes 120 ms.
  for (let i = 0; i < 4_000; i++) at = clock.place(i * 30 * 0.999 * 1_000, i * 30 + 8);
  assert.ok(Math.abs(at - (3_999 * 30 + 8)) < 25, `${at - 3_999 * 30}`);
});

test('a clock that stood still is followed within a second', () => {
  const clock = new CaptureClock();
  run(clock, Array(100).fill(8));
  const late = run(clock, Array(60).fill(408), { from: 1_000 + 100 * 33 });
  const { at, captured } = late.at(-1)!;
  assert.equal(Math.round(at - captured), 408);
  assert.ok(late.findIndex(one => Math.round(one.at - one.captured) === 408) < 40);
});

test('a sound card at four fifths of its rate is never far off', () => {
  const clock = new CaptureClock();
  for (let i = 0; i < 2_000; i++) {
    const arrivedAt = i * 10 + 5;
    const at = clock.place(i * 8 * 1_000, arrivedAt);
    if (i > 200) assert.ok(Math.abs(arrivedAt - at) < 350, `${i}: ${arrivedAt - at}`);
  }
});

test('another source has another clock', () => {
  const clock = new CaptureClock();
  run(clock, Array(50).fill(10));
  clock.restart();
  const [first] = run(clock, [12], { ahead: 9e6, from: 3_000 });
  assert.equal(first!.at, 3_012);
});
