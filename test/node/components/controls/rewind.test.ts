// Where one is in what can be sought to, and where the keys go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlView } from '../../../../components/controls/control-view.ts';
import { behindLive, rewindOf, seekForKey, seekTo } from '../../../../components/controls/rewind.ts';

/** A view at `currentTime` seconds of a window from 100 to 500. */
function viewAt(currentTime: number, more: Partial<ControlView> = {}): ControlView {
  const seen = {
    seekable: { start: 100, end: 500 },
    liveEdge: 500,
    wanted: true,
    targetLatency: 1,
    stats: null,
    recorded: false,
  };
  // Of a view and its video only this is read.
  return { ...seen, video: { currentTime }, ...more } as ControlView;
}

test('there is a bar only for a window that is worth it', () => {
  assert.equal(rewindOf(viewAt(500, { seekable: null })), null);
  assert.equal(rewindOf(viewAt(500, { seekable: { start: 490, end: 500 } })), null);
  assert.deepEqual(rewindOf(viewAt(300)), { start: 100, edge: 500, time: 300, recorded: false });
  assert.deepEqual(rewindOf(viewAt(300, { liveEdge: null })), { start: 100, edge: 500, time: 300, recorded: false });
});

test('near the edge it is at the edge, unless it is frozen there', () => {
  assert.equal(rewindOf(viewAt(498))?.time, 500);
  assert.equal(rewindOf(viewAt(498, { wanted: false }))?.time, 498);
  assert.equal(rewindOf(viewAt(20))?.time, 100, 'what the window has left behind is at its start');
});

test('the distance is that to the edge, else what the latency has above its aim', () => {
  assert.equal(behindLive(viewAt(416)), 84);
  assert.equal(behindLive(viewAt(498)), 0);
  // Only the latency is read.
  const stats = { latency: 13 } as ControlView['stats'];
  assert.equal(behindLive(viewAt(0, { liveEdge: null, stats })), 12);
  assert.equal(behindLive(viewAt(0, { liveEdge: null })), 0);
});

test('a time near the edge is live, one before the window its start', () => {
  const rewind = { start: 100, edge: 500, time: 300 };
  assert.deepEqual(seekTo(499, rewind), { to: 'live' });
  assert.deepEqual(seekTo(400, rewind), { to: 'seek', time: 400 });
  assert.deepEqual(seekTo(-5, rewind), { to: 'seek', time: 100 });
});

test('a recording has a bar however short it is, and an end at which nothing is live', () => {
  const view = viewAt(109, { seekable: { start: 100, end: 110 }, liveEdge: null, recorded: true });
  const rewind = rewindOf(view);
  assert.deepEqual(rewind, { start: 100, edge: 110, time: 109, recorded: true });
  assert.deepEqual(seekTo(109.5, rewind!), { to: 'seek', time: 109.5 });
  assert.deepEqual(seekForKey('End', rewind!, false), { to: 'seek', time: 110 });
  assert.deepEqual(seekForKey('ArrowRight', rewind!, false), { to: 'seek', time: 110 });
  assert.equal(rewindOf(viewAt(100, { seekable: { start: 100, end: 100.5 }, liveEdge: null, recorded: true })), null);
});

test('keys go ten seconds, arrows the way the bar runs', () => {
  const rewind = { start: 100, edge: 500, time: 300 };
  for (const [key, rtl, time] of [
    ['ArrowLeft', false, 290],
    ['ArrowRight', false, 310],
    ['ArrowLeft', true, 310],
    ['ArrowRight', true, 290],
    ['j', true, 290],
    ['l', true, 310],
    ['Home', false, 100],
  ] as const)
    assert.deepEqual(seekForKey(key, rewind, rtl), { to: 'seek', time }, key);
  assert.deepEqual(seekForKey('End', rewind, false), { to: 'live' });
  assert.deepEqual(seekForKey('l', { ...rewind, time: 495 }, false), { to: 'live' });
  assert.equal(seekForKey('x', rewind, false), undefined);
});
