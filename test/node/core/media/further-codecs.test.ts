// What a page's transmuxers do before and after the codecs that few streams have are loaded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, concat, NO_BYTES } from '../../../../core/bytes.ts';
import { createTransmuxer } from '../../../../core/media/create-transmuxer.ts';
import { FlvChunker } from '../../../../core/media/flv/flv-chunker.ts';
import * as flv from '../../../../core/media/flv/flv-transmuxer.ts';
import { TsChunker } from '../../../../core/media/mpeg-ts/ts-chunker.ts';
import * as ts from '../../../../core/media/mpeg-ts/ts-transmuxer.ts';
import type { TransmuxEvent } from '../../../../core/media/transmuxer.ts';
import { h264, hevc, MPEG_TS, make, picture, readFixture, tone } from '../../../support/ffmpeg-fixtures.ts';
import { flvHeader, flvTags } from '../../../support/flv-muxer.ts';
import { readTracks } from '../../../support/mp4-boxes.ts';

const seconds = 1;
const input = [...picture({ size: '96x64', seconds }), ...tone({ rate: 48_000, seconds })];
const enhanced = (mp4: string): Bytes =>
  concat([flvHeader(), ...flvTags(readTracks(readFixture(mp4)), { enhanced: true })]);

const CONTAINERS = {
  flv: {
    reader: flv,
    chunker: () => new FlvChunker(),
    plain: () => readFixture(make('basic.flv', input, h264(), ['-c:a', 'aac'])),
    mp3: () => readFixture(make('basic-mp3.flv', input, h264(), ['-ar', '44100', '-c:a', 'libmp3lame'])),
    further: () => enhanced(make('further.mp4', input, hevc(), ['-c:a', 'libopus'])),
  },
  ts: {
    reader: ts,
    chunker: () => new TsChunker(),
    plain: () => readFixture(make('basic.m2ts', input, h264(), ['-c:a', 'aac'], MPEG_TS)),
    mp3: undefined,
    further: () => readFixture(make('further.m2ts', input, hevc(), ['-c:a', 'libopus'], MPEG_TS)),
  },
};

const summary = (events: readonly TransmuxEvent[]) =>
  events.map(event =>
    'bytes' in event && typeof event.bytes === 'object' ? { ...event, bytes: [...event.bytes] } : event,
  );

for (const [container, { reader, chunker, plain, mp3, further }] of Object.entries(CONTAINERS)) {
  const read = (create: typeof reader.createTransmuxer, bytes: Bytes): TransmuxEvent[] => {
    const machine = create({ origin: 0 });
    const init = { container: container === 'flv' ? 'flv' : 'ts', timestampOffset: 0, bytes: NO_BYTES } as const;
    return [...machine.start(init), ...machine.push(bytes), ...machine.flush()];
  };
  const whole: typeof reader.createTransmuxer = options =>
    createTransmuxer(container === 'flv' ? 'flv' : 'ts', options);
  const initOf = (bytes: Bytes): Bytes => {
    const [init] = chunker()
      .push(bytes, 0)
      .flatMap(event => (event.type === 'init' ? [event.bytes] : []));
    assert.ok(init);
    return init;
  };

  // One after the other: what is loaded stays.
  test(`${container}: what most streams have is read at once, and an init tells what is to be loaded`, async () => {
    for (const bytes of [plain(), mp3?.()]) {
      if (!bytes) continue;
      assert.equal(reader.lacksCodecs(initOf(bytes)), false);
      assert.deepEqual(summary(read(reader.createTransmuxer, bytes)), summary(read(whole, bytes)));
    }
    const bytes = further();
    assert.equal(reader.lacksCodecs(initOf(bytes)), true);
    const told = read(reader.createTransmuxer, bytes).map(
      event => `${event.type}${'codec' in event ? event.kind : ''}`,
    );
    assert.deepEqual(told.sort(), ['unknown-codecaudio', 'unknown-codecvideo'], 'each told once, nothing else');
    const early = reader.createTransmuxer({ origin: 0 });
    await reader.loadCodecs();
    assert.equal(reader.lacksCodecs(initOf(bytes)), false);
    const expected = summary(read(whole, bytes));
    assert.ok(expected.some(({ type }) => type === 'fragment'));
    assert.deepEqual(summary(read(reader.createTransmuxer, bytes)), expected);
    assert.deepEqual(summary(read(() => early, bytes)), expected, 'one made before has learnt them, too');
  });
}

test('what is not the container is refused as a transmuxer refuses it', () => {
  assert.throws(() => flv.lacksCodecs(new Uint8Array(64).fill(7)), { name: 'NotThisMedia' });
});
