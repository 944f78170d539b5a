import assert from 'node:assert/strict';
import test from 'node:test';
import { WakeTimer } from '../../../../relay/swarm/wake-timer.ts';

function stage() {
  let now = 0;
  let timers: { readonly at: number; readonly task: () => void }[] = [];
  const woken: number[] = [];
  const timer = new WakeTimer(
    () => now,
    (ms, task) => void timers.push({ at: now + ms, task }),
    () => woken.push(now),
  );
  const pass = (to: number) => {
    for (; now <= to; now++) {
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { task } of due) task();
    }
    now = to;
  };
  return { timer, pass, woken, waiting: () => timers.length };
}

test('wakes once, at the time', () => {
  const { timer, pass, woken } = stage();
  timer.set(50);
  pass(200);
  assert.deepEqual(woken, [50]);
});

test('the time asked for last counts: earlier, later, never', () => {
  const { timer, pass, woken } = stage();
  timer.set(50);
  timer.set(30);
  timer.set(70);
  pass(100);
  assert.deepEqual(woken, [70]);
  timer.set(150);
  timer.set(undefined);
  pass(200);
  assert.deepEqual(woken, [70]);
  timer.set(120); // long past
  pass(210);
  assert.equal(woken.length, 2);
});

test('asking again and again for the same time makes no more timers', () => {
  const { timer, pass, woken, waiting } = stage();
  for (let i = 0; i < 1_000; i++) timer.set(500 + (i % 3));
  assert.ok(waiting() <= 1);
  pass(1_000);
  assert.deepEqual(woken, [500]);
});
