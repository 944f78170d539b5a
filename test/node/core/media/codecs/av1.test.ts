import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { av1Track, forEachObu } from '../../../../../core/media/codecs/av1.ts';
import { fromHex } from '../../../../support/from-hex.ts';

// SVT-AV1, Main, 320x240; as ffmpeg writes it.
const AV1C = fromHex('81000c000a0b000000043cffbc02f80040');

test('makes a track', () => {
  assert.deepEqual(av1Track(1, AV1C), {
    kind: 'video',
    id: 1,
    codec: 'av1',
    codecString: 'av01.0.00M.08',
    description: AV1C,
    width: 320,
    height: 240,
  });
});

test('codec strings tell level, tier and depth', () => {
  assert.equal(av1Track(0, fromHex('81040c00'))?.codecString, 'av01.0.04M.08');
  assert.equal(av1Track(0, fromHex('8108cc00'))?.codecString, 'av01.0.08H.10');
  assert.equal(av1Track(0, fromHex('814d6c00'))?.codecString, 'av01.2.13M.12');
});

test('a record without sequence header takes the size it is told', () => {
  assert.equal(av1Track(0, AV1C.slice(0, 4), { width: 64, height: 48 })?.width, 64);
  assert.equal(av1Track(0, AV1C.slice(0, 4))?.width, 0);
});

test('malformed records are refused', () => {
  for (const size of [0, 1, 2, 3, 5, 6, 8, 16]) assert.equal(av1Track(0, AV1C.slice(0, size)), undefined, `${size}`);
  assert.equal(av1Track(0, fromHex('01000c00')), undefined);
});

test('noise never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), noise => {
      forEachObu(new Uint8Array(noise), (_type, start, end) => assert.ok(start <= end && end <= noise.length));
      av1Track(0, new Uint8Array([0x81, ...noise]));
    }),
  );
});
