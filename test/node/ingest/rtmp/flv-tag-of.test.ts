import assert from 'node:assert/strict';
import test from 'node:test';
import { type Bytes, utf8 } from '../../../../core/bytes.ts';
import { flvTagOf } from '../../../../ingest/rtmp/flv-tag-of.ts';
import { flvTag } from '../../../support/flv-muxer.ts';

const bytes = (text: string): Bytes => Uint8Array.from(text, character => character.charCodeAt(0));

test('audio and video become tags of the same body and time', () => {
  const body = utf8('any body');
  for (const type of [8, 9])
    for (const time of [0, 1, 0x1234567, 0xffffffff])
      assert.deepEqual(flvTagOf(type, time, body), flvTag(type, time, body));
});

test('a tag is a copy: the reader uses its buffer again', () => {
  const body = utf8('first');
  const tag = flvTagOf(9, 0, body);
  body.set(utf8('other'));
  assert.deepEqual(tag, flvTag(9, 0, utf8('first')));
});

test('metadata lose the command that sets them', () => {
  const metadata = '\x02\x00\x0aonMetaData\x03\x00\x00\x09';
  const tag = flvTag(18, 5, bytes(metadata));
  assert.deepEqual(flvTagOf(18, 5, bytes(metadata)), tag);
  assert.deepEqual(flvTagOf(18, 5, bytes(`\x02\x00\x0d@setDataFrame${metadata}`)), tag);
  assert.deepEqual(flvTagOf(15, 5, bytes(`\x00\x02\x00\x0d@setDataFrame${metadata}`)), tag, 'AMF3');
  assert.equal(flvTagOf(18, 5, bytes('\x02\x00\x0f@clearDataFrame')), undefined);
});

test('what is no media or empty becomes nothing', () => {
  for (const type of [0, 3, 4, 16, 17, 20, 22]) assert.equal(flvTagOf(type, 0, utf8('x')), undefined);
  for (const type of [8, 9, 15, 18]) assert.equal(flvTagOf(type, 0, new Uint8Array(0)), undefined);
});
