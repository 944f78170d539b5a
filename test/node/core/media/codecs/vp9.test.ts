import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVp9KeyFrame, vp9Track } from '../../../../../core/media/codecs/vp9.ts';
import { fromHex } from '../../../../support/from-hex.ts';

// libvpx, profile 0, 320x240; as ffmpeg writes it.
const VPCC = fromHex('010000000014820202020000');
const KEY_FRAME = fromHex('824983420013f00ef60638241c184a000d405fcdf7fbfd1f');
const OTHER_FRAME = fromHex('86004092f121400000a07f90dced3d87398bbe5b1f7ad2b3');

test('makes a track', () => {
  const track = vp9Track(1, VPCC, { width: 320, height: 240 });
  assert.equal(track?.codecString, 'vp09.00.20.08');
  assert.deepEqual(track?.description, VPCC);
  assert.equal(track?.width, 320);
  assert.equal(vp9Track(1, fromHex('01000000000a820202020000'))?.codecString, 'vp09.00.10.08');
});

test('malformed records are refused', () => {
  for (let size = 0; size < VPCC.length; size++) assert.equal(vp9Track(1, VPCC.slice(0, size)), undefined);
  assert.equal(vp9Track(1, fromHex('010000000014820202020001')), undefined);
});

test('reads the size of a key frame', () => {
  assert.deepEqual(parseVp9KeyFrame(KEY_FRAME), { width: 320, height: 240 });
  assert.equal(parseVp9KeyFrame(OTHER_FRAME), undefined);
  for (let size = 0; size < 8; size++) assert.equal(parseVp9KeyFrame(KEY_FRAME.slice(0, size)), undefined);
});
