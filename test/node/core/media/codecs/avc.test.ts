import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../../../core/bytes.ts';
import {
  avcConfig,
  avcLengthSize,
  avcParameterSets,
  avcTrack,
  parseSps,
} from '../../../../../core/media/codecs/avc.ts';
import { fromHex } from '../../../../support/from-hex.ts';

// x264, High, 320x240, 30 frames a second; as ffmpeg writes it.
const AVCC = fromHex('01640014ffe1001967640014acd94141fb0110000003001000000303c0f142996001000468efbcb0fdf8f800');
const SPS = AVCC.subarray(8, 33);
const PPS = AVCC.subarray(36, 40);

test('reads an SPS behind its emulation prevention', () => {
  const { frameRate, pixelAspect, ...sps } = parseSps(SPS)!;
  assert.equal(frameRate, 30);
  assert.deepEqual(pixelAspect, [1, 1]);
  assert.deepEqual(sps, {
    id: 0,
    profile: 100,
    compatibility: 0,
    level: 20,
    chromaFormat: 1,
    bitDepthLuma: 8,
    bitDepthChroma: 8,
    width: 320,
    height: 240,
    framesOnly: true,
  });
});

test('reads cropping: 1920x1080 is coded as 1088 lines', () => {
  // Baseline, 120x68 macroblocks, frame_crop_bottom_offset 4.
  const sps = parseSps(fromHex('6742c028da01e0089f970016a0202028'));
  assert.equal(sps?.width, 1920);
  assert.equal(sps?.height, 1080);
});

test('builds the record that ffmpeg builds, extension fields included', () => {
  assert.equal(toHex(avcConfig([SPS], [PPS])), toHex(AVCC));
  assert.equal(avcConfig([], [PPS]).length, 0);
  assert.equal(avcConfig([SPS.subarray(0, 6)], [PPS]).length, 0);
});

test('makes a track', () => {
  assert.deepEqual(avcTrack(7, AVCC), {
    kind: 'video',
    id: 7,
    codec: 'avc',
    codecString: 'avc1.640014',
    description: AVCC,
    width: 320,
    height: 240,
  });
});

test('a record with 2-byte lengths is told, and described with 4', () => {
  const short = AVCC.slice();
  short[4] = 0xfd;
  assert.equal(avcLengthSize(short), 2);
  assert.equal(avcLengthSize(avcTrack(0, short)!.description), 4);
  assert.equal(short[4], 0xfd);
});

test('every truncation that loses a parameter set is refused', () => {
  for (let size = 0; size < 40; size++) assert.equal(avcTrack(0, AVCC.slice(0, size)), undefined, `${size} bytes`);
  // The profile's extension fields are often left out.
  assert.ok(avcTrack(0, AVCC.slice(0, 40)));
});

test('noise never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), noise => {
      const bytes = new Uint8Array([0x67, ...noise]);
      parseSps(bytes);
      avcTrack(0, new Uint8Array([1, ...noise]));
      avcParameterSets(new Uint8Array([1, ...noise]));
      avcConfig([bytes], [bytes]);
    }),
  );
});
