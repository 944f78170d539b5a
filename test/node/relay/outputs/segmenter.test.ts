// Segments for HLS: whatever the container, a decoder finds in them every picture and sound that the channel had.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concat } from '../../../../core/bytes.ts';
import { decodeInit, type InitDocument } from '../../../../core/init-document.ts';
import type { Segment } from '../../../../relay/outputs/segment.ts';
import { Segmenter } from '../../../../relay/outputs/segmenter.ts';
import {
  frameHashes,
  h264,
  MPEG_TS,
  make,
  picture,
  readFixture,
  tone,
  writeFixture,
} from '../../../support/ffmpeg-fixtures.ts';
import { readFragments } from '../../../support/mp4-fragment.ts';
import { BEGIN, type Sent, Source } from './broadcast.ts';

const AAC = ['-c:a', 'aac'];

/** A file of a container. */
function file(container: 'flv' | 'ts', name: string, ...args: readonly (readonly string[])[]): string {
  const format = container === 'flv' ? ['-f', 'flv'] : MPEG_TS;
  return make(`${name}.${container === 'flv' ? 'flv' : 'm2ts'}`, ...args, format);
}

function segmentsOf(sent: readonly Sent[], segmenter = new Segmenter()): Segment[] {
  let document: InitDocument | undefined;
  const segments: Segment[] = [];
  for (const one of sent) {
    if ('init' in one) document = decodeInit(one.init);
    else segments.push(...segmenter.push(one.chunk.header, one.chunk.payload, () => document!)); // it comes first
  }
  return segments.concat(segmenter.end());
}

/** What ffmpeg decodes from segments that share an init segment. */
function decoded(segments: readonly Segment[], kind: 'video' | 'audio', name: string): string[] {
  const path = writeFixture(`${name}.mp4`, concat([segments[0]!.init, ...segments.map(({ bytes }) => bytes)]));
  const { frames, complaints } = frameHashes(path, kind, { strict: true });
  assert.equal(complaints, '');
  return frames.map(({ hash }) => hash);
}

const hashes = (path: string, kind: 'video' | 'audio') => frameHashes(path, kind).frames.map(({ hash }) => hash);

for (const container of ['flv', 'ts'] as const) {
  describe(container, () => {
    const path = file(container, 'usual', picture({ seconds: 9 }), tone({ seconds: 9 }), h264(), AAC);
    const segments = segmentsOf(new Source(container).file(readFixture(path), 9_000));

    test('groups of a second are joined to segments of two, which a key picture begins', () => {
      assert.deepEqual(
        segments.map(({ duration }) => Math.round(duration * 1_000)),
        [2_000, 2_000, 2_000, 2_000, 1_000],
      );
      for (const { bytes } of segments) {
        const video = readFragments(bytes).find(({ trackId }) => trackId === 1);
        assert.ok(video?.samples[0]?.key);
      }
    });

    test('every picture and every sound is there', () => {
      assert.deepEqual(decoded(segments, 'video', `${container}-video`), hashes(path, 'video'));
      // A container's last sound may be cut off where it ends.
      const [ours, theirs] = [decoded(segments, 'audio', `${container}-audio`), hashes(path, 'audio')];
      assert.ok(theirs.length - ours.length <= 1, `${ours.length} of ${theirs.length}`);
      assert.deepEqual(ours, theirs.slice(0, ours.length));
    });

    test('all of them need one init segment, nothing is told to be missing, and the capture time goes on', () => {
      assert.equal(new Set(segments.map(({ init }) => init)).size, 1);
      assert.deepEqual(
        segments.map(({ discontinuity }) => discontinuity),
        [true, false, false, false, false],
      );
      const captured = segments.map(({ capturedAt }) => Math.round((capturedAt - BEGIN) / 1_000));
      assert.deepEqual(captured, [0, 2, 4, 6, 8]);
    });

    test('an epoch begins a segment of its own, with another init segment where the picture is another', () => {
      const other = file(container, 'other', picture({ size: '160x90', seconds: 3 }), h264({ bframes: 0 }));
      const source = new Source(container);
      const usual = file(container, 'short', picture({ seconds: 3 }), h264());
      const all = segmentsOf([usual, usual, other].flatMap(one => source.file(readFixture(one), 3_000)));
      assert.deepEqual(
        all.map(({ discontinuity, duration }) => [discontinuity, Math.round(duration)]),
        [
          [true, 2],
          [false, 1],
          [true, 2],
          [false, 1],
          [true, 2],
          [false, 1],
        ],
      );
      const inits = all.map(({ init }) => init);
      assert.ok(inits.slice(0, 4).every(init => init === inits[0]));
      assert.ok(inits[4] !== inits[0] && inits[5] === inits[4]);
      const starts = all.map(({ bytes }) => readFragments(bytes)[0]!.samples[0]!.dts);
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => a - b),
      );
    });

    test('sound alone is cut each two seconds', () => {
      const sound = file(container, 'sound', tone({ seconds: 7 }), AAC);
      const all = segmentsOf(new Source(container).file(readFixture(sound), 7_000));
      const durations = all.map(({ duration }) => duration);
      assert.ok(
        durations.slice(0, -1).every(duration => duration >= 1.9 && duration < 3.1),
        `${durations}`,
      );
      assert.deepEqual(decoded(all, 'audio', `${container}-sound`).length, hashes(sound, 'audio').length);
    });

    test('a group that is very long is cut where it is', () => {
      const long = file(container, 'long', picture({ seconds: 14, rate: 10 }), h264({ gop: 400 }));
      const all = segmentsOf(new Source(container).file(readFixture(long), 14_000));
      assert.equal(all.length, 2);
      assert.ok(all[0]!.duration >= 10 && all[0]!.duration <= 11, `${all[0]!.duration} s`);
      assert.deepEqual(decoded(all, 'video', `${container}-long`), hashes(long, 'video'));
    });

    test('chunks that are missing cost the rest of their group', () => {
      const sent = new Source(container).file(readFixture(path), 9_000);
      const chunks = sent.flatMap(one => ('chunk' in one ? [one.chunk] : []));
      const groups = chunks.filter(({ header }) => header.group === header.sequence);
      const gone = groups[3]!.header.sequence + 2;
      const all = segmentsOf(sent.filter(one => !('chunk' in one) || one.chunk.header.sequence !== gone));
      const frames = decoded(all, 'video', `${container}-gap`);
      const whole = hashes(path, 'video');
      assert.ok(frames.length < whole.length && frames.length >= whole.length - 25, `${frames.length} pictures`);
      assert.ok(frames.every(hash => whole.includes(hash)));
    });
  });
}
