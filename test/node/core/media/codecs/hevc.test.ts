import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../../../core/bytes.ts';
import { hevcConfig, hevcParameterSets, hevcTrack, parseHevcSps } from '../../../../../core/media/codecs/hevc.ts';
import { fromHex } from '../../../../support/from-hex.ts';

// x265, Main, 320x240; as ffmpeg writes it, without its SEI.
const HVCC = fromHex(`0101600000009000000000003cf000fcfdf8f800000f03
  2000010018 40010c01ffff01600000030090000003000003003c959409
  210001002a 42010101600000030090000003000003003ca00a080f16595952930bc05a020000030002000003003c10
  2200010006 4401c073c189`);
const COMPLETE = (() => {
  const record = HVCC.slice();
  record[23] = 0xa0;
  record[23 + 29] = 0xa1;
  record[23 + 29 + 47] = 0xa2;
  return record;
})();

test('reads an SPS', () => {
  const sets = hevcParameterSets(HVCC)!;
  const { profileTierLevel, ...sps } = parseHevcSps(sets.sps[0]!)!;
  assert.equal(toHex(profileTierLevel), toHex(HVCC.subarray(1, 13)));
  assert.deepEqual(sps, {
    temporalLayers: 1,
    temporalIdNested: true,
    chromaFormat: 1,
    bitDepthLuma: 8,
    bitDepthChroma: 8,
    width: 320,
    height: 240,
  });
});

test('builds the record that ffmpeg builds, with complete arrays', () => {
  const { vps, sps, pps } = hevcParameterSets(HVCC)!;
  assert.equal(toHex(hevcConfig(vps, sps, pps)), toHex(COMPLETE));
  assert.equal(hevcConfig(vps, [], pps).length, 0);
});

test('makes a track whose arrays are complete, as hvc1 demands', () => {
  assert.deepEqual(hevcTrack(3, HVCC), {
    kind: 'video',
    id: 3,
    codec: 'hevc',
    codecString: 'hvc1.1.6.L60.90',
    description: COMPLETE,
    width: 320,
    height: 240,
  });
});

test('codec strings leave out trailing zeros of the constraints and name the tier', () => {
  const record = HVCC.slice();
  record.set(fromHex('01 60000000 b00000000000 5d'), 1);
  assert.equal(hevcTrack(0, record)!.codecString, 'hvc1.1.6.L93.B0');
  record.set(fromHex('22 20000000 b00000000000 78'), 1);
  assert.equal(hevcTrack(0, record)!.codecString, 'hvc1.2.4.H120.B0');
  record.set(fromHex('01 60000000 000000000000 5d'), 1);
  assert.equal(hevcTrack(0, record)!.codecString, 'hvc1.1.6.L93');
});

test('every truncation is refused', () => {
  for (let size = 0; size < HVCC.length; size++) assert.equal(hevcTrack(0, HVCC.slice(0, size)), undefined);
});

test('noise never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), noise => {
      parseHevcSps(new Uint8Array([0x42, 1, ...noise]));
      hevcTrack(0, new Uint8Array([1, ...noise]));
    }),
  );
});
