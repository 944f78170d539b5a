// RecordingMap, GroupStore, SequenceBlocks: what is known of a recording, and what is held of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupStore } from '../../../../components/recording/group-store.ts';
import { RecordingMap } from '../../../../components/recording/recording-map.ts';
import { blockOf, SequenceBlocks } from '../../../../components/recording/sequence-blocks.ts';
import { chunkAt, INIT, indexOf, mapOf, PER_GROUP, START } from './recorded.ts';

test('places are found by time, sequence and offset; outside of the recording it is the nearest end', () => {
  const map = mapOf(10);
  assert.equal(map.duration, 10);
  assert.equal(map.placeAt(0), 0);
  assert.equal(map.placeAt(START + 3.5 * 90_000), 3);
  assert.equal(map.placeAt(START * 100), 9);
  assert.equal(map.placeOf(999), -1);
  assert.equal(map.placeOf(1_000 + 2 * PER_GROUP - 1), 1);
  assert.equal(map.placeOf(1e9), 9);
  const { from, to } = map.bytesOf(4);
  assert.equal(map.placeByOffset(from), 4);
  assert.equal(map.placeByOffset(to), 5);
  assert.equal(map.bytesOf(9).to, map.end);
});

test('it grows while it runs, whatever is told again; what is no index is refused', () => {
  const map = mapOf(3, { running: true });
  assert.equal(map.isOpen(2), true);
  const before = map.bytesOf(2);
  map.take(indexOf(5, { running: false }));
  assert.equal(map.groups.size, 5);
  assert.equal(map.running, false);
  assert.deepEqual([before, map.isOpen(2), map.isOpen(4)], [map.bytesOf(2), false, false]);
  for (const wrong of [null, 7, {}, { groups: [], end: 1, endTimestamp: 1 }, { ...indexOf(1), end: -1 }])
    assert.throws(() => new RecordingMap().take(wrong), TypeError);
});

test('a group is whole when all its bytes are there, or were looked for', () => {
  const map = mapOf(4, { leavesOut: [1_030] });
  const store = new GroupStore(map, 1e9);
  const told: number[] = [];
  store.changed = sequences => told.push(sequences[0]!, sequences.length);
  for (let sequence = 1_000; sequence < 1_000 + PER_GROUP; sequence++) {
    assert.equal(store.isWhole(0), false);
    assert.equal(store.insert(chunkAt(sequence), INIT, 0), true);
  }
  assert.equal(store.isWhole(0), true);
  assert.equal(store.insert(chunkAt(1_000), INIT, 0), false, 'nothing twice');
  // One that was never recorded isn't waited for.
  for (let sequence = 1_025; sequence < 1_050; sequence++)
    if (sequence !== 1_030) store.insert(chunkAt(sequence), INIT, 0);
  assert.equal(store.isWhole(1), true);
  assert.deepEqual(told, [1_000, PER_GROUP, 1_025, PER_GROUP - 1]);
  // Read to its end, it is whole whatever came.
  store.read(2, map.bytesOf(2).to);
  assert.equal(store.isWhole(2), true);
  assert.equal(store.readTo(3), map.bytesOf(3).from);
});

test('a group that is still being recorded is whole only as far as it goes', () => {
  const map = mapOf(2, { running: true });
  const store = new GroupStore(map, 1e9);
  store.read(1, map.end);
  assert.equal(store.isWhole(1), true);
  assert.equal(store.whole.has(1), false, 'nobody is told of it');
  const end = map.end;
  map.take({ ...indexOf(2), end: end + 500, running: true });
  assert.equal(store.isWhole(1), false);
  assert.equal(store.readTo(1), end);
});

test('what is farthest from the viewer goes first, and never what is wanted', () => {
  const map = mapOf(20);
  const store = new GroupStore(map, 5 * PER_GROUP * 1_100);
  const gone: number[] = [];
  for (let sequence = 1_000; sequence < 1_000 + 10 * PER_GROUP; sequence++) store.insert(chunkAt(sequence), INIT, 0);
  store.changed = sequences => gone.push(map.placeOf(sequences[0]!));
  store.trim(6, 9);
  assert.deepEqual(gone, [0, 1, 2, 3, 4]);
  assert.ok(store.bytes <= 5 * PER_GROUP * 1_100);
  store.trim(0, 9);
  assert.equal(store.isWhole(7), true);
});

test('blocks of sequences are told by peers, bounded', () => {
  const blocks = new SequenceBlocks();
  const base = blockOf(100_000);
  blocks.set(base, Uint8Array.of(0b101));
  assert.deepEqual(blocks.within(0, 1e9), [base, base + 2]);
  assert.deepEqual(blocks.within(base + 1, base + 2), []);
  blocks.set(base, new Uint8Array(64));
  assert.equal(blocks.has(base), false);
  blocks.set(base + 1, Uint8Array.of(1));
  assert.deepEqual(blocks.within(0, 1e9), [], 'no block begins there');
  for (let i = 0; i < 500; i++) blocks.set(base + i * 512, Uint8Array.of(1));
  assert.equal(blocks.within(0, 1e9).length, 128);
});
