import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../../../../core/bytes.ts';
import {
  AAC_SAMPLE_RATES,
  aacSamples,
  aacTrack,
  audioSpecificConfig,
  parseAudioSpecificConfig,
} from '../../../../../core/media/codecs/aac.ts';
import { fromHex } from '../../../../support/from-hex.ts';

const table: [what: string, asc: string, codec: string, rate: number, channels: number, samples: number][] = [
  ['LC 44.1 kHz mono, with the sync extension that says no SBR', '120856e500', 'mp4a.40.2', 44_100, 1, 1024],
  ['LC 48 kHz stereo', '1190', 'mp4a.40.2', 48_000, 2, 1024],
  ['LC 48 kHz 5.1', '11b0', 'mp4a.40.2', 48_000, 6, 1024],
  ['LC 48 kHz 7.1', '11b8', 'mp4a.40.2', 48_000, 8, 1024],
  ['LC with 960 samples', '1194', 'mp4a.40.2', 48_000, 2, 960],
  ['HE-AAC, hierarchical: SBR from 24 to 48 kHz', '2b11 8800', 'mp4a.40.5', 48_000, 2, 2048],
  ['HE-AAC, backward compatible', '131056e598', 'mp4a.40.5', 48_000, 2, 2048],
  ['HE-AAC v2, hierarchical, mono core', 'eb098800', 'mp4a.40.29', 48_000, 2, 2048],
  ['HE-AAC v2, backward compatible', '130856e59d4880', 'mp4a.40.29', 48_000, 2, 2048],
  ['LC with a rate of its own, 12.345 kHz', '17 8018 1c 90', 'mp4a.40.2', 12_345, 2, 1024],
];

for (const [what, asc, codec, rate, channels, samples] of table) {
  test(what, () => {
    const track = aacTrack(2, fromHex(asc));
    assert.equal(track?.codecString, codec);
    assert.equal(track?.sampleRate, rate);
    assert.equal(track?.channels, channels);
    assert.equal(aacSamples(fromHex(asc)), samples);
  });
}

test('channel configuration 0 counts the channels of the program config element', () => {
  // One front pair and one LFE.
  const config = parseAudioSpecificConfig(fromHex('1180 04c401 002000'));
  assert.equal(config?.channels, 3);
  assert.equal(parseAudioSpecificConfig(fromHex('1180')), undefined);
});

test('what is built reads back', () => {
  assert.equal(toHex(audioSpecificConfig({ objectType: 2, sampleRate: 44_100, channels: 2 })), '1210');
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 4),
      fc.oneof(fc.constantFrom(...AAC_SAMPLE_RATES), fc.integer({ min: 4_000, max: 96_000 })),
      fc.constantFrom(1, 2, 3, 4, 5, 6, 8),
      (objectType, sampleRate, channels) => {
        const config = parseAudioSpecificConfig(audioSpecificConfig({ objectType, sampleRate, channels }));
        assert.equal(config?.objectType, objectType);
        assert.equal(config?.sampleRate, sampleRate);
        assert.equal(config?.channels, channels);
      },
    ),
  );
});

test('malformed configurations are refused, noise never throws', () => {
  for (const asc of ['', '12', '1780', '0000', '1278']) assert.equal(aacTrack(0, fromHex(asc)), undefined, asc);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 24 }), noise => void aacTrack(0, new Uint8Array(noise))));
});
