import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AudioFragmenter } from '../../../../../core/media/isobmff/audio-fragmenter.ts';
import type { AccessUnit, AudioTrack } from '../../../../../core/media/track.ts';
import { readFragments } from '../../../../support/mp4-fragment.ts';

const TRACK: AudioTrack = {
  kind: 'audio',
  id: 1,
  codec: 'aac',
  codecString: 'mp4a.40.2',
  description: new Uint8Array([0x12, 0x10]),
  sampleRate: 44_100,
  channels: 2,
};

/** A frame at that many seconds, as FLV would tell it: rounded to milliseconds. */
const frame = (seconds: number, size = 5): AccessUnit => {
  const dts = Math.round(seconds * 1_000) * 90;
  return { track: 1, dts, pts: dts, key: true, data: new Uint8Array(size).fill(size), samples: 1024 };
};

test('samples are counted: rounded timestamps leave neither hole nor overlap', () => {
  const fragmenter = new AudioFragmenter(2, TRACK);
  const times: number[] = [];
  for (let i = 0; i < 500; i++) {
    fragmenter.add(frame((i * 1024) / 44_100), 900_000);
    if (i % 3 !== 2) continue;
    const fragments = fragmenter.take();
    assert.equal(fragments.length, 1);
    times.push(...readFragments(fragments[0]!.bytes)[0]!.samples.map(({ dts }) => dts));
  }
  assert.deepEqual(
    times,
    times.map((_, i) => 441_000 + i * 1024),
  );
});

test('more than 50 ms of drift is believed, forwards and back', () => {
  const fragmenter = new AudioFragmenter(2, TRACK);
  for (const seconds of [1, 1.023, 1.09, 1.17, 1.18]) fragmenter.add(frame(seconds), 0);
  assert.deepEqual(
    fragmenter.take().map(({ start, end }) => [Math.round(start * 44_100), Math.round(end * 44_100)]),
    [
      [44_100, 44_100 + 3 * 1024],
      [Math.round(1.17 * 44_100), Math.round(1.17 * 44_100) + 2 * 1024],
    ],
  );
  fragmenter.add(frame(0.5), 0);
  assert.equal(fragmenter.take()[0]!.start, 0.5);
});

test('after a gap half a frame is believed, less is not', () => {
  const fragmenter = new AudioFragmenter(2, TRACK);
  fragmenter.add(frame(1), 0);
  fragmenter.gap();
  fragmenter.add(frame(1.025), 0);
  fragmenter.gap();
  fragmenter.add(frame(1.07), 0);
  assert.deepEqual(
    fragmenter.take().map(({ start }) => Math.round(start * 44_100)),
    [44_100, Math.round(1.07 * 44_100)],
  );
});

test('frames before 0 are left out and told', () => {
  const fragmenter = new AudioFragmenter(2, TRACK);
  assert.equal(fragmenter.add(frame(1), -90_100), false);
  assert.equal(fragmenter.add(frame(1.024), -90_100), true);
  assert.equal(fragmenter.take().length, 1);
});

test('raw frames for audio/mpeg', () => {
  const fragmenter = new AudioFragmenter(2, TRACK, true);
  fragmenter.add(frame(0, 2), 0);
  fragmenter.add(frame(0.023, 3), 0);
  const [fragment] = fragmenter.take();
  assert.deepEqual(fragment!.bytes, new Uint8Array([2, 2, 3, 3, 3]));
  assert.deepEqual([fragment!.start, fragment!.end], [0, 2048 / 44_100]);
});
