import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { LagGauge } from '../../../../relay/sessions/lag-gauge.ts';

const MEGABYTE = 1024 * 1024;

test('nothing sent: no probe, not full', () => {
  const gauge = new LagGauge();
  assert.equal(gauge.probe(0), false);
  assert.equal(gauge.full(1e9), false);
});

test('a probe is due at once, then a second or half a megabyte later, and only one is out', () => {
  const gauge = new LagGauge();
  gauge.sent(1);
  assert.equal(gauge.probe(0), true);
  gauge.sent(600_000);
  assert.equal(gauge.probe(2_000), false, 'one is out');
  gauge.pong(0);
  assert.equal(gauge.probe(999), true, 'half a megabyte');
  gauge.pong(999);
  gauge.sent(1);
  assert.equal(gauge.probe(1_500), false);
  assert.equal(gauge.probe(1_999), true, 'a second');
});

test('what was sent before the probe has arrived with its pong; a foreign pong says nothing', () => {
  const gauge = new LagGauge();
  gauge.sent(100);
  gauge.probe(5);
  gauge.sent(50);
  gauge.pong(4);
  assert.equal(gauge.onTheWay, 150);
  gauge.pong(5);
  assert.equal(gauge.onTheWay, 50);
  gauge.pong(5);
  assert.equal(gauge.onTheWay, 50);
});

test('full: beyond 4 MiB at once, beyond 128 KiB when the probe is late', () => {
  const gauge = new LagGauge();
  gauge.sent(200_000);
  gauge.probe(0);
  assert.equal(gauge.full(1_500), false);
  assert.equal(gauge.full(1_501), true);
  gauge.pong(0);
  assert.equal(gauge.full(9_000), false);
  gauge.sent(4 * MEGABYTE);
  assert.equal(gauge.full(0), false);
  gauge.sent(1);
  assert.equal(gauge.full(0), true);
});

test('a viewer that answers is never stuck: when full, a probe is out whose pong frees it', () => {
  const step = fc.record({ wait: fc.nat(3_000), bytes: fc.integer({ min: 1, max: MEGABYTE }), answer: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const gauge = new LagGauge();
      let now = 0;
      let out: number | undefined;
      for (const { wait, bytes, answer } of steps) {
        now += wait;
        if (!gauge.full(now)) gauge.sent(bytes);
        if (gauge.probe(now)) out = now;
        if (gauge.full(now)) assert.notEqual(out, undefined);
        assert.ok(gauge.onTheWay <= 5 * MEGABYTE, 'bounded');
        if (!answer || out === undefined) continue;
        gauge.pong(out);
        out = undefined;
        if (gauge.probe(now)) out = now;
      }
      if (out !== undefined) gauge.pong(out);
      if (gauge.full(now)) assert.ok(gauge.probe(now));
    }),
  );
});
