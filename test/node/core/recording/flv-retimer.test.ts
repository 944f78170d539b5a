// The retimer: every tag's time is moved, in any split, and nothing else.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import { FlvRetimer } from '../../../../core/recording/flv-retimer.ts';

const tag = (time: number, size: number): Bytes =>
  Uint8Array.of(
    ...[9, 0, size >> 8, size & 255, (time >>> 16) & 255, (time >>> 8) & 255, time & 255, time >>> 24, 0, 0, 0],
    ...new Array<number>(size).fill(time & 255),
    ...[0, 0, 0, size + 11],
  );

function retimed(shift: number, parts: readonly Bytes[]): Bytes {
  const retimer = new FlvRetimer();
  retimer.shift = shift;
  return concat([...parts.map(part => retimer.push(part)), new Uint8Array(0)]);
}

test('in any split the times are moved, and nothing else', () => {
  const tags = fc.array(fc.record({ time: fc.nat(1e9), size: fc.nat(40) }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(tags, fc.integer({ min: 0, max: 1e9 }), fc.array(fc.nat(300), { maxLength: 9 }), (all, shift, cuts) => {
      const bytes = concat([...all.map(({ time, size }) => tag(time, size)), new Uint8Array(0)]);
      const places = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const parts = places.slice(1).map((to, i) => bytes.subarray(places[i]!, to));
      const heads = (moved: Bytes) => {
        let at = 0;
        for (const { time, size } of all) {
          const expected = tag(time + shift, size);
          const part = moved.subarray(at, (at += expected.length));
          assert.deepEqual(part.subarray(0, 11), expected.subarray(0, 11));
          assert.deepEqual(part.subarray(11), tag(time, size).subarray(11));
        }
      };
      heads(retimed(shift, parts));
    }),
  );
});

test('no time becomes less than 0, and one that wraps goes on', () => {
  const times = (shift: number, ...all: number[]) => {
    const moved = retimed(shift, [concat(all.map(time => tag(time, 1)))]);
    return all.map((_, i) => {
      const [b4 = 0, b5 = 0, b6 = 0, b7 = 0] = moved.subarray(i * 16 + 4);
      return ((b7 << 24) | (b4 << 16) | (b5 << 8) | b6) >>> 0;
    });
  };
  assert.deepEqual(times(-1_000, 0, 999, 1_000, 5_000), [0, 0, 0, 4_000]);
  assert.deepEqual(times(-4_294_960_000, 4_294_961_000, 4_294_967_295, 200), [1_000, 7_295, 7_496]);
  assert.deepEqual(times(4_294_967_296 - 1_000, 5_000), [4_000], 'the source has wrapped before');
});
