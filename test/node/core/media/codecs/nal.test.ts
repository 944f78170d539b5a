import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bytes, toHex } from '../../../../../core/bytes.ts';
import {
  forEachLengthPrefixed,
  removeEmulationPrevention,
  splitAnnexB,
  toLengthPrefixed,
} from '../../../../../core/media/codecs/nal.ts';
import { fromHex } from '../../../../support/from-hex.ts';

const hexes = (list: readonly Bytes[]): string[] => list.map(toHex);

// NAL units as an encoder makes them: no start code inside, no zero at the end.
const nal = fc.array(fc.constantFrom(0, 0, 1, 2, 3, 5, 255), { minLength: 1, maxLength: 30 }).map(values => {
  const bytes: number[] = [];
  for (const value of [0x65, ...values, 0x80]) {
    if (bytes.at(-1) === 0 && bytes.at(-2) === 0 && value <= 3) bytes.push(3);
    bytes.push(value);
  }
  return new Uint8Array(bytes);
});

test('splits Annex B with both start codes, zeros before and behind', () => {
  assert.deepEqual(hexes(splitAnnexB(fromHex('000000 01 0910 000001 6742 0000 000001 6588 0000'))), [
    '0910',
    '6742',
    '6588',
  ]);
  assert.deepEqual(splitAnnexB(fromHex('0910')), []);
  assert.deepEqual(splitAnnexB(fromHex('000001')), []);
  assert.deepEqual(hexes(splitAnnexB(fromHex('000001 000001 65'))), ['65']);
});

test('every NAL unit is found again', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(nal, fc.boolean(), fc.nat(3))), parts => {
      const stream: number[] = [];
      for (const [bytes, long, zeros] of parts) {
        stream.push(...(long ? [0, 0, 0, 1] : [0, 0, 1]), ...bytes, ...new Array<number>(zeros).fill(0));
      }
      assert.deepEqual(hexes(splitAnnexB(new Uint8Array(stream))), hexes(parts.map(([bytes]) => bytes)));
    }),
  );
});

test('length-prefixed samples read back, and damage is told', () => {
  fc.assert(
    fc.property(fc.array(nal), nals => {
      const sample = toLengthPrefixed(nals);
      const found: Bytes[] = [];
      assert.ok(forEachLengthPrefixed(sample, 4, (start, end) => found.push(sample.subarray(start, end))));
      assert.deepEqual(hexes(found), hexes(nals));
      if (sample.length > 0)
        assert.equal(
          forEachLengthPrefixed(sample.subarray(0, -1), 4, () => {}),
          false,
        );
    }),
  );
});

test('emulation prevention goes', () => {
  const cases = [
    ['000003', '0000'],
    ['0000030000030001', '000000000001'],
    ['00000303', '000003'],
    ['000000030000', '0000000000'],
    ['0000', '0000'],
    ['0300000301', '03000001'],
  ];
  for (const [escaped, plain] of cases) assert.equal(toHex(removeEmulationPrevention(fromHex(escaped!))), plain);
});
