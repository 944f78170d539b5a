import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RelayClock } from '../../../../core/publish/relay-clock.ts';

test('the first sample of the first session is believed at once', () => {
  const clock = new RelayClock();
  clock.restart();
  assert.equal(clock.synchronised, false);
  clock.sample(1_000, 1_020, 501_010);
  assert.equal(clock.synchronised, true);
  assert.equal(clock.at(1_020), 501_020);
});

test('a slow round trip moves nothing, a faster one is slewed to', () => {
  const clock = new RelayClock();
  clock.restart();
  clock.sample(1_000, 1_100, 1_100); // offset +50, round trip 100
  clock.sample(2_000, 2_800, 2_800); // offset +400, round trip 800
  assert.equal(clock.at(3_000), 3_050);
  clock.sample(4_000, 4_002, 4_001); // offset 0, round trip 2
  const soon = clock.at(4_100);
  assert.ok(soon > 4_140 && soon < 4_150, `${soon}`);
  assert.equal(clock.at(10_000), 10_000);
});

test('another relay with another clock is followed at once', () => {
  const clock = new RelayClock();
  clock.restart();
  clock.sample(1_000, 1_000, 1_000);
  clock.restart();
  clock.sample(2_000, 2_000, 3_602_000);
  assert.equal(clock.at(2_000), 3_602_000);
});

test("within a session time never goes back, whatever the relay's clock does", () => {
  const samples = fc.array(
    fc.record({
      wait: fc.integer({ min: 1, max: 5_000 }),
      trip: fc.integer({ min: 0, max: 500 }),
      theirs: fc.integer({ min: 0, max: 1e9 }),
    }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(samples, list => {
      const clock = new RelayClock();
      clock.restart();
      let now = 1_000;
      let last = Number.NEGATIVE_INFINITY;
      for (const [index, { wait, trip, theirs }] of list.entries()) {
        now += wait;
        clock.sample(now - trip, now, theirs);
        if (index === 0) last = clock.at(now);
        for (const step of [1, 7, 100]) {
          now += step;
          const at = clock.at(now);
          assert.ok(at >= last, `${at} after ${last}`);
          assert.ok(at - last <= wait * 1.02 + 500 + step * 1.02 + trip, 'no jump ahead');
          last = at;
        }
      }
    }),
  );
});
