import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, NO_BYTES, toHex } from '../../../../../core/bytes.ts';
import { aacTrack } from '../../../../../core/media/codecs/aac.ts';
import { avcTrack } from '../../../../../core/media/codecs/avc.ts';
import { initSegment, mimeOf, timescaleOf } from '../../../../../core/media/isobmff/init-segment.ts';
import { sampleEntry } from '../../../../../core/media/isobmff/sample-entry.ts';
import type { AudioCodec, AudioTrack, VideoCodec, VideoTrack } from '../../../../../core/media/track.ts';
import { fromHex } from '../../../../support/from-hex.ts';
import { boxesOf, findBoxes } from '../../../../support/mp4-boxes.ts';

const AVCC = fromHex('01640014ffe1001967640014acd94141fb0110000003001000000303c0f142996001000468efbcb0fdf8f800');
const video = avcTrack(0, AVCC)!;
const audio = aacTrack(1, fromHex('1210'))!;

const types = (bytes: Bytes): string[] => boxesOf(bytes).map(({ type }) => type);

test('one track: ftyp and moov, everything a player asks for', () => {
  const init = initSegment([{ trackId: 1, track: video }]);
  assert.deepEqual(types(init), ['ftyp', 'moov']);
  assert.deepEqual(types(findBoxes(init, 'moov')[0]!), ['mvhd', 'trak', 'mvex']);
  assert.deepEqual(types(findBoxes(init, 'moov/trak/mdia/minf')[0]!), ['vmhd', 'dinf', 'stbl']);
  assert.equal(toHex(findBoxes(init, 'moov/trak/mdia/minf/stbl/stsd/avc1/avcC')[0]!), toHex(AVCC));
  const view = (path: string): DataView => {
    const [payload] = findBoxes(init, path);
    return new DataView(payload!.buffer, payload!.byteOffset, payload!.byteLength);
  };
  assert.equal(view('moov/trak/mdia/mdhd').getUint32(12), 90_000);
  assert.equal(view('moov/mvex/trex').getUint32(4), 1);
  assert.equal(view('moov/trak/tkhd').getUint32(12), 1);
  assert.deepEqual(
    [view('moov/trak/tkhd').getUint32(76), view('moov/trak/tkhd').getUint32(80)],
    [320 << 16, 240 << 16],
  );
  assert.equal(view('moov/mvhd').getUint32(96), 2);
});

test('both tracks in one', () => {
  const init = initSegment([
    { trackId: 1, track: video },
    { trackId: 2, track: audio },
  ]);
  assert.deepEqual(types(findBoxes(init, 'moov')[0]!), ['mvhd', 'trak', 'trak', 'mvex']);
  assert.equal(findBoxes(init, 'moov/mvex/trex').length, 2);
  assert.equal(findBoxes(init, 'moov/trak/mdia/minf/stbl/stsd/mp4a/esds').length, 1);
});

test('names and time units', () => {
  assert.equal(mimeOf(video), 'video/mp4; codecs="avc1.640014"');
  assert.equal(mimeOf(audio), 'audio/mp4; codecs="mp4a.40.2"');
  assert.deepEqual([timescaleOf(video), timescaleOf(audio)], [90_000, 44_100]);
});

test('every video codec has its entry and its configuration box', () => {
  const cases: [VideoCodec, string, string][] = [
    ['avc', 'avc1', 'avcC'],
    ['hevc', 'hvc1', 'hvcC'],
    ['av1', 'av01', 'av1C'],
    ['vp9', 'vp09', 'vpcC'],
  ];
  for (const [codec, entry, config] of cases) {
    const track: VideoTrack = { ...video, codec, description: fromHex('c0ffee') };
    const [box] = boxesOf(sampleEntry(track));
    assert.equal(box!.type, entry);
    assert.deepEqual(boxesOf(box!.payload.subarray(78)), [{ type: config, payload: fromHex('c0ffee') }]);
  }
});

test('every audio codec has its entry and its configuration box', () => {
  const cases: [AudioCodec, string, string][] = [
    ['opus', 'Opus', 'dOps'],
    ['ac3', 'ac-3', 'dac3'],
    ['eac3', 'ec-3', 'dec3'],
    ['flac', 'fLaC', 'dfLa'],
  ];
  for (const [codec, entry, config] of cases) {
    const track: AudioTrack = { ...audio, codec, description: fromHex('c0ffee') };
    const [box] = boxesOf(sampleEntry(track));
    assert.equal(box!.type, entry);
    assert.deepEqual(boxesOf(box!.payload.subarray(28)), [{ type: config, payload: fromHex('c0ffee') }]);
  }
});

test('esds: AAC with its configuration, MP3 with its object type alone', () => {
  const esdsOf = (track: AudioTrack): string => toHex(boxesOf(sampleEntry(track))[0]!.payload.subarray(28 + 8));
  assert.equal(
    esdsOf(audio),
    '00000000 0380808022 000000 0480808014 4015000000 0000000000000000 05808080021210 06808080 0102'.replaceAll(
      ' ',
      '',
    ),
  );
  const mp3: AudioTrack = { ...audio, codec: 'mp3', codecString: 'mp4a.6B', description: NO_BYTES };
  assert.equal(
    esdsOf(mp3),
    '00000000 038080801b 000000 048080800d 6b15000000 0000000000000000 06808080 0102'.replaceAll(' ', ''),
  );
});

test('pixels that are not square are told, rates above 65,535 Hz are left to the codec', () => {
  // x264, 64x48, sample_aspect_ratio 16:11.
  const shaped = fromHex('0164000affe100186764000aacd9447b041000000300100000030320f122596001000668ebe3cb22c0fdf8f800');
  assert.deepEqual(findBoxes(sampleEntry(video), 'avc1/pasp'), []);
  assert.deepEqual(findBoxes(sampleEntry(avcTrack(0, shaped)!), 'avc1/pasp').map(toHex), ['000000100000000b']);
  const fast = boxesOf(sampleEntry({ ...audio, sampleRate: 96_000 }))[0]!.payload;
  assert.equal(toHex(fast.subarray(24, 28)), '00000000');
});

test('FLAC tells the sample size of its STREAMINFO, or Chromium refuses it', () => {
  const dfLa = fromHex(
    '00000000800000221200120000043e00051d0bb80 17 00002f000000000000000000000000000000000000'.replaceAll(' ', ''),
  );
  const sizeIn = (description: Bytes): number => {
    const entry = boxesOf(sampleEntry({ ...audio, codec: 'flac', description }))[0]!.payload;
    return (entry[18]! << 8) | entry[19]!;
  };
  assert.equal(sizeIn(dfLa), 24);
  assert.equal(
    sizeIn(fromHex('00000000800000221200120000043e00051d0bb802f000017700e0cb469356ac5f26bec3e2d9ed9184c1')),
    16,
  );
});
