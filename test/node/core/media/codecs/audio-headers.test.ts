// Frame headers of MPEG audio, Opus, AC-3 and FLAC; the vectors are ffmpeg's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex, utf8 } from '../../../../../core/bytes.ts';
import { ac3Track, parseAc3Header } from '../../../../../core/media/codecs/ac3.ts';
import { flacFrameSamples, flacTrack } from '../../../../../core/media/codecs/flac.ts';
import { mpegAudioTrack, parseMpegAudioHeader } from '../../../../../core/media/codecs/mpeg-audio.ts';
import { opusPacketSamples, opusTrack } from '../../../../../core/media/codecs/opus.ts';
import { fromHex } from '../../../../support/from-hex.ts';

test('MP3 headers: LAME at 128 kbit/s and 44.1 kHz, without and with padding', () => {
  const header = parseMpegAudioHeader(fromHex('00fffb9064'), 1)!;
  assert.deepEqual(header, {
    version: 1,
    layer: 3,
    sampleRate: 44_100,
    channels: 2,
    samples: 1152,
    frameSize: 417,
  });
  assert.equal(parseMpegAudioHeader(fromHex('fffb9264'), 0)?.frameSize, 418);
  assert.equal(mpegAudioTrack(4, header).codecString, 'mp4a.6B');
});

test('MP3 headers: MPEG-2 and 2.5, layers 1 and 2', () => {
  const lsf = parseMpegAudioHeader(fromHex('fff384c4'), 0)!;
  assert.deepEqual([lsf.version, lsf.sampleRate, lsf.samples, lsf.frameSize, lsf.channels], [2, 24_000, 576, 192, 1]);
  assert.equal(mpegAudioTrack(0, lsf).codecString, 'mp4a.69');
  const quarter = parseMpegAudioHeader(fromHex('ffe340c4'), 0)!;
  assert.deepEqual([quarter.version, quarter.sampleRate, quarter.frameSize], [2.5, 11_025, 208]);
  const layer2 = parseMpegAudioHeader(fromHex('fffda400'), 0)!;
  assert.deepEqual([layer2.layer, layer2.sampleRate, layer2.samples, layer2.frameSize], [2, 48_000, 1152, 576]);
  const layer1 = parseMpegAudioHeader(fromHex('ffffc400'), 0)!;
  assert.deepEqual([layer1.layer, layer1.samples, layer1.frameSize], [1, 384, 384]);
});

test('what is no MPEG audio header', () => {
  for (const hex of ['fffb90', 'fefb9064', 'ffeb9064', 'fff99064', 'fffb0064', 'fffbf064', 'fffb9c64']) {
    assert.equal(parseMpegAudioHeader(fromHex(hex), 0), undefined, hex);
  }
});

test('Opus: OpusHead becomes dOps', () => {
  const head = new Uint8Array([...utf8('OpusHead'), ...fromHex('0102380180bb0000000000')]);
  const track = opusTrack(5, head)!;
  assert.equal(toHex(track.description), '000201380000bb80000000');
  assert.deepEqual([track.channels, track.sampleRate, track.codecString], [2, 48_000, 'opus']);
  for (let size = 0; size < head.length; size++) assert.equal(opusTrack(5, head.slice(0, size)), undefined);
});

test('Opus: an original of 44.1 kHz becomes a track of 48 kHz in all that is said of it', () => {
  const head = new Uint8Array([...utf8('OpusHead'), ...fromHex('0102380144ac0000000000')]);
  const { description, sampleRate } = opusTrack(5, head)!;
  assert.equal(sampleRate, 48_000);
  assert.equal(new DataView(description.buffer, description.byteOffset).getUint32(4), 48_000);
});

test('Opus: surround has its mapping, given or known', () => {
  const head = new Uint8Array([...utf8('OpusHead'), ...fromHex('0106000080bb00000000010402000401020305')]);
  const known = opusTrack(0, { channels: 6 })!;
  assert.equal(toHex(known.description), '000600000000bb80000001 0402000401020305'.replaceAll(' ', ''));
  assert.deepEqual(opusTrack(0, head), known);
  assert.equal(opusTrack(0, { channels: 9 }), undefined);
  assert.equal(opusTrack(0, { channels: 0 }), undefined);
});

test('Opus: durations of RFC 6716 table 2', () => {
  const cases: [hex: string, samples: number][] = [
    ['fcb4', 960],
    ['00', 480],
    ['18', 2880],
    ['60', 480],
    ['68', 960],
    ['80', 120],
    ['98', 960],
    ['99', 1920],
    ['9a', 1920],
    ['9b03', 2880],
    ['9b06', 5760],
    ['9b07', 0],
    ['9b', 0],
    ['', 0],
  ];
  for (const [hex, samples] of cases) assert.equal(opusPacketSamples(fromHex(hex)), samples, hex);
});

test('AC-3: ffmpeg at 192 kbit/s', () => {
  const header = parseAc3Header(fromHex('0b77fe95144043e1'), 0)!;
  assert.deepEqual(
    [header.codec, header.sampleRate, header.channels, header.samples, header.frameSize],
    ['ac3', 48_000, 2, 1536, 768],
  );
  const track = ac3Track(6, header);
  assert.equal(toHex(track.description), '101140');
  assert.equal(track.codecString, 'ac-3');
});

test('E-AC-3: ffmpeg at 192 kbit/s', () => {
  const header = parseAc3Header(fromHex('0b77017f3487c000'), 0)!;
  assert.deepEqual(
    [header.codec, header.sampleRate, header.channels, header.samples, header.frameSize, header.independent],
    ['eac3', 48_000, 2, 1536, 768, true],
  );
  const track = ac3Track(6, header);
  assert.equal(toHex(track.description), '0600200400');
  assert.equal(track.codecString, 'ec-3');
});

test('what is no AC-3 header', () => {
  for (const hex of [
    '0b77fe95144043',
    '0b78fe95144043e1',
    '0b77fe95d44043e1',
    '0b77fe9526fffff1',
    '0b77fe95ff4043e1',
  ]) {
    assert.equal(parseAc3Header(fromHex(hex), 0), undefined, hex);
  }
});

test('FLAC: metadata blocks become dfLa', () => {
  const dfLa = '00000000800000221200120000043e00051d0bb802f000017700e0cb469356ac5f26bec3e2d9ed9184c1';
  const blocks = fromHex(dfLa.slice(8));
  const track = flacTrack(1, blocks)!;
  assert.deepEqual([track.sampleRate, track.channels, track.codecString], [48_000, 2, 'flac']);
  assert.equal(toHex(track.description), dfLa);
  assert.deepEqual(flacTrack(1, new Uint8Array([...utf8('fLaC'), ...blocks])), track);
  assert.deepEqual(flacTrack(1, blocks.subarray(4)), track);
  for (let size = 0; size < 34; size++) assert.equal(flacTrack(1, blocks.slice(0, size)), undefined);
});

test('FLAC: samples in a frame', () => {
  assert.equal(flacFrameSamples(fromHex('fff85a8800374e00')), 4608);
  assert.equal(flacFrameSamples(fromHex('fff8c98800374e00')), 4096);
  assert.equal(flacFrameSamples(fromHex('fff86a8800 63 0000')), 100);
  assert.equal(flacFrameSamples(fromHex('fff87a88c280 04af 0000')), 1200);
  assert.equal(flacFrameSamples(fromHex('fff80a8800374e00')), 0);
});

test('noise never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 48 }), noise => {
      const bytes = new Uint8Array(noise);
      opusPacketSamples(bytes);
      flacFrameSamples(new Uint8Array([0xff, 0xf8, ...noise]));
      parseMpegAudioHeader(new Uint8Array([0xff, 0xfb, ...noise]), 0);
      parseAc3Header(new Uint8Array([0x0b, 0x77, ...noise]), 0);
      opusTrack(0, new Uint8Array([...utf8('OpusHead'), ...noise]));
      flacTrack(0, new Uint8Array([...utf8('fLaC'), ...noise]));
    }),
  );
});
