// The outputs over HTTP: what a player gets, and what it is told where there is nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat } from '../../../../core/bytes.ts';
import type { AccessAnswer } from '../../../../relay/access/access-answer.ts';
import { frameHashes, readFixture, writeFixture } from '../../../support/ffmpeg-fixtures.ts';
import { until } from '../../../support/until.ts';
import { publisherOf, Source, send } from './broadcast.ts';
import { bytesOf, FLV, fault, onAir, payloads, stage, TS } from './outputs-stage.ts';

for (const container of ['flv', 'ts'] as const) {
  const path = container === 'flv' ? FLV : TS;
  const type = container === 'flv' ? 'video/x-flv' : 'video/mp2t';

  test(`${container}: a player gets the stream's own bytes from the newest group on, until it ends`, async () => {
    const at = stage();
    const { channel, rest, sent, starts } = onAir(at, container, 3);
    const response = await at.get(`/live/lecture.${container}`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), type);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.equal(channel.viewers.size, 1);
    send(channel, rest);
    channel.close(channel.publisher!, 'ended'); // it is on air
    const bytes = await bytesOf(response);
    assert.equal(channel.viewers.size, 0);
    const media = payloads(sent.slice(starts[2]));
    assert.deepEqual(bytes.subarray(-media.length), media);
    assert.ok(bytes.length - media.length < 2_000, 'and an init before');
    assert.ok(channel.bytesOut > media.length);
    const played = frameHashes(writeFixture(`played.${container}`, bytes), 'video', { strict: true });
    const whole = frameHashes(path, 'video').frames.map(({ hash }) => hash);
    assert.deepEqual(
      played.frames.map(({ hash }) => hash),
      whole.slice(50),
    );
  });

  test(`${container}: HLS has the newest segments at once, the next when they are whole, and an end`, async () => {
    const at = stage();
    const { channel, rest } = onAir(at, container, 5);
    const first = await (await at.get('/hls/lecture/index.m3u8')).text();
    assert.equal(first.match(/\.m4s$/gm)?.length, 2);
    assert.doesNotMatch(first, /ENDLIST|DISCONTINUITY$/m);
    send(channel, rest);
    at.stage.settle();
    channel.close(channel.publisher!, 'ended'); // it is on air
    const response = await at.get('/hls/lecture/index.m3u8');
    assert.equal(response.headers.get('content-type'), 'application/vnd.apple.mpegurl');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const text = await response.text();
    assert.match(text, /ENDLIST\n$/);
    assert.equal(/SEQUENCE:(\d+)/.exec(text)?.[1], /SEQUENCE:(\d+)/.exec(first)?.[1], 'numbers stay');
    const names = text.match(/[\w-]+\.(mp4|m4s)/g) ?? [];
    assert.equal(names.length, 1 + 4);
    const parts = await Promise.all(names.map(async name => bytesOf(await at.get(`/hls/lecture/${name}`))));
    const played = frameHashes(writeFixture(`hls-${container}.mp4`, concat(parts)), 'video', { strict: true });
    const whole = frameHashes(path, 'video').frames.map(({ hash }) => hash);
    assert.deepEqual(
      played.frames.map(({ hash }) => hash),
      whole,
    );
  });
}

for (const container of ['flv', 'ts'] as const) {
  test(`${container}: a source that begins anew goes on in the same stream, in the same time`, async () => {
    const at = stage();
    const channel = at.stage.channels.get('lecture');
    channel.open(publisherOf(1));
    const source = new Source(container);
    const file = readFixture(container === 'flv' ? FLV : TS);
    const answer = at.get(`/live/lecture.${container}`);
    await until(() => channel.viewers.size === 1, 'a player waits');
    // Each time from its own 0, as after restarts.
    for (let epoch = 0; epoch < 3; epoch++) send(channel, source.file(file, 8_000));
    const response = await answer;
    channel.close(channel.publisher!, 'ended'); // it is on air
    const path = writeFixture(`epochs.${container}`, await bytesOf(response));
    for (const kind of ['video', 'audio'] as const) {
      const { frames, complaints } = frameHashes(path, kind);
      assert.equal(complaints, '');
      assert.ok(frames.length >= (kind === 'video' ? 600 : 1_020), `${frames.length} of ${kind}`);
      const times = frames.map(({ pts }) => pts);
      assert.ok(
        times.every((time, i) => i === 0 || time > times[i - 1]!),
        `times of ${kind} go on`,
      );
      const lasts = times.at(-1)! - times[0]!;
      assert.ok(lasts > 23 && lasts < 25, `${lasts} s of ${kind}`);
    }
  });
}

test('HEAD tells what GET would, and keeps nothing open', async () => {
  const at = stage();
  const { channel } = onAir(at, 'flv', 8);
  const stream = await at.get('/live/lecture.flv', { method: 'HEAD' });
  assert.deepEqual([stream.status, stream.headers.get('content-type')], [200, 'video/x-flv']);
  assert.equal(channel.viewers.size, 0);
  const playlist = await at.get('/hls/lecture/index.m3u8', { method: 'HEAD' });
  assert.deepEqual([playlist.status, await playlist.text()], [200, '']);
});

test('where there is nothing, a sentence says what there is', async () => {
  const at = stage();
  onAir(at, 'ts', 8);
  assert.deepEqual(await fault(await at.get('/live/lecture.flv')), [
    404,
    'other-container',
    'lecture is on air as TS: /live/lecture.ts',
  ]);
  assert.deepEqual(await fault(await at.get('/live/nobody.flv')), [404, 'not-on-air', 'nobody is not on air']);
  assert.deepEqual(await fault(await at.get('/hls/nobody/index.m3u8')), [404, 'not-on-air', 'nobody is not on air']);
  assert.deepEqual((await fault(await at.get('/live/lecture.mp4'))).slice(0, 2), [404, 'bad-address']);
  assert.deepEqual((await fault(await at.get('/hls/lecture/none'))).slice(0, 2), [404, 'bad-address']);
  assert.deepEqual((await fault(await at.get('/live/%2e%2e%2fx.ts'))).slice(0, 2), [404, 'bad-address']);
  assert.deepEqual((await fault(await at.get('/hls/lecture/1.m4s'))).slice(0, 2), [404, 'gone']);
  assert.equal(at.stage.channels.find('nobody'), undefined);
});

test('whoever may not watch gets neither, and a view ends when its right does', async () => {
  let answer: AccessAnswer = { ok: false, code: 'no-token', reason: 'lecture takes a token' };
  const asked: string[] = [];
  const at = stage({}, async () => {
    asked.push('');
    return answer;
  });
  const { channel } = onAir(at, 'flv', 8);
  for (const path of ['/live/lecture.flv', '/hls/lecture/index.m3u8', '/hls/lecture/1.m4s'])
    assert.deepEqual(await fault(await at.get(path)), [401, 'no-token', 'lecture takes a token']);
  answer = { ok: true, user: undefined, expiresAt: 5_000 };
  const response = await at.get('/live/lecture.flv');
  assert.equal(channel.viewers.size, 1);
  at.stage.now = 5_000;
  await bytesOf(response);
  assert.equal(channel.viewers.size, 0);
  assert.equal(asked.length, 4);
});

test('a token that stands in the address goes on into the playlist', async () => {
  const at = stage();
  onAir(at, 'flv', 8);
  const text = await (await at.get('/hls/lecture/index.m3u8?token=a%26b')).text();
  assert.ok((text.match(/\?token=a%26b/g)?.length ?? 0) >= 4);
});

test('outputs can be switched off, while the relay runs', async () => {
  const at = stage({ outputs: { enabled: false } });
  onAir(at, 'flv', 8);
  assert.equal((await fault(await at.get('/live/lecture.flv')))[1], 'no-outputs');
  assert.equal((await fault(await at.get('/hls/lecture/index.m3u8')))[1], 'no-outputs');
});

test('so many streams at a time', async () => {
  const at = stage({ outputs: { streams: 2 } });
  const { channel } = onAir(at, 'flv', 8);
  const open = [await at.get('/live/lecture.flv'), await at.get('/live/lecture.flv')];
  assert.equal((await fault(await at.get('/live/lecture.flv')))[1], 'too-many');
  await open[0]!.body?.cancel();
  assert.equal(channel.viewers.size, 1);
  assert.equal((await at.get('/live/lecture.flv')).status, 200);
});

test('a relay that drains takes nobody new, and plays on for who is there', async () => {
  let reason: string | undefined;
  const at = stage({}, undefined, () => reason);
  const { channel } = onAir(at, 'flv', 8);
  const response = await at.get('/live/lecture.flv');
  assert.equal((await at.get('/hls/lecture/index.m3u8')).status, 200);
  reason = 'an update';
  assert.equal((await fault(await at.get('/live/lecture.flv')))[1], 'draining');
  assert.equal((await at.get('/hls/lecture/index.m3u8')).status, 200);
  at.close();
  assert.ok((await bytesOf(response)).length > 0);
  assert.equal(channel.viewers.size, 0);
  assert.equal((await fault(await at.get('/hls/lecture/index.m3u8')))[1], 'draining');
});

const ON_DEMAND = { name: 'lecture', source: { url: 'http://camera.test/', when: 'on-demand' as const } };

test('whoever asks for what comes on demand is its viewer, and waits for it', async () => {
  const at = stage({ channels: [ON_DEMAND] });
  const answers = [at.get('/live/lecture.flv'), at.get('/live/lecture.ts'), at.get('/hls/lecture/index.m3u8')];
  await until(() => at.stage.channels.find('lecture')?.viewers.size === 3, 'all three are its viewers');
  onAir(at, 'flv', 8);
  at.stage.settle();
  const [flv, ts, hls] = await Promise.all(answers);
  assert.equal(flv?.status, 200);
  assert.equal((await fault(ts!))[1], 'other-container');
  assert.match(await hls!.text(), /\.m4s$/m);
});

test('what does not come within 10 s is not on air', async () => {
  const at = stage({ channels: [ON_DEMAND] });
  const answers = [at.get('/live/lecture.flv'), at.get('/hls/lecture/index.m3u8')];
  const channel = await new Promise<ReturnType<typeof at.stage.channels.get>>(resolve => {
    const look = () => {
      const found = at.stage.channels.find('lecture');
      if (found?.viewers.size === 2) resolve(found);
      else setImmediate(look);
    };
    look();
  });
  at.stage.now = 10_000;
  for (const answer of answers) assert.equal((await fault(await answer))[1], 'not-on-air');
  at.stage.now = 50_000;
  await until(() => channel.viewers.size === 0, 'nobody watches');
});
