import assert from 'node:assert/strict';
import test from 'node:test';
import { byPlayer, elementFigures } from '../../../bench/element/element-figures.ts';
import { elementTable } from '../../../bench/element/element-table.ts';
import type { PlayerRun } from '../../../bench/element/watch-player.ts';

const run = (value: number): PlayerRun => ({
  firstFrameMs: value,
  mainThreadMsPerMinute: value * 10,
  browserCpuMsPerMinute: value * 100,
  memoryMb: value / 8,
  heapMb: value / 16,
  framesShown: 1,
});

test('medians of the runs; null for what was not measured', () => {
  const sizes = byPlayer(player => (player === 'p2p-live' ? 60 : null));
  const figures = elementFigures(
    sizes,
    new Map([
      ['p2p-live', [run(300), run(100), run(9_000)]],
      ['hls.js', [run(100), run(201)]],
      ['mpegts.js', []],
    ]),
  );
  assert.deepEqual(figures.first_frame_ms, {
    'p2p-live': 300,
    'hls.js': 151,
    'mpegts.js': null,
    'p2p-media-loader+hls.js': null,
  });
  assert.equal(figures.main_thread_ms_per_minute['p2p-live'], 3_000);
  assert.equal(figures.memory_mb['p2p-live'], 37.5);
  assert.deepEqual(Object.keys(figures).slice(0, 4), [
    'size_kb',
    'first_frame_ms',
    'main_thread_ms_per_minute',
    'memory_mb',
  ]);
  const [head, size] = elementTable(figures).split('\n');
  assert.match(head!, /^ +p2p-live +hls\.js +mpegts\.js +p2p-media-loader\+hls\.js$/);
  assert.match(size!, /^script .* 60 +– +– +–$/);
});
