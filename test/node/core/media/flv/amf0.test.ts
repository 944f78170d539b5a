// AMF0: every marker, bounds, truncations.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Bytes, ByteWriter, concat, utf8 } from '../../../../../core/bytes.ts';
import { decodeAmf0 } from '../../../../../core/media/flv/amf0.ts';
import { hex, ON_METADATA } from './flv-fixtures.ts';

/** Writes JSON as AMF0: what the property test reads back. */
function encode(value: unknown, writer = new ByteWriter()): ByteWriter {
  const text = (string: string) => {
    const bytes = utf8(string);
    writer.u16(bytes.length).put(bytes);
  };
  if (typeof value === 'number') writer.u8(0).f64(value);
  else if (typeof value === 'boolean') writer.u8(1).u8(value ? 1 : 0);
  else if (typeof value === 'string') {
    writer.u8(2);
    text(value);
  } else if (value === null) writer.u8(5);
  else if (Array.isArray(value)) {
    writer.u8(10).u32(value.length);
    for (const item of value) encode(item, writer);
  } else {
    writer.u8(3);
    for (const [key, item] of Object.entries(value as object)) {
      text(key);
      encode(item, writer);
    }
    writer.u24(9);
  }
  return writer;
}

const json = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string({ maxLength: 20 }),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('decodeAmf0', () => {
  const cases: readonly (readonly [name: string, bytes: string, value: unknown])[] = [
    ['number', '00 3ff8000000000000', 1.5],
    ['boolean', '01 01', true],
    ['string', '02 0002 6869', 'hi'],
    ['object', '03 0001 61 05 000009', { a: null }],
    ['undefined', '06', undefined],
    ['reference', '07 0000', undefined],
    ['array with a wrong count', '08 000000ff 0001 61 01 00 000009', { a: false }],
    ['object without its end', '03 0001 61 0101', { a: true }],
    ['strict array', '0a 00000002 05 0100', [null, false]],
    ['date', '0b 408f400000000000 0000', 1000],
    ['long string', '0c 00000001 7a', 'z'],
    ['typed object', '10 0001 43 0001 61 05 000009', { a: null }],
  ];
  for (const [name, bytes, value] of cases) {
    it(`reads: ${name}`, () => assert.deepEqual(decodeAmf0(hex(bytes)), [value]));
  }

  it('reads onMetaData', () => assert.deepEqual(decodeAmf0(ON_METADATA), ['onMetaData', { width: 160 }]));

  it('reads back what was written', () => {
    fc.assert(fc.property(json, value => assert.deepEqual(decodeAmf0(encode(value).finish()), [value])));
  });

  it('never throws on any truncation or noise', () => {
    for (let size = 1; size < ON_METADATA.length; size++) {
      const values = decodeAmf0(ON_METADATA.subarray(0, size));
      assert.ok(values === undefined || values[0] === 'onMetaData');
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), bytes => void decodeAmf0(Uint8Array.from(bytes))));
  });

  it('refuses what is nested too deep, too long or unknown', () => {
    const nested: Bytes[] = Array.from({ length: 40 }, () => hex('0a 00000001'));
    assert.equal(decodeAmf0(concat([...nested, hex('05')])), undefined);
    assert.equal(decodeAmf0(hex('0a ffffffff 05')), undefined);
    assert.equal(decodeAmf0(hex('02 ffff 41')), undefined);
    assert.equal(decodeAmf0(hex('11 00')), undefined);
  });

  it('keeps __proto__ a plain name', () => {
    const [value] = decodeAmf0(hex('03 0009 5f5f70726f746f5f5f 03 0001 61 05 000009 000009')) ?? [];
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.keys(value as object), ['__proto__']);
  });
});
