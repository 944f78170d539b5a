import assert from 'node:assert/strict';
import test from 'node:test';
import { FramePacer } from '../../../../../components/publish/engine/frame-pacer.ts';

/** How many of the frames of a camera are taken in ten seconds, and the longest wait between two. */
function run(cameraRate: number, frameRate: number, jitter = 0) {
  const pacer = new FramePacer();
  const taken: number[] = [];
  for (let i = 0; i < cameraRate * 10; i++) {
    const at = (i * 1_000) / cameraRate + (i % 3) * jitter;
    if (pacer.take(at, frameRate)) taken.push(at);
  }
  const waits = taken.slice(1).map((at, i) => at - taken[i]!);
  return { count: taken.length, longest: Math.max(...waits) };
}

test('a camera that is as fast as asked for loses no frame, though it jitters', () => {
  assert.equal(run(30, 30).count, 300);
  assert.ok(run(30, 30, 3).count >= 297);
  assert.equal(run(25, 30).count, 250);
});

test('a faster one is thinned evenly', () => {
  const half = run(30, 15);
  assert.ok(half.count === 150 && half.longest < 67, `${half.count} ${half.longest}`);
  const { count, longest } = run(30, 20);
  assert.ok(Math.abs(count - 200) <= 10 && longest < 70, `${count} ${longest}`);
  const sixty = run(60, 30, 2);
  assert.ok(Math.abs(sixty.count - 300) <= 5, `${sixty.count}`);
});

test('after a pause it goes on at once, and does not catch up', () => {
  const pacer = new FramePacer();
  assert.ok(pacer.take(0, 10));
  assert.ok(pacer.take(5_000, 10));
  assert.ok(!pacer.take(5_020, 10));
  assert.ok(pacer.take(5_100, 10));
});
