// What the graphs of the statistics are drawn from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlayerStats } from '../../../components/engine/player-stats.ts';
import { NO_SWARM } from '../../../components/engine/swarm-stats.ts';
import { StatsHistory } from '../../../components/stats-history.ts';

/** Figures with so many bytes counted; of a snapshot only these are read. */
function figures(viewers: number, relay: number, uploaded = 0): PlayerStats {
  const swarm = { ...NO_SWARM, bytesPushed: viewers - viewers / 4, bytesPulled: viewers / 4, bytesUploaded: uploaded };
  return { latency: null, buffer: 0.5, bytesFromRelay: relay, swarm } as PlayerStats;
}

test('counts become bytes a second', () => {
  const history = new StatsHistory();
  history.take(figures(0, 0), 1_000);
  assert.equal(history.samples.length, 0, 'one snapshot has no rate');
  history.take(figures(400, 100, 50), 1_100);
  assert.equal(history.samples.length, 0, 'too soon');
  history.take(figures(4_000, 1_000, 500), 3_000);
  assert.deepEqual(history.samples, [{ latency: 0, buffer: 0.5, viewers: 2_000, relay: 500, passedOn: 250 }]);
});

test('remembers a minute, and tells the mean of the last seconds', () => {
  const history = new StatsHistory();
  for (let second = 0; second <= 90; second++) history.take(figures(second * second, 0), second * 1_000);
  assert.equal(history.samples.length, 60);
  assert.equal(history.samples.at(-1)?.viewers, 179);
  assert.equal(history.mean().viewers, 176);
});

test('starts over with the counters', () => {
  const history = new StatsHistory();
  history.take(figures(9_000, 0), 1_000);
  history.take(figures(10_000, 0), 2_000);
  history.take(figures(10, 0), 3_000);
  assert.deepEqual(history.samples, []);
  assert.equal(history.mean().viewers, 0);
  history.take(figures(110, 0), 4_000);
  assert.equal(history.mean().viewers, 100);
});
