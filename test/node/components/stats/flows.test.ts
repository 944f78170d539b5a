// Which strands are drawn for which figures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SwarmStats } from '../../../../components/engine/swarm-stats.ts';
import { flowsOf } from '../../../../components/stats/flows.ts';
import { TrafficHistory } from '../../../../components/stats/traffic-history.ts';
import { neighbour, swarm } from './swarm-views.ts';

/** Strands after a second in which the counters grew from nothing to `stats`. */
function flows(stats: SwarmStats) {
  const history = new TrafficHistory();
  const { peers } = stats;
  history.take({ ...stats, bytesFromRelay: 0, peers: peers.map(({ id }) => neighbour(id)) }, 0);
  history.take(stats, 1_000);
  return flowsOf(stats, history).map(({ key, kind, bytesPerSecond, strand }) => [key, kind, bytesPerSecond, strand]);
}

test('without a plan the relay pushes the whole stream', () => {
  assert.deepEqual(flows(swarm({ state: 'relay-only', stripes: 0, bytesFromRelay: 9_000 })), [
    ['relay in', 'pushed', 9_000, 0],
  ]);
});

test('the relay’s stripes share what comes from it', () => {
  assert.deepEqual(flows(swarm({ relayStripes: [3, 1], bytesFromRelay: 8_000 })), [
    ['relay in 1', 'pushed', 4_000, -0.5],
    ['relay in 3', 'pushed', 4_000, 0.5],
  ]);
});

test('a relay that pushes nothing is asked now and then, or only held ready', () => {
  assert.deepEqual(flows(swarm({ bytesFromRelay: 5_000 })), [['relay in', 'asked', 5_000, 0]]);
  assert.deepEqual(flows(swarm({ bytesFromRelay: 10 })), [['relay spare', 'spare', 0, 0]]);
});

test('a neighbour that gives and takes has a bundle of strands', () => {
  const peers = [neighbour('a', { gives: [2, 0], takes: [1], bytesIn: 6_000, bytesOut: 2_000 })];
  assert.deepEqual(flows(swarm({ peers })).slice(1), [
    ['a in 0', 'pushed', 3_000, -1],
    ['a in 2', 'pushed', 3_000, 0],
    ['a out 1', 'pushed', 2_000, 1],
  ]);
});

test('who is asked, held ready or not yet there is told apart', () => {
  const peers = [
    neighbour('asked', { bytesIn: 4_000, bytesOut: 100 }),
    neighbour('asking', { bytesOut: 4_000 }),
    neighbour('spare'),
    neighbour('new', { state: 'connecting' }),
  ];
  assert.deepEqual(flows(swarm({ peers })).slice(1), [
    ['asked in', 'asked', 4_000, 0],
    ['asking out', 'asked', 4_000, 0],
    ['spare spare', 'spare', 0, 0],
    ['new connecting', 'connecting', 0, 0],
  ]);
});
