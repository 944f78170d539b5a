import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MediaPlaylist } from '../../../../ingest/playlist/parse-playlist.ts';
import { PlaylistFollower } from '../../../../ingest/playlist/playlist-follower.ts';

function playlist(
  first: number,
  count: number,
  options: { ended?: boolean; discontinuityAt?: number } = {},
): MediaPlaylist {
  return {
    type: 'media',
    url: 'http://x/',
    targetMs: 2_000,
    ended: options.ended ?? false,
    segments: Array.from({ length: count }, (_, index) => ({
      sequence: first + index,
      url: `http://x/${first + index}.ts`,
      durationMs: 2_000,
      discontinuity: first + index === options.discontinuityAt,
      gap: false,
      range: undefined,
      key: undefined,
    })),
  };
}
const told = (planned: ReturnType<PlaylistFollower['take']>) =>
  planned.map(item => [item.segment.sequence, item.break?.restarted]);

test('a live playlist is joined 1.5 target durations before its end, an ended one at its beginning', () => {
  assert.deepEqual(told(new PlaylistFollower().take(playlist(10, 5))), [
    [13, undefined],
    [14, undefined],
  ]);
  assert.equal(new PlaylistFollower().take(playlist(10, 5, { ended: true })).length, 5);
  assert.equal(new PlaylistFollower().take(playlist(10, 1)).length, 1);
});

test('each segment is given once; the next load is a target duration later, half of one when nothing was new', () => {
  const follower = new PlaylistFollower();
  follower.take(playlist(10, 5));
  assert.equal(follower.reloadAt(1_000), 3_000);
  assert.deepEqual(follower.take(playlist(10, 5)), []);
  assert.equal(follower.reloadAt(3_000), 4_000);
  assert.deepEqual(told(follower.take(playlist(11, 6))), [
    [15, undefined],
    [16, undefined],
  ]);
  assert.equal(follower.reloadAt(4_000), 6_000);
  follower.failed();
  assert.equal(follower.reloadAt(6_000), 7_000);
});

test('a discontinuity starts a new epoch', () => {
  const follower = new PlaylistFollower();
  follower.take(playlist(10, 5));
  assert.deepEqual(told(follower.take(playlist(11, 6, { discontinuityAt: 16 }))), [
    [15, undefined],
    [16, true],
  ]);
});

test('segments that passed unloaded: rejoins near the end, told as missing', () => {
  const follower = new PlaylistFollower();
  follower.take(playlist(10, 5));
  assert.deepEqual(told(follower.take(playlist(30, 5))), [
    [33, false],
    [34, undefined],
  ]);
});

test('a media sequence that went far back has started over', () => {
  const follower = new PlaylistFollower();
  follower.take(playlist(100, 5));
  assert.deepEqual(told(follower.take(playlist(0, 1))), [[0, true]]);
  assert.deepEqual(told(follower.take(playlist(0, 2))), [[1, undefined]]);
});

test('a stale copy is passed over, unless it stays', () => {
  const follower = new PlaylistFollower();
  follower.take(playlist(100, 5));
  assert.deepEqual(follower.take(playlist(99, 5)), []);
  assert.deepEqual(told(follower.take(playlist(101, 5))), [[105, undefined]]);
  assert.deepEqual(follower.take(playlist(100, 5)), []);
  assert.deepEqual(follower.take(playlist(100, 5)), []);
  assert.equal(follower.take(playlist(100, 5)).length, 2);
});

test('an empty playlist is waited for', () => {
  const follower = new PlaylistFollower();
  assert.deepEqual(follower.take(playlist(0, 0)), []);
  assert.equal(follower.reloadAt(0), 1_000);
  assert.equal(follower.take(playlist(0, 1)).length, 1);
});
