// Bytes: varints, base64url, and reading past the end.

import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { ByteReader, ByteWriter, fromBase64Url, toBase64Url, varintSize } from '../../../core/bytes.ts';
import { ProtocolViolation } from '../../../core/errors.ts';

test('varints: the examples of RFC 9000 §A.1 that fit, and one of eight bytes', () => {
  for (const [value, hex] of [
    [37, '25'],
    [15_293, '7bbd'],
    [494_878_333, '9d7f3e7d'],
    [320_255_973_501_901, 'c00123456789abcd'],
  ] as const) {
    const bytes = new ByteWriter().varint(value).finish();
    assert.equal(Buffer.from(bytes).toString('hex'), hex);
    assert.equal(bytes.length, varintSize(value));
    assert.equal(new ByteReader(bytes).varint(), value);
  }
});

test('every safe integer survives a varint', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), value => {
      assert.equal(new ByteReader(new ByteWriter().varint(value).finish()).varint(), value);
    }),
  );
});

test('a varint above 2^53 - 1 is refused, and so is writing one', () => {
  assert.throws(
    () => new ByteReader(Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 255])).varint(),
    ProtocolViolation,
  );
  for (const value of [-1, 1.5, Number.NaN, 2 ** 53]) assert.throws(() => new ByteWriter().varint(value), RangeError);
});

test('reading past the end is a protocol violation', () => {
  const reader = new ByteReader(Uint8Array.of(1, 2));
  assert.throws(() => reader.u24(), ProtocolViolation);
  assert.equal(reader.u16(), 0x0102);
  assert.throws(() => reader.u8(), ProtocolViolation);
});

test('fixed-width fields survive', () => {
  const bytes = new ByteWriter(1).u8(250).u16(65_000).u24(0xabcdef).u32(0xfedcba98).f64(-1.5).text('größe').finish();
  const reader = new ByteReader(bytes);
  assert.deepEqual(
    [reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.f64()],
    [250, 65_000, 0xabcdef, 0xfedcba98, -1.5],
  );
  assert.equal(reader.text(10), 'größe');
  reader.end();
});

test('text that is no UTF-8, and a block over its limit, are refused', () => {
  assert.throws(() => new ByteReader(Uint8Array.of(1, 0xff)).text(8), /not UTF-8/);
  assert.throws(() => new ByteReader(Uint8Array.of(9, 0)).block(8), /at most 8/);
});

test('base64url agrees with Node and survives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), bytes => {
      const text = toBase64Url(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(fromBase64Url(text), new Uint8Array(bytes));
    }),
  );
  assert.throws(() => fromBase64Url('a'), TypeError);
  assert.throws(() => fromBase64Url('a+bc'), TypeError);
});
