// Counters become rates, also when they come late, start over or fall silent.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HISTORY_SECONDS, shareOfViewers, TrafficHistory } from '../../../../components/stats/traffic-history.ts';
import { neighbour, swarm } from './swarm-views.ts';

test('a second is what the counters grew by', () => {
  const history = new TrafficHistory();
  history.take(swarm({ bytesPushed: 500, bytesFromRelay: 9_000 }), 1_000);
  assert.deepEqual(history.seconds, [], 'one count is no rate');
  history.take(swarm({ bytesPushed: 1_500, bytesPulled: 40, bytesFromRelay: 9_100, bytesUploaded: 700 }), 2_000);
  assert.deepEqual(history.seconds, [{ pushed: 1_000, pulled: 40, relayed: 100, uploaded: 700 }]);
  assert.deepEqual(history.mean(), history.seconds[0]);
});

test('a late count fills the seconds that it was late with their mean', () => {
  const history = new TrafficHistory();
  history.take(swarm(), 0);
  history.take(swarm({ bytesPushed: 3_000 }), 3_100);
  assert.equal(history.seconds.length, 3);
  for (const { pushed } of history.seconds) assert.ok(Math.abs(pushed - 3_000 / 3.1) < 1e-9);
});

test('counts that come too close are taken together', () => {
  const history = new TrafficHistory();
  history.take(swarm(), 0);
  history.take(swarm({ bytesPushed: 100 }), 50);
  assert.equal(history.seconds.length, 0);
  history.take(swarm({ bytesPushed: 1_000 }), 1_000);
  assert.deepEqual(
    history.seconds.map(({ pushed }) => pushed),
    [1_000],
  );
});

test('no more than a minute is remembered, and the newest is last', () => {
  const history = new TrafficHistory();
  let bytesPushed = 0;
  for (let second = 0; second <= 90; second++)
    history.take(swarm({ bytesPushed: (bytesPushed += second) }), second * 1_000);
  assert.equal(history.seconds.length, HISTORY_SECONDS);
  assert.equal(history.seconds.at(-1)?.pushed, 90);
  assert.equal(history.seconds[0]?.pushed, 31);
  history.take(swarm({ bytesPushed: bytesPushed + 1 }), 1e7);
  assert.equal(history.seconds.length, HISTORY_SECONDS);
});

test('counters that fall are those of another player: everything is forgotten', () => {
  for (const fallen of ['bytesPushed', 'bytesPulled', 'bytesFromRelay', 'bytesUploaded'] as const) {
    const history = new TrafficHistory();
    const many = { bytesPushed: 50, bytesPulled: 50, bytesFromRelay: 50, bytesUploaded: 50 };
    history.take(swarm(), 0);
    history.take(swarm(many), 1_000);
    history.take(swarm({ ...many, [fallen]: 49 }), 2_000);
    assert.deepEqual(history.seconds, [], fallen);
    assert.equal(history.peers.size, 0);
  }
});

test('rates of neighbours are smoothed, and who is gone is forgotten', () => {
  const history = new TrafficHistory();
  history.take(swarm({ peers: [neighbour('a'), neighbour('b', { bytesIn: 900 })] }), 0);
  history.take(swarm({ peers: [neighbour('a', { bytesIn: 4_000 }), neighbour('b', { bytesIn: 900 })] }), 1_000);
  assert.deepEqual(history.peers.get('a'), { in: 4_000, out: 0 });
  assert.deepEqual(history.peers.get('b'), { in: 0, out: 0 });
  history.take(swarm({ peers: [neighbour('a', { bytesIn: 4_000, bytesOut: 800 })] }), 2_000);
  assert.deepEqual(history.peers.get('a'), { in: 3_000, out: 200 });
  assert.equal(history.peers.has('b'), false);
});

test('a neighbour that is new counts from nothing', () => {
  const history = new TrafficHistory();
  history.take(swarm(), 0);
  history.take(swarm({ peers: [neighbour('a', { bytesIn: 500, bytesOut: 200 })] }), 1_000);
  assert.deepEqual(history.peers.get('a'), { in: 500, out: 200 });
});

test('the share of the viewers', () => {
  assert.equal(shareOfViewers({ pushed: 0, pulled: 0, relayed: 0 }), null);
  assert.equal(shareOfViewers({ pushed: 0, pulled: 0, relayed: 5 }), 0);
  assert.equal(shareOfViewers({ pushed: 80, pulled: 10, relayed: 10 }), 0.9);
});
