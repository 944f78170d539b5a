// The cutter: limits by size and time, group starts, entries.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { concat } from '../../../../core/bytes.ts';
import { ChunkCutter, type Piece } from '../../../../core/media/chunk-cutter.ts';
import type { Cut } from '../../../../core/media/chunker.ts';

const limits = { maxMs: 100, maxBytes: 1_000 };
const piece = (size: number, more: Partial<Piece> = {}): Piece => ({
  bytes: new Uint8Array(size).fill(size),
  entry: true,
  ...more,
});

test('a large piece is split at any byte, and only its first part has an entry and a time', () => {
  const cutter = new ChunkCutter(true, limits);
  const cuts = [...cutter.add(piece(2_500, { startsGroup: true, dts: 90, duration: 45 }), 5), ...cutter.flush()];
  assert.deepEqual(
    cuts.map(cut => [cut.payload.length, cut.entry, cut.startsGroup, cut.dts, cut.duration]),
    [
      [1_000, 0, true, 90, 45],
      [1_000, 1_000, false, 90, 0],
      [500, 500, false, 90, 0],
    ],
  );
});

test('packets are never split', () => {
  const cutter = new ChunkCutter(false, limits);
  const cuts: Cut[] = [];
  for (let i = 0; i < 12; i++) cuts.push(...cutter.add(piece(188), i));
  cuts.push(...cutter.flush());
  assert.deepEqual(
    cuts.map(cut => cut.payload.length),
    [940, 940, 376],
  );
  assert.deepEqual(
    cuts.map(cut => cut.arrivedAt),
    [0, 5, 10],
  );
});

test('a unit that starts in the middle of a chunk gives it an entry there', () => {
  const cutter = new ChunkCutter(true, limits);
  cutter.add(piece(300, { entry: false }), 0);
  cutter.add(piece(100, { dts: 7 }), 0);
  assert.deepEqual(
    cutter.flush().map(cut => [cut.entry, cut.dts]),
    [[300, 7]],
  );
});

test('a unit that starts exactly at the limit starts the next chunk', () => {
  const cutter = new ChunkCutter(true, limits);
  const cuts = [...cutter.add(piece(1_000, { dts: 1 }), 0), ...cutter.add(piece(10, { dts: 2 }), 3), ...cutter.flush()];
  assert.deepEqual(
    cuts.map(cut => [cut.payload.length, cut.entry, cut.dts, cut.arrivedAt]),
    [
      [1_000, 0, 1, 0],
      [10, 0, 2, 3],
    ],
  );
});

test('time cuts at the end of what has arrived, not before', () => {
  const cutter = new ChunkCutter(true, limits);
  cutter.add(piece(10), 1_000);
  assert.equal(cutter.wakeAt(), 1_100);
  assert.deepEqual(cutter.poll(1_099), []);
  assert.equal(cutter.poll(1_100).length, 1);
  assert.equal(cutter.wakeAt(), undefined);
});

test('a discontinuity is told with the next chunk only', () => {
  const cutter = new ChunkCutter(true, limits);
  cutter.add(piece(10), 0);
  const cuts = [
    ...cutter.discontinuity(),
    ...cutter.add(piece(10), 0),
    ...cutter.flush(),
    ...cutter.add(piece(10), 0),
    ...cutter.flush(),
  ];
  assert.deepEqual(
    cuts.map(cut => cut.discontinuity),
    [false, true, false],
  );
});

test('whatever the pieces: nothing lost, nothing over the limit, entries where pieces start, groups start chunks', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.record({ size: fc.integer({ min: 1, max: 3_000 }), startsGroup: fc.boolean(), wait: fc.nat(60) }), {
        maxLength: 40,
      }),
      (splittable, specs) => {
        const cutter = new ChunkCutter(splittable, limits);
        const starts = new Set<number>();
        const groups = new Set<number>();
        const cuts: Cut[] = [];
        const all = [];
        let offset = 0;
        let now = 0;
        for (const { size, startsGroup, wait } of specs) {
          now += wait;
          cuts.push(...cutter.poll(now));
          const bytes = new Uint8Array(splittable ? size : Math.min(size, 1_000)).fill(offset);
          starts.add(offset);
          if (startsGroup) groups.add(offset);
          cuts.push(...cutter.add({ bytes, entry: true, startsGroup }, now));
          all.push(bytes);
          offset += bytes.length;
        }
        cuts.push(...cutter.flush());
        assert.deepEqual(concat(cuts.map(cut => cut.payload)), concat(all));
        let at = 0;
        for (const cut of cuts) {
          assert.ok(cut.payload.length <= limits.maxBytes && cut.payload.length > 0);
          assert.equal(cut.startsGroup, groups.has(at));
          if (cut.entry < cut.payload.length) assert.ok(starts.has(at + cut.entry));
          for (let i = 0; i < cut.entry; i++) assert.ok(!starts.has(at + i));
          at += cut.payload.length;
        }
      },
    ),
  );
});
