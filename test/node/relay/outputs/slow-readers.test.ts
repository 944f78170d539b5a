// What a slow reader costs, and what it gets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  frameHashes,
  h264,
  MPEG_TS,
  make,
  picture,
  readFixture,
  writeFixture,
} from '../../../support/ffmpeg-fixtures.ts';
import { until } from '../../../support/until.ts';
import { BEGIN, publisherOf, Source, send } from './broadcast.ts';
import { bytesOf, stage } from './outputs-stage.ts';

/** Whether these pictures stand in `all` in this order, and where one is missing so is the rest of its group. */
function leavesOutGroups(pictures: readonly string[], all: readonly string[], perGroup: number): boolean {
  let last = -1;
  return pictures.every(hash => {
    const at = all.indexOf(hash, last + 1);
    const isWhole = at === last + 1 || (at % perGroup === 0 && (last + 1) % perGroup === 0);
    last = at;
    return at >= 0 && isWhole;
  });
}

for (const container of ['flv', 'ts'] as const) {
  test(`${container}: a reader that stops holds little, and when it reads on it misses whole groups`, async () => {
    const at = stage();
    const long = make(
      container === 'flv' ? 'long.flv' : 'long.m2ts',
      picture({ seconds: 40, size: '640x360' }),
      h264(),
      container === 'flv' ? [] : MPEG_TS,
    );
    const channel = at.stage.channels.get('lecture');
    channel.open(publisherOf(1));
    const sent = new Source(container).file(readFixture(long), 40_000);
    const half = sent.slice(0, 20);
    send(channel, half);
    const response = await at.get(`/live/lecture.${container}`);
    const before = channel.bytesOut;
    for (const one of sent.slice(20)) {
      if ('chunk' in one) at.stage.now = one.chunk.header.capturedAt - BEGIN;
      send(channel, [one]);
      at.stage.settle();
    }
    assert.ok(channel.bytesIn > 3_000_000, `${channel.bytesIn} bytes came`);
    assert.ok(channel.bytesOut - before < 400_000, `${channel.bytesOut - before} bytes wait`);
    channel.close(channel.publisher!, 'ended'); // it is on air
    const bytes = await bytesOf(response);
    const played = frameHashes(writeFixture(`slow.${container}`, bytes), 'video', { strict: true });
    const pictures = played.frames.map(({ hash }) => hash);
    const all = frameHashes(long, 'video').frames.map(({ hash }) => hash);
    assert.ok(pictures.length < all.length / 2, `${pictures.length} pictures of ${all.length}`);
    assert.equal(pictures.at(-1), all.at(-1));
    assert.ok(leavesOutGroups(pictures, all, 25));
  });
}

test('a reader that reads nothing for 30 s is let go, one that waits for more is not', async () => {
  const at = stage();
  const channel = at.stage.channels.get('lecture');
  channel.open(publisherOf(1));
  const source = new Source('flv');
  const long = readFixture(make('longer.flv', picture({ seconds: 20, size: '640x360' }), h264()));
  send(channel, source.file(long).slice(0, 8));
  const [waits, stops] = [await at.get('/live/lecture.flv'), await at.get('/live/lecture.flv')];
  const all = bytesOf(waits);
  send(channel, source.file(long));
  at.stage.settle();
  await until(() => channel.bytesOut > channel.bytesIn, 'one has read all of it');
  at.stage.now = 31_000;
  await until(() => at.outputs.streams === 1, 'one is let go');
  assert.ok((await bytesOf(stops)).length < 400_000);
  at.close();
  assert.ok((await all).length > 1_000_000);
});
