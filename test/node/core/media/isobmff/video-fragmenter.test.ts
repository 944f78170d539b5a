import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { VideoFragmenter } from '../../../../../core/media/isobmff/video-fragmenter.ts';
import type { AccessUnit } from '../../../../../core/media/track.ts';
import { readFragments } from '../../../../support/mp4-fragment.ts';

const unit = (dts: number, { pts = dts, key = false, size = 3 } = {}): AccessUnit => ({
  track: 0,
  dts,
  pts,
  key,
  data: new Uint8Array(size).fill(dts & 255),
  samples: 0,
});

test('a push becomes one fragment, exact to the tick', () => {
  const fragmenter = new VideoFragmenter(1);
  fragmenter.add(unit(1_000, { pts: 4_000, key: true }), 500);
  fragmenter.add(unit(4_003, { pts: 10_000 }), 500);
  fragmenter.add(unit(7_000), 500);
  const [fragment, ...more] = fragmenter.take();
  assert.equal(more.length, 0);
  assert.deepEqual([fragment!.start, fragment!.end, fragment!.key], [4_500 / 90_000, (10_500 + 2_997) / 90_000, true]);
  const [parsed] = readFragments(fragment!.bytes);
  assert.deepEqual([parsed!.sequence, parsed!.trackId], [1, 1]);
  assert.deepEqual(
    parsed!.samples.map(({ dts, pts, duration, key }) => [dts, pts, duration, key]),
    [
      [1_500, 4_500, 3_003, true],
      [4_503, 10_500, 2_997, false],
      [7_500, 7_500, 2_997, false],
    ],
  );
  assert.deepEqual(parsed!.samples[0]!.data, unit(1_000).data);
  assert.deepEqual(fragmenter.take(), []);
});

test('nothing before a key unit, at the start and after a gap', () => {
  const fragmenter = new VideoFragmenter(1);
  fragmenter.add(unit(0), 0);
  assert.deepEqual(fragmenter.take(), []);
  fragmenter.add(unit(3_000, { key: true }), 0);
  fragmenter.gap();
  fragmenter.add(unit(9_000), 0);
  fragmenter.add(unit(12_000, { key: true }), 0);
  const fragments = fragmenter.take();
  assert.deepEqual(
    fragments.map(({ start, key }) => [start * 90_000, key]),
    [
      [3_000, true],
      [12_000, true],
    ],
  );
});

test('time that goes back starts a fragment', () => {
  const fragmenter = new VideoFragmenter(1);
  for (const dts of [90_000, 93_000, 3_000, 6_000]) fragmenter.add(unit(dts, { key: true }), 0);
  assert.deepEqual(
    fragmenter.take().map(({ bytes }) => readFragments(bytes)[0]!.samples.map(({ dts }) => dts)),
    [
      [90_000, 93_000],
      [3_000, 6_000],
    ],
  );
});

test('units before 0 are left out and told', () => {
  const fragmenter = new VideoFragmenter(1);
  assert.equal(fragmenter.add(unit(10, { key: true }), -11), false);
  assert.equal(fragmenter.add(unit(11, { key: true }), -11), true);
  assert.equal(fragmenter.take()[0]!.start, 0);
});

test('times above 2^32 ticks are exact', () => {
  const fragmenter = new VideoFragmenter(1);
  const shift = 2 ** 32 * 3 + 12_345;
  fragmenter.add(unit(1, { key: true }), shift);
  assert.equal(readFragments(fragmenter.take()[0]!.bytes)[0]!.samples[0]!.dts, shift + 1);
});

test('one unit at a time: presentation times stay, and no step of decode time is over twice the last duration', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1 }), fc.boolean(), (deltas, together) => {
      const fragmenter = new VideoFragmenter(1);
      const times = [0];
      for (const delta of deltas) times.push(times.at(-1)! + delta);
      const samples = [];
      for (const [i, dts] of times.entries()) {
        fragmenter.add(unit(dts, { pts: dts + 7, key: i === 0 }), 0);
        if (!together || i % 3 === 2) samples.push(...fragmenter.take());
      }
      const written = [...samples, ...fragmenter.take()].flatMap(({ bytes }) => readFragments(bytes)[0]!.samples);
      assert.deepEqual(
        written.map(({ pts }) => pts),
        times.map(dts => dts + 7),
      );
      for (const [i, { dts }] of written.entries()) {
        if (i === 0) continue;
        const last = written[i - 1]!;
        assert.ok(dts >= last.dts && dts - last.dts <= 2 * last.duration, `${last.dts} + ${last.duration}, ${dts}`);
      }
    }),
  );
});
