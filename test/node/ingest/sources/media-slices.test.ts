import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Bytes } from '../../../../core/bytes.ts';
import { createSlicer, type Slice } from '../../../../ingest/sources/media-slices.ts';
import { recording } from '../fixtures.ts';

function slice(container: 'flv' | 'ts', parts: readonly Bytes[], anywhere = false): Slice[] {
  const slicer = createSlicer(container, anywhere);
  return [...parts.flatMap(part => slicer.push(part)), ...slicer.flush()];
}
const times = (slices: readonly Slice[]) => slices.flatMap(({ dts }) => (dts === undefined ? [] : [dts]));

for (const container of ['flv', 'ts'] as const) {
  const bytes = new Uint8Array(readFileSync(recording(container === 'flv' ? 'two.flv' : 'two.m2ts', 2)));
  const whole = times(slice(container, [bytes]));

  test(`${container}: the times of two seconds`, () => {
    assert.ok(whole.length > 40, `${whole.length} units`);
    const span = (Math.max(...whole) - Math.min(...whole)) / 90_000;
    assert.ok(span > 1.8 && span < 2.1, `${span} s`);
  });

  test(`${container}: in any split every byte comes out, in order`, () => {
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, at => {
        const edges = [0, ...at.sort((a, b) => a - b), bytes.length];
        const parts = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        const slices = slice(container, parts);
        assert.ok(Buffer.concat(slices.map(one => one.bytes)).equals(bytes));
        // Where a push ends inside a header, its unit may share a slice with the next.
        assert.ok(times(slices).length >= whole.length - parts.length);
      }),
      { numRuns: 50 },
    );
  });

  test(`${container}: begun anywhere, it finds the times`, () => {
    const found = times(slice(container, [bytes.subarray(20_001)], true));
    assert.ok(found.length > whole.length / 3);
    assert.ok(found.every(time => whole.includes(time)));
  });
}
