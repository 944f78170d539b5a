// Byte ranges as requests write them.

import assert from 'node:assert/strict';
import test from 'node:test';
import { byteRange } from '../../../../relay/recording/byte-range.ts';

const cases: [string | undefined, ReturnType<typeof byteRange>][] = [
  [undefined, undefined],
  ['bytes=0-99', { from: 0, to: 100 }],
  ['bytes=10-10', { from: 10, to: 11 }],
  ['bytes=10-', { from: 10, to: 1_000 }],
  ['bytes=900-5000', { from: 900, to: 1_000 }],
  ['bytes=-100', { from: 900, to: 1_000 }],
  ['bytes=-5000', { from: 0, to: 1_000 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['lines=0-1', undefined],
  ['bytes=a-b', undefined],
];

for (const [header, range] of cases) {
  test(`${header} of 1,000 bytes`, () => assert.deepEqual(byteRange(header, 1_000), range));
}
