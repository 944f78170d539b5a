// The demuxer on streams made by hand: tracks, units, times, changes, damage, gaps, splits.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Bytes, concat, equalBytes, toHex } from '../../../../../core/bytes.ts';
import { FlvDemuxer } from '../../../../../core/media/flv/flv-demuxer.ts';
import { writeFileHeader, writeTag } from '../../../../../core/media/flv/flv-tag.ts';
import type { AccessUnit, DemuxEvent, MediaTrack } from '../../../../../core/media/track.ts';
import {
  AUDIO_CONFIG,
  AVC_C,
  aacBody,
  ascii,
  avcBody,
  hex,
  makeFlv,
  nal,
  noise,
  ON_METADATA,
  PPS,
  SPS,
  split,
} from './flv-fixtures.ts';

function demux(...parts: Bytes[]): DemuxEvent[] {
  const demuxer = new FlvDemuxer();
  const events = parts.flatMap(part => demuxer.push(part));
  return [...events, ...demuxer.flush()];
}

function units(events: readonly DemuxEvent[]): AccessUnit[] {
  return events.flatMap(event => (event.type === 'unit' ? [event.unit] : []));
}

function tracks(events: readonly DemuxEvent[]): MediaTrack[] {
  return events.flatMap(event => (event.type === 'track' ? [event.track] : []));
}

function damage(events: readonly DemuxEvent[]): string[] {
  return events.flatMap(event => (event.type === 'damage' ? [event.reason] : []));
}

const HEADER = writeFileHeader(true, true);
const VIDEO_CONFIG = writeTag('video', 0, avcBody(true, 0, 0, AVC_C));
const video = (timestamp: number, key: boolean, data: Bytes, composition = 0) =>
  writeTag('video', timestamp, avcBody(key, 1, composition, data));
const IDR = nal(0x65, noise(60, 1));
const SLICE = nal(0x41, noise(40, 2));

// The same record with another level: another configuration.
const OTHER_AVC_C = Uint8Array.from(AVC_C);
OTHER_AVC_C[3] = 12;
OTHER_AVC_C[11] = 12;

describe('FlvDemuxer', () => {
  it('gives metadata, tracks and units in order', () => {
    const flv = makeFlv({ frames: 3 });
    const events = demux(flv.bytes);
    assert.deepEqual(
      events.slice(0, 3).map(event => (event.type === 'track' ? event.track.codecString : event)),
      [{ type: 'metadata', name: 'onMetaData', value: { width: 160 }, pts: 0 }, 'avc1.f4000b', 'mp4a.40.2'],
    );
    const [first, sound, second] = units(events);
    assert.deepEqual([first?.track, first?.dts, first?.pts, first?.key, first?.samples], [1, 0, 0, true, 0]);
    assert.deepEqual([sound?.track, sound?.dts, sound?.key, sound?.samples], [2, 270, true, 1024]);
    assert.deepEqual([second?.dts, second?.pts, second?.key], [3600, 7200, false]);
    assert.equal(first?.data.buffer, flv.bytes.buffer, 'not copied');
    assert.deepEqual(damage(events), []);
  });

  it('gives the same events for any split', () => {
    const flv = concat([makeFlv({ frames: 12 }).bytes, noise(20, 4), makeFlv({ frames: 12, start: 9000 }).bytes]);
    const expected = demux(flv);
    assert.ok(units(expected).length > 40);
    fc.assert(
      fc.property(fc.array(fc.nat(flv.length), { maxLength: 30 }), places => {
        assert.deepEqual(demux(...split(flv, places)), expected);
      }),
      { numRuns: 100 },
    );
  });

  it('survives a cut at any byte, and never gives a damaged unit', () => {
    const flv = makeFlv({ frames: 4, frameSize: 50 }).bytes;
    const all = units(demux(flv)).map(unit => toHex(unit.data));
    for (let size = 12; size < flv.length; size++) {
      const some = units(demux(flv.subarray(0, size))).map(unit => toHex(unit.data));
      assert.deepEqual(some, all.slice(0, some.length));
    }
  });

  it('never throws on flipped bytes', () => {
    const flv = makeFlv({ frames: 6, frameSize: 50 }).bytes;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(flv.length - 1), fc.nat(255)), { maxLength: 10 }), flips => {
        const bytes = flv.slice();
        for (const [at, value] of flips) if (at > 12) bytes[at] = value;
        for (const unit of units(demux(bytes))) assert.ok(unit.pts >= unit.dts && unit.data.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('passes over repeated sequence headers, whatever their time, and tells changed ones', () => {
    const changed = writeTag('video', 0, avcBody(true, 0, 0, OTHER_AVC_C));
    const events = demux(
      HEADER,
      VIDEO_CONFIG,
      video(5000, true, IDR),
      VIDEO_CONFIG,
      video(5040, false, SLICE),
      changed,
      video(5080, false, SLICE),
      video(5120, true, IDR),
    );
    assert.deepEqual(
      tracks(events).map(track => track.codecString),
      ['avc1.f4000b', 'avc1.f4000c'],
    );
    assert.deepEqual(
      units(events).map(unit => unit.dts / 90),
      [5000, 5040, 5120],
    );
  });

  it('unwraps timestamps, near the reference after a reset', () => {
    const frames = [0xffff_ffd8, 0, 40].map((timestamp, i) => video(timestamp, i === 0, i === 0 ? IDR : SLICE));
    const period = 2 ** 32;
    const bytes = concat([HEADER, VIDEO_CONFIG, ...frames]);
    assert.deepEqual(
      units(demux(bytes)).map(unit => unit.dts / 90),
      [period - 40, period, period + 40],
    );
    const demuxer = new FlvDemuxer();
    demuxer.reset(3 * period * 90);
    assert.deepEqual(
      units(demuxer.push(bytes)).map(unit => unit.dts / 90),
      [3 * period - 40, 3 * period, 3 * period + 40],
    );
  });

  it('keeps pts at or after dts by moving the decode time down first', () => {
    const events = demux(
      HEADER,
      VIDEO_CONFIG,
      video(100, true, IDR, -40),
      video(140, false, SLICE, -90),
      video(180, false, SLICE, 40),
    );
    assert.deepEqual(
      units(events).map(({ dts, pts }) => [dts / 90, pts / 90]),
      [
        [60, 60],
        [60, 60],
        [180, 220],
      ],
    );
  });

  it('drops the partial tag and video up to the next key frame after a gap, audio goes on', () => {
    const flv = makeFlv({ frames: 12, keyInterval: 5 });
    const demuxer = new FlvDemuxer();
    const frames = flv.tags.filter(tag => !tag.config && tag.kind !== 'script');
    demuxer.push(flv.bytes.subarray(0, frames[4]!.offset + 20));
    assert.deepEqual(damage(demuxer.gap()), ['a gap in the middle of a tag']);
    const after = units(demuxer.push(concat(frames.slice(5).map(tag => tag.bytes))));
    const expected = frames.slice(5).filter(tag => tag.kind === 'audio' || tag.timestamp >= 200);
    assert.deepEqual(
      after.map(unit => [unit.track === 1 ? 'video' : 'audio', unit.dts / 90]),
      expected.map(tag => [tag.kind, tag.timestamp]),
    );
  });

  it('takes out AUDs and known parameter sets, without a copy when they come first', () => {
    const aud = nal(9, hex('f0'));
    const sps = concat([hex('0000001a'), SPS]);
    const pps = concat([hex('00000005'), PPS]);
    const front = video(0, true, concat([aud, sps, pps, IDR]));
    const middle = video(40, false, concat([SLICE, aud, SLICE]));
    const events = demux(HEADER, VIDEO_CONFIG, front, middle);
    const [first, second] = units(events);
    assert.ok(equalBytes(first!.data, IDR) && first!.data.buffer === front.buffer);
    assert.ok(equalBytes(second!.data, concat([SLICE, SLICE])));
    assert.equal(tracks(events).length, 1);
  });

  it('makes a new track of changed parameter sets in the band', () => {
    const changed = Uint8Array.from(SPS);
    changed[3] = 12;
    const events = demux(
      HEADER,
      VIDEO_CONFIG,
      video(0, true, IDR),
      video(40, true, concat([hex('0000001a'), changed, hex('00000005'), PPS, IDR])),
    );
    assert.deepEqual(
      tracks(events).map(track => track.codecString),
      ['avc1.f4000b', 'avc1.f4000c'],
    );
    assert.ok(units(events).every(unit => equalBytes(unit.data, IDR)));
  });

  it('turns other length sizes into 4 bytes', () => {
    for (const size of [1, 2, 3]) {
      const record = Uint8Array.from(AVC_C);
      record[4] = 0xfc | (size - 1);
      const data = concat([nal(0x65, noise(60, 1), size), nal(0x65, noise(9, 2), size)]);
      const events = demux(HEADER, writeTag('video', 0, avcBody(true, 0, 0, record)), video(0, true, data));
      assert.ok(equalBytes(units(events)[0]!.data, concat([IDR, nal(0x65, noise(9, 2))])));
      assert.equal(tracks(events)[0]!.description[4], 0xff);
    }
  });

  it('drops a picture whose lengths run past its end, and waits for the next key frame', () => {
    const broken = video(40, false, SLICE.subarray(0, 30));
    const events = demux(
      HEADER,
      VIDEO_CONFIG,
      video(0, true, IDR),
      broken,
      video(80, false, SLICE),
      video(120, true, IDR),
    );
    assert.deepEqual(damage(events), ['a NAL unit runs past the end of its tag']);
    assert.deepEqual(
      units(events).map(unit => unit.dts / 90),
      [0, 120],
    );
  });

  it('drops frames without their sequence header', () => {
    const events = demux(
      HEADER,
      video(0, true, IDR),
      writeTag('audio', 3, aacBody(1, noise(20, 1))),
      VIDEO_CONFIG,
      video(40, true, IDR),
    );
    assert.deepEqual(damage(events), ['video without a sequence header', 'audio without a sequence header']);
    assert.deepEqual(
      units(events).map(unit => unit.dts / 90),
      [40],
    );
  });

  it('names what it does not support, once', () => {
    const tags = [
      writeTag('video', 0, hex('12 0102')),
      writeTag('video', 40, hex('22 0102')),
      writeTag('audio', 0, hex('b2 0102')),
      writeTag('audio', 20, hex('b2 0102')),
      writeTag('video', 80, concat([hex('90'), ascii('vvc1'), hex('01')])),
    ];
    assert.deepEqual(demux(HEADER, ...tags), [
      { type: 'unsupported-codec', kind: 'video', codec: 'Sorenson H.263' },
      { type: 'unsupported-codec', kind: 'audio', codec: 'Speex' },
      { type: 'unsupported-codec', kind: 'video', codec: 'VVC' },
    ]);
  });

  it('splits MP3 frames of one tag, and follows a change of rate', () => {
    const frame = (third: number) => {
      const bytes = noise(third === 0x90 ? 417 : 384, 3);
      bytes.set([0xff, 0xfb, third, 0xc4]);
      return bytes;
    };
    const tag = (time: number, ...frames: Bytes[]) => writeTag('audio', time, concat([hex('2f'), ...frames]));
    const events = demux(HEADER, tag(0, frame(0x90), frame(0x90)), tag(52, frame(0x94)));
    assert.deepEqual(
      tracks(events).map(track => track.kind === 'audio' && [track.codec, track.sampleRate, track.channels]),
      [
        ['mp3', 44_100, 1],
        ['mp3', 48_000, 1],
      ],
    );
    assert.deepEqual(
      units(events).map(unit => [unit.dts, unit.samples, unit.data.length]),
      [
        [0, 1152, 417],
        [2351, 1152, 417],
        [4680, 1152, 384],
      ],
    );
  });

  it('takes track 0 of a multitrack tag and nanoseconds of ModEx', () => {
    const config = concat([hex('96 00'), ascii('avc1'), hex('00'), AVC_C]);
    const other = concat([hex('96 00'), ascii('avc1'), hex('01'), OTHER_AVC_C]);
    const size = hex(IDR.length.toString(16).padStart(6, '0'));
    const many = concat([hex('97 02 0f423f 06 13'), ascii('avc1'), hex('00'), size, IDR, hex('01'), size, IDR]);
    const events = demux(
      HEADER,
      writeTag('video', 0, config),
      writeTag('video', 0, other),
      writeTag('video', 10, many),
    );
    assert.equal(tracks(events).length, 1);
    assert.deepEqual(
      units(events).map(unit => [unit.dts, toHex(unit.data)]),
      [[990, toHex(IDR)]],
    );
  });

  it('tells malformed script data, and unwraps @setDataFrame', () => {
    const wrapped = concat([hex('02 000d'), ascii('@setDataFrame'), ON_METADATA]);
    const events = demux(HEADER, writeTag('script', 7, hex('02 00ff 41')), writeTag('script', 10, wrapped));
    assert.deepEqual(damage(events), ['malformed script data']);
    assert.deepEqual(events.at(-1), { type: 'metadata', name: 'onMetaData', value: { width: 160 }, pts: 900 });
  });

  it('makes AAC tracks anew when the configuration changes', () => {
    const config = (bytes: Bytes) => writeTag('audio', 0, aacBody(0, bytes));
    const events = demux(HEADER, config(AUDIO_CONFIG), config(AUDIO_CONFIG), config(hex('1190')), config(hex('ffff')));
    assert.deepEqual(
      tracks(events).map(track => track.kind === 'audio' && track.sampleRate),
      [44_100, 48_000],
    );
    assert.deepEqual(damage(events), ['malformed mp4a sequence header']);
  });
});
