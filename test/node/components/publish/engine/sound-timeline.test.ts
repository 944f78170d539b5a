import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { SoundTimeline } from '../../../../../components/publish/engine/sound-timeline.ts';

const RATE = 48_000;

test('blocks that jitter follow each other without a seam', () => {
  const line = new SoundTimeline(RATE, 1_000);
  for (let i = 0; i < 100; i++) {
    assert.deepEqual(line.place(1_000 + i * 10 + ((i * 7) % 25), 480), { silence: 0, skip: 0 });
  }
  assert.equal(line.end, 2_000);
});

test('a hole is filled with silence', () => {
  const line = new SoundTimeline(RATE, 0);
  line.place(0, 480);
  assert.deepEqual(line.place(110, 480), { silence: 4_800, skip: 0 });
  assert.equal(line.end, 120);
});

test('what would be heard too late is left out', () => {
  const line = new SoundTimeline(RATE, 0);
  assert.equal(line.fill(100), 4_800);
  assert.deepEqual(line.place(50, 480), { silence: 0, skip: 480 });
  assert.deepEqual(line.place(69, 2_400), { silence: 0, skip: 31 * 48 });
});

test('whatever comes, what has been counted ends within the tolerance of the clock', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -100, max: 400 }), fc.integer({ min: 1, max: 4_800 }))), list => {
      const line = new SoundTimeline(RATE, 0);
      let at = 0;
      let counted = 0;
      for (const [shift, samples] of list) {
        const { silence, skip } = line.place(at + shift, samples);
        assert.ok(skip >= 0 && skip <= samples && silence >= 0);
        counted += silence + samples - skip;
        assert.ok(Math.abs(line.end - (counted * 1_000) / RATE) < 0.001);
        assert.ok(line.end >= at + shift + (samples * 1_000) / RATE - 31);
        at = Math.max(at, line.end);
      }
    }),
  );
});
