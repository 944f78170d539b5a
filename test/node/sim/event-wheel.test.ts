import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EventWheel, TICK_MS } from '../../sim/event-wheel.ts';

describe('EventWheel', () => {
  it('lets events happen in order of time, and in order of adding within a tick', () => {
    const delays = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(delays, list => {
        const wheel = new EventWheel(1_000);
        for (const [i, delay] of list.entries()) wheel.add(1_000 + delay, 7, i, 0, 0, undefined);
        const expected = list
          .map((delay, i) => ({ i, at: Math.ceil((1_000 + delay) / TICK_MS) * TICK_MS }))
          .sort((a, b) => a.at - b.at || a.i - b.i);
        const happened: { i: number; at: number }[] = [];
        wheel.run(30_000, (_, i) => happened.push({ i, at: wheel.now }));
        assert.deepEqual(happened, expected);
        assert.equal(wheel.size, 0);
      }),
    );
  });

  it('hands on all that an event carries', () => {
    const wheel = new EventWheel(0);
    const ref = { some: 'thing' };
    wheel.add(5, 250, -3, 2 ** 31 - 1, -(2 ** 31), ref);
    const seen: unknown[] = [];
    wheel.run(10, (...event) => seen.push(event));
    assert.deepEqual(seen, [[250, -3, 2 ** 31 - 1, -(2 ** 31), ref]]);
  });

  it('lets an event add others to the same instant, and takes the past for the present', () => {
    const wheel = new EventWheel(0);
    const seen: [number, number][] = [];
    wheel.add(10, 1, 0, 0, 0, undefined);
    wheel.run(20, (_, target) => {
      seen.push([target, wheel.now]);
      if (target < 3) wheel.add(wheel.now - 5, 1, target + 1, 0, 0, undefined);
    });
    assert.deepEqual(seen, [
      [0, 10],
      [1, 10],
      [2, 10],
      [3, 10],
    ]);
  });

  it('stops at the time given, and goes on from there', () => {
    const wheel = new EventWheel(0);
    const seen: number[] = [];
    wheel.add(4, 1, 1, 0, 0, undefined);
    wheel.add(4.25, 1, 2, 0, 0, undefined);
    wheel.run(4, (_, target) => seen.push(target));
    assert.deepEqual(seen, [1]);
    wheel.run(5, (_, target) => seen.push(target));
    assert.deepEqual(seen, [1, 2]);
    assert.equal(wheel.now, 5);
  });

  it('grows beyond its first room without losing any', () => {
    const wheel = new EventWheel(0);
    const count = 200_000;
    for (let i = 0; i < count; i++) wheel.add(i % 977, 1, i, 0, 0, undefined);
    const seen = new Uint8Array(count);
    wheel.run(1_000, (_, target) => seen[target]!++);
    assert.ok(seen.every(times => times === 1));
  });
});
