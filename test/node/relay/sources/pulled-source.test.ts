import assert from 'node:assert/strict';
import test from 'node:test';
import { channelSource } from '../../../../relay/config/channel-entry.ts';
import { PulledSource } from '../../../../relay/sources/pulled-source.ts';

const NOBODY = { viewers: 0, stopped: false };
const source = (settings: object = {}) => channelSource.parse({ url: 'http://camera.example/a.flv', ...settings });
const onDemand = (linger = 10) => new PulledSource(source({ when: 'on-demand', linger }), NOBODY);

test('always: wanted from the start, live with its first chunk', () => {
  const pulled = new PulledSource(source(), NOBODY);
  assert.deepEqual([pulled.isWanted(0), pulled.state(0)], [true, 'starting']);
  assert.equal(pulled.flows(5), true);
  assert.equal(pulled.flows(6), false, 'only the first chunk is news');
  assert.equal(pulled.state(6), 'live');
});

test('on demand: from the first viewer until so long after the last', () => {
  const pulled = onDemand();
  assert.deepEqual([pulled.isWanted(0), pulled.state(0)], [false, 'waiting']);
  pulled.watched(1, 1_000);
  pulled.watched(2, 1_500);
  assert.deepEqual([pulled.isWanted(1_500), pulled.state(1_500)], [true, 'starting']);
  pulled.flows(2_000);
  pulled.watched(0, 3_000);
  assert.deepEqual([pulled.isWanted(12_999), pulled.isWanted(13_000)], [true, false]);
  assert.deepEqual([pulled.state(12_999), pulled.state(13_000)], ['live', 'waiting']);
  pulled.dropped();
  pulled.watched(1, 20_000);
  assert.equal(pulled.state(20_000), 'starting', 'it begins anew');
});

test('whoever comes back in time finds it live', () => {
  const pulled = onDemand();
  pulled.watched(1, 0);
  pulled.flows(100);
  pulled.watched(0, 1_000);
  pulled.watched(1, 9_000);
  assert.deepEqual([pulled.state(9_000), pulled.isWanted(100_000)], ['live', true]);
});

test('what is not to be had is tried again after growing waits, which begin anew after a good while on air', () => {
  const pulled = new PulledSource(source(), NOBODY);
  const waits = Array.from({ length: 8 }, () => pulled.failed('no such host', 0));
  assert.deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  assert.deepEqual([pulled.state(1), pulled.error], ['failed', 'no such host']);
  assert.deepEqual([pulled.isWanted(59_999), pulled.isWanted(60_000)], [false, true]);
  assert.equal(pulled.state(60_000), 'failed', 'until a chunk has come');
  pulled.flows(61_000);
  assert.deepEqual([pulled.state(61_000), pulled.error], ['live', null]);
  assert.equal(pulled.failed('gone', 70_000), 60_000, 'it was on air for 9 s only');
  pulled.flows(140_000);
  assert.equal(pulled.failed('gone', 170_000), 2_000);
});

test('a new viewer does not wait for the next try of the one before', () => {
  const pulled = onDemand(0);
  pulled.watched(1, 0);
  for (let i = 0; i < 6; i++) pulled.failed('no such host', 0);
  pulled.watched(0, 1_000);
  assert.equal(pulled.state(1_000), 'waiting');
  pulled.watched(1, 2_000);
  assert.deepEqual([pulled.isWanted(2_000), pulled.state(2_000)], [true, 'starting']);
});

test('it broke off: failed until it flows again, and wanted all the time', () => {
  const pulled = new PulledSource(source(), NOBODY);
  pulled.flows(0);
  pulled.broke('it ended', 10);
  assert.deepEqual([pulled.state(10), pulled.isWanted(10), pulled.error], ['failed', true, 'it ended']);
  pulled.flows(20);
  assert.equal(pulled.state(20), 'live');
});

test('the operator stops and starts it', () => {
  const pulled = new PulledSource(source(), { viewers: 3, stopped: true });
  assert.deepEqual([pulled.state(0), pulled.isWanted(0)], ['stopped', false]);
  pulled.start(1);
  assert.deepEqual([pulled.state(1), pulled.isWanted(1)], ['starting', true]);
  pulled.flows(2);
  pulled.start(3);
  assert.equal(pulled.state(3), 'live', 'starting what is live changes nothing');
  pulled.stop();
  assert.deepEqual([pulled.state(4), pulled.isWanted(4)], ['stopped', false]);
});

test('on demand, started by the operator with nobody watching: so long as after a last viewer, 10 s at least', () => {
  const pulled = onDemand(0);
  pulled.start(0);
  assert.deepEqual([pulled.isWanted(9_999), pulled.isWanted(10_000)], [true, false]);
});

test('played to its end: always stays so until it is started, on demand until somebody comes new', () => {
  const always = new PulledSource(source(), NOBODY);
  always.ended();
  assert.deepEqual([always.state(0), always.isWanted(0)], ['stopped', false]);
  always.start(1);
  assert.equal(always.state(1), 'starting');

  const pulled = onDemand();
  pulled.watched(1, 0);
  pulled.ended();
  assert.deepEqual([pulled.state(1), pulled.isWanted(1)], ['waiting', false]);
  pulled.watched(2, 2);
  assert.equal(pulled.isWanted(2), false);
  pulled.watched(0, 3);
  pulled.watched(1, 4);
  assert.equal(pulled.isWanted(4), true);
});

test('other settings of the same source count at once; another source is another', () => {
  const pulled = new PulledSource(source(), NOBODY);
  pulled.flows(0);
  assert.equal(pulled.adjust(source({ url: 'http://camera.example/b.flv' })), false);
  assert.equal(pulled.adjust(source({ loop: true })), false);
  assert.deepEqual([pulled.source.url, pulled.state(1)], ['http://camera.example/a.flv', 'live']);
  assert.equal(pulled.adjust(source({ when: 'on-demand' })), true);
  assert.deepEqual([pulled.isWanted(1), pulled.state(1)], [false, 'waiting']);
});
