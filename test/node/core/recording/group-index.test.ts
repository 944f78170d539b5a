// The index: the same in memory, in its file and as JSON; whatever is damaged is seen.

import assert from 'node:assert/strict';
import test from 'node:test';
import { concat } from '../../../../core/bytes.ts';
import {
  decodeIndex,
  encodeIndexRecord,
  GroupIndex,
  groupsOf,
  INDEX_RECORD_SIZE,
} from '../../../../core/recording/group-index.ts';

const group = (n: number) => ({
  ...{ sequence: 1_795_000_000_000 + n * 50, timestamp: 161_550_000_000_000 + n * 180_000 },
  ...{ capturedAt: 1_795_000_000_000 + n * 2_000, offset: 500 + n * 400_000, init: 60, initSize: 440 },
});
const GROUPS = Array.from({ length: 9 }, (_, n) => group(n));
const FILE = concat(GROUPS.map(encodeIndexRecord));

test('records are read back, up to the first that is damaged or cut off', () => {
  const { index, isWhole } = decodeIndex(FILE);
  assert.ok(isWhole);
  assert.deepEqual([...groupsOf(index.columns())], GROUPS);
  for (let at = 0; at < FILE.length; at += 17) {
    const damaged = FILE.slice();
    damaged[at]! ^= 4;
    const read = decodeIndex(damaged);
    assert.equal(read.isWhole, false, `byte ${at}`);
    assert.equal(read.index.size, Math.floor(at / INDEX_RECORD_SIZE));
    const cut = decodeIndex(FILE.subarray(0, at));
    assert.equal(cut.isWhole, at % INDEX_RECORD_SIZE === 0);
    assert.equal(cut.index.size, Math.floor(at / INDEX_RECORD_SIZE));
  }
  const twice = decodeIndex(concat([FILE.subarray(0, 2 * INDEX_RECORD_SIZE), FILE]));
  assert.deepEqual([twice.isWhole, twice.index.size], [false, 2]);
});

test('a moment is found by its group, one before the first by the first', () => {
  const index = new GroupIndex(GROUPS);
  const from = GROUPS[0]!.timestamp;
  const cases: [number, number][] = [
    [0, 0],
    [from - 1, 0],
    [from, 0],
    [from + 179_999, 0],
    [from + 180_000, 1],
    [from + 8 * 180_000, 8],
    [Number.MAX_SAFE_INTEGER, 8],
  ];
  for (const [timestamp, place] of cases) assert.equal(index.placeAt(timestamp), place, `${timestamp - from}`);
  assert.equal(new GroupIndex().placeAt(5), -1);
});

test('columns begin with the group at an offset or behind it, and are refused when they are something else', () => {
  const index = new GroupIndex(GROUPS);
  assert.equal(index.columns(0).sequence.length, 9);
  assert.deepEqual(
    index.columns(GROUPS[3]!.offset).offset,
    GROUPS.slice(3).map(({ offset }) => offset),
  );
  assert.equal(index.columns(GROUPS[3]!.offset + 1).sequence.length, 5);
  assert.equal(index.columns(Number.MAX_SAFE_INTEGER).sequence.length, 0);
  const columns = index.columns();
  for (const bad of [
    undefined,
    {},
    { ...columns, init: 5 },
    { ...columns, init: [1] },
    { ...columns, offset: ['5'] },
  ]) {
    assert.throws(() => [...groupsOf(bad)], TypeError);
  }
  assert.throws(() => index.add(GROUPS[8]!), RangeError);
});
