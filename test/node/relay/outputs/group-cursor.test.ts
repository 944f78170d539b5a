// A reader gets whole groups, or is told that it can't.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupCursor } from '../../../../relay/outputs/group-cursor.ts';
import { Source } from '../channels/feed-stage.ts';

function readAll(cursor: GroupCursor, { window }: Source, most = Number.POSITIVE_INFINITY): (number | 'lost')[] {
  const read: (number | 'lost')[] = [];
  while (read.length < most) {
    const reading = cursor.read(window);
    if (reading === undefined) break;
    read.push(reading === 'lost' ? 'lost' : reading.header.sequence);
    if (reading === 'lost') break;
  }
  return read;
}

function groups(source: Source, count: number, step: number): void {
  for (let i = 0; i < count; i++)
    for (let chunk = 0; chunk < 3; chunk++) source.add(chunk === 0, 100, source.next * step);
}

test('begins at the newest group, or where it is told, and reads on', () => {
  const source = new Source();
  groups(source, 3, 0);
  const newest = new GroupCursor(5_000);
  assert.deepEqual(readAll(newest, source), [7, 8, 9]);
  assert.deepEqual(readAll(new GroupCursor(5_000, 4), source), [4, 5, 6, 7, 8, 9]);
  groups(source, 1, 0);
  assert.deepEqual(readAll(newest, source), [10, 11, 12]);
});

test('whoever is too far behind reads its group to the end, and goes on with the newest', () => {
  const source = new Source();
  groups(source, 1, 1_000);
  const cursor = new GroupCursor(5_000);
  assert.deepEqual(readAll(cursor, source, 2), [1, 2]);
  groups(source, 5, 1_000);
  assert.deepEqual(readAll(cursor, source), [3, 16, 17, 18]);
  assert.equal(cursor.skips, 1);
});

test('whoever is not that far behind misses nothing', () => {
  const source = new Source();
  groups(source, 1, 1_000);
  const cursor = new GroupCursor(5_000);
  assert.deepEqual(readAll(cursor, source, 2), [1, 2]);
  groups(source, 1, 1_000);
  assert.deepEqual(readAll(cursor, source), [3, 4, 5, 6]);
});

test('what left the window before it was read is lost, and with it whatever group was under way', () => {
  const source = new Source({ maxAgeMs: 1e9, maxBytes: 1_500 });
  groups(source, 1, 0);
  const cursor = new GroupCursor(1e9);
  assert.deepEqual(readAll(cursor, source, 1), [1]);
  groups(source, 6, 0);
  assert.ok(source.window.hasLost(2));
  assert.deepEqual(readAll(cursor, source), ['lost']);
});
