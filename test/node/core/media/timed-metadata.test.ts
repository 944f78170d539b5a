import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, concat } from '../../../../core/bytes.ts';
import type { Chunker, ChunkerEvent } from '../../../../core/media/chunker.ts';
import { FlvChunker } from '../../../../core/media/flv/flv-chunker.ts';
import { FlvDemuxer } from '../../../../core/media/flv/flv-demuxer.ts';
import { TsChunker } from '../../../../core/media/mpeg-ts/ts-chunker.ts';
import { TsDemuxer } from '../../../../core/media/mpeg-ts/ts-demuxer.ts';
import { type TransmuxEvent, Transmuxer } from '../../../../core/media/transmuxer.ts';
import { flvHeader, flvTag, flvTags } from '../../../support/flv-muxer.ts';
import { fromHex } from '../../../support/from-hex.ts';
import { cuePoint, id3Tag, withScripts } from '../../../support/marked-media.ts';
import type { FileTrack } from '../../../support/mp4-boxes.ts';
import { muxAvc } from '../../../support/ts-muxer.ts';

const AVCC = fromHex('01640014ffe1001967640014acd94141fb0110000003001000000303c0f142996001000468efbcb0fdf8f800');
/** Ticks of the first picture in the source. */
const OFFSET = 9_000_000;

/** Four seconds of 25 pictures each, a key picture a second. */
function video(): FileTrack {
  const samples = Array.from({ length: 100 }, (_, i) => {
    const key = i % 25 === 0;
    const data = new Uint8Array([0, 0, 0, 6, key ? 0x65 : 0x41, 0x88, 0x80, i >> 8, i & 255, 0x80]);
    return { data, dts: i * 40, pts: i * 40, key };
  });
  return { handler: 'vide', timescale: 1_000, entry: 'avc1', config: [{ type: 'avcC', payload: AVCC }], samples };
}

/** The way from the source to the page: in chunks, from the second group on, as for a viewer who comes later. */
function carried(chunker: Chunker, source: Bytes): TransmuxEvent[] {
  const events: ChunkerEvent[] = [];
  for (let at = 0; at < source.length; at += 1_000)
    events.push(...chunker.push(source.subarray(at, at + 1_000), at / 10));
  events.push(...chunker.flush(source.length));
  const init = events.find(event => event.type === 'init');
  assert.ok(init);
  const cuts = events.flatMap(event => (event.type === 'cut' ? [event.cut] : []));
  const second = cuts.findIndex((cut, i) => i > 0 && cut.startsGroup);
  assert.ok(second > 0);
  const { container } = chunker;
  const demuxer = container === 'flv' ? new FlvDemuxer() : new TsDemuxer();
  const machine = new Transmuxer(demuxer, { origin: cuts[second]!.dts });
  const started = machine.start({ container, timestampOffset: 0, bytes: init.bytes }, cuts[second]!.dts);
  return [...started, ...cuts.slice(second).flatMap(({ payload }) => machine.push(payload)), ...machine.flush()];
}

/** Names, values and times in seconds after the second group's first picture. */
function told(events: readonly TransmuxEvent[]): [string, unknown, number][] {
  assert.deepEqual(
    events.filter(({ type }) => type === 'damage'),
    [],
  );
  return events.flatMap(event => (event.type === 'metadata' ? [[event.name, event.value, event.time]] : []));
}

test('FLV: onCuePoint comes with the time of its tag', () => {
  const flv = concat([flvHeader(), ...flvTags([video()])]);
  const scripts = [0.3, 1.2, 2.56].map(at => ({ at: at * 1_000, body: cuePoint(`at ${at}`) }));
  assert.deepEqual(told(carried(new FlvChunker(), withScripts(flv, scripts))), [
    ['onCuePoint', { type: 'event', name: 'at 1.2' }, 0.2],
    ['onCuePoint', { type: 'event', name: 'at 2.56' }, 1.56],
  ]);
});

test('FLV: who comes later is told onMetaData, too', () => {
  // An object without properties.
  const script = flvTag(18, 0, fromHex('02000a6f6e4d65746144617461 03 000009'));
  const [first, ...rest] = told(carried(new FlvChunker(), concat([flvHeader(), script, ...flvTags([video()])])));
  assert.deepEqual(first, ['onMetaData', {}, -1]);
  assert.deepEqual(rest, []);
});

test('TS: a timed ID3 tag comes whole, with the time of its packet, however long it is', () => {
  const long = id3Tag('x'.repeat(500));
  const id3 = [
    { at: 0.3, tag: id3Tag('early') },
    { at: 1.2, tag: id3Tag('short') },
    { at: 2.56, tag: long },
  ];
  const events = carried(new TsChunker(), muxAvc(video(), { offset: OFFSET, id3 }));
  assert.deepEqual(told(events), [
    ['ID3', id3Tag('short'), 0.2],
    ['ID3', long, 1.56],
  ]);
});

test('TS: time stamps of tags roll over with those of the pictures', () => {
  const offset = 2 ** 33 - 135_000;
  const id3 = [{ at: 2, tag: id3Tag('beyond') }];
  const events = carried(new TsChunker(), muxAvc(video(), { offset, id3 }));
  assert.deepEqual(told(events), [['ID3', id3Tag('beyond'), 1]]);
});
