import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer } from '../../../ingest/pacer.ts';

const SECOND = 90_000;

test('units are due as their times say, from the first one on', () => {
  const pacer = new Pacer();
  assert.equal(pacer.due(5 * SECOND, 1_000), 1_000);
  assert.equal(pacer.due(5.5 * SECOND, 1_000), 1_500);
  assert.equal(pacer.due(7 * SECOND, 1_600), 3_000);
});

test('interleaved units that lag a little are due at once, and hold nothing up', () => {
  const pacer = new Pacer();
  pacer.due(2 * SECOND, 0);
  assert.equal(pacer.due(1.8 * SECOND, 0), 0);
  assert.equal(pacer.due(2.1 * SECOND, 0), 100);
});

test('a jump, either way, goes on one step later', () => {
  const pacer = new Pacer();
  pacer.due(100 * SECOND, 0);
  assert.equal(pacer.due(0, 0), 40);
  assert.equal(pacer.due(SECOND, 0), 1_040);
  assert.equal(pacer.due(1_000 * SECOND, 1_040), 1_080);
});

test('another recording follows one step later, however short the last was', () => {
  const pacer = new Pacer();
  pacer.due(SECOND, 0);
  pacer.due(1.5 * SECOND, 0);
  pacer.restart();
  assert.equal(pacer.due(SECOND, 0), 540);
  assert.equal(pacer.due(1.5 * SECOND, 0), 1_040);
});

test('a hole is waited through', () => {
  const pacer = new Pacer();
  pacer.due(0, 0);
  assert.equal(pacer.due(4 * SECOND, 0), 4_000);
});

test('a source that is late is not hurried after', () => {
  const pacer = new Pacer();
  pacer.due(0, 0);
  assert.equal(pacer.due(SECOND, 3_000), 3_000);
  assert.equal(pacer.due(2 * SECOND, 3_000), 4_000);
  // A little late is caught up with.
  assert.equal(pacer.due(3 * SECOND, 5_100), 5_000);
});

test('a rate above 1 catches up', () => {
  const pacer = new Pacer();
  pacer.due(0, 0);
  assert.equal(Math.round(pacer.due(1.1 * SECOND, 0, 1.1)), 1_000);
});
