// A finished recording as HLS: every picture and every sound of it, made piece by piece, as ffmpeg plays it.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fixturePath, frameHashes, readFixture, writeFixture } from '../../../support/ffmpeg-fixtures.ts';
import { until } from '../../../support/until.ts';
import { publisherOf, Source, send } from './broadcast.ts';
import { bytesOf, FLV, fault, TS } from './outputs-stage.ts';
import { type Recorder, record, recorder } from './recorder.ts';

/** Puts a playlist and all that it names where ffmpeg finds it. */
async function fetchAll({ get }: Recorder, id: string, name: string): Promise<{ path: string; text: string }> {
  const response = await get(`/recordings/${id}.m3u8?token=a+key`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  const text = await response.text();
  for (const [, segment, init] of text.matchAll(/^([^#].*)$|URI="(.*?)"/gm)) {
    const address = segment ?? init ?? '';
    assert.match(address, /\?token=a\+key$/);
    const part = await get(`/recordings/lecture/${address}`);
    assert.equal(part.status, 200, address);
    const path = `${name}/${address.replace(/\?.*/, '')}`;
    mkdirSync(dirname(fixturePath(path)), { recursive: true });
    writeFixture(path, await bytesOf(part));
  }
  const plain = new TextEncoder().encode(text.replaceAll('?token=a+key', ''));
  return { path: writeFixture(`${name}/index.m3u8`, plain), text };
}

for (const container of ['flv', 'ts'] as const) {
  test(`${container}: ffmpeg finds every picture and every sound in it, in time`, async () => {
    const at = await recorder();
    const id = await record(at, container, 1);
    const { path, text } = await fetchAll(at, id, `recorded-${container}`);
    assert.match(text, /PLAYLIST-TYPE:VOD$/m);
    assert.match(text, /ENDLIST\n$/);
    assert.equal(text.match(/\.m4s/g)?.length, 4);
    assert.equal(text.match(/#EXT-X-MAP/g)?.length, 1);
    assert.doesNotMatch(text, /DISCONTINUITY$/m);
    const whole = container === 'flv' ? FLV : TS;
    for (const kind of ['video', 'audio'] as const) {
      const played = frameHashes(path, kind, { strict: kind === 'video' });
      const original = frameHashes(whole, kind);
      assert.deepEqual(
        played.frames.map(({ hash }) => hash),
        original.frames.map(({ hash }) => hash),
        kind,
      );
      const shift = played.frames[0]!.pts - original.frames[0]!.pts;
      for (const [i, { pts }] of played.frames.entries()) {
        assert.ok(Math.abs(pts - shift - original.frames[i]!.pts) < 0.002, `${kind} ${i}: ${pts}`);
      }
    }
  });
}

test('where the publisher began anew the playlist says so, and all of both is there', async () => {
  const at = await recorder();
  const id = await record(at, 'flv', 2);
  const { path, text } = await fetchAll(at, id, 'recorded-twice');
  assert.equal(text.match(/#EXT-X-MAP/g)?.length, 2);
  assert.equal(text.match(/#EXT-X-DISCONTINUITY$/gm)?.length, 1);
  const hashes = frameHashes(FLV, 'video').frames.map(({ hash }) => hash);
  assert.deepEqual(
    frameHashes(path, 'video').frames.map(({ hash }) => hash),
    [...hashes, ...hashes],
  );
});

test('what is not there is told: another segment, one that runs, a relay for its own player only', async () => {
  const at = await recorder();
  const id = await record(at, 'flv', 1);
  for (const file of ['99.m4s', 'init-99.mp4']) {
    assert.deepEqual(await fault(await at.get(`/recordings/${id}/${file}`)), [
      ...[404, 'no-segment', `it is not in ${id}.m3u8`],
    ]);
  }
  const channel = at.stage.channels.get('runs');
  channel.open(publisherOf(1));
  send(channel, new Source('flv').file(readFixture(FLV), 8_000));
  await until(() => at.recordings.list('runs').length === 1, 'it is being recorded');
  const running = await at.get(`/recordings/${at.recordings.list('runs')[0]!.id}.m3u8`);
  assert.equal((await fault(running))[1], 'running');
  const without = await recorder(false);
  const own = await record(without, 'flv', 1);
  assert.equal((await fault(await without.get(`/recordings/${own}.m3u8`)))[1], 'no-outputs');
});
