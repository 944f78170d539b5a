// The whole way with real parts: encoder → source → ingester → relay (HTTP/3 on Deno) → `<p2p-live>` in Chromium.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testPictureArguments } from '../../demo/test-picture.ts';
import { httpProxy } from '../support/http-proxy.ts';
import { growingFile, hlsSource, httpSource, type LiveSource, TEST_PICTURE } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

let stack: Stack;
before(async () => {
  stack = await startStack();
});
after(() => stack.stop());

const sources: { name: string; open: () => Promise<LiveSource> | LiveSource; maxLatencyMs: number }[] = [
  { name: 'http-flv', open: () => httpSource('flv'), maxLatencyMs: 2_000 },
  { name: 'http-ts', open: () => httpSource('mpegts'), maxLatencyMs: 2_500 },
  { name: 'growing-flv', open: () => growingFile('flv'), maxLatencyMs: 3_000 },
  { name: 'growing-ts', open: () => growingFile('mpegts'), maxLatencyMs: 4_000 },
  { name: 'live-m3u8', open: () => hlsSource(), maxLatencyMs: 8_000 },
];

for (const { name, open, maxLatencyMs } of sources) {
  test(`${name}: plays over HTTP/3 WebTransport, with picture and sound, close to live`, async t => {
    const source = await open();
    const ingest = stack.ingest(source.source, name);
    let viewer: Viewer | undefined;
    try {
      await ingest.says(/published|publishing/i, 30_000);
      viewer = await Viewer.open(stack.page(name));
      await viewer.playsOverWebTransport();
      const sight = await viewer.plays(75);
      const latency = await viewer.medianPictureLatency();
      t.diagnostic(
        `${name}: ${latency} ms glass to glass; the element says ${Math.round(Number(sight.stats.latency) * 1000)} ms`,
      );
      assert.equal(sight.stats.transport, 'webtransport');
      assert.equal(sight.stats.inWorker, true);
      assert.equal(sight.stats.rejectedChunks, 0);
      assert.equal(sight.error, null);
      assert.ok(latency < maxLatencyMs, `${latency} ms`);
      assert.deepEqual(viewer.tab.complaints, []);
      await viewer.screenshot(`live-${name}`);
    } finally {
      await viewer?.close();
      await ingest.stop();
      await source.kill();
    }
  });
}

test('the same over WebSocket where WebTransport is blocked: behind a proxy that lets only TCP through', async t => {
  const proxy = await httpProxy();
  const source = await httpSource('flv');
  const ingest = stack.ingest(source.source, 'blocked');
  let viewer: Viewer | undefined;
  try {
    await ingest.says(/published|publishing/i);
    viewer = await Viewer.open(stack.page('blocked'), proxy.flags);
    const sight = await viewer.plays(75);
    const latency = await viewer.medianPictureLatency();
    t.diagnostic(`websocket: ${latency} ms glass to glass`);
    assert.equal(sight.stats.transport, 'websocket');
    assert.ok(proxy.count() > 0, 'the browser goes through the proxy');
    assert.ok(latency < 2_000, `${latency} ms`);
    await viewer.screenshot('live-websocket');
  } finally {
    await viewer?.close();
    await ingest.stop();
    await source.kill();
    await proxy.close();
  }
});

test('a relay that is killed and comes back: playback resumes by itself within 5 s', async t => {
  const source = await httpSource('flv');
  const ingest = stack.ingest(source.source, 'relay-restart', { noPeers: true });
  let viewer: Viewer | undefined;
  try {
    await ingest.says(/published|publishing/i);
    viewer = await Viewer.open(stack.page('relay-restart'));
    await viewer.plays(50);
    await stack.killRelay();
    const tab = viewer;
    await until(async () => (await tab.look()).state !== 'playing', 'the viewer notices', 20_000);
    await viewer.screenshot('relay-gone');
    await stack.startRelay();
    const back = performance.now();
    await viewer.plays(5, 15_000);
    const resumedMs = Math.round(performance.now() - back);
    t.diagnostic(`resumed ${resumedMs} ms after the relay was back`);
    assert.ok(resumedMs <= 5_000, `${resumedMs} ms`);
    await viewer.plays(50);
  } finally {
    await viewer?.close();
    await ingest.stop();
    await source.kill();
  }
});

test('a source that is killed and comes back: playback resumes in a new epoch', async t => {
  const source = await httpSource('flv');
  const ingest = stack.ingest(source.source, 'source-restart');
  let viewer: Viewer | undefined;
  let again: LiveSource | undefined;
  try {
    await ingest.says(/published|publishing/i);
    viewer = await Viewer.open(stack.page('source-restart'));
    const { stats } = await viewer.plays(50);
    await source.kill();
    const tab = viewer;
    await until(async () => (await tab.look()).state !== 'playing', 'the picture runs out', 20_000);
    await viewer.screenshot('source-gone');
    again = await httpSource('flv', source.port);
    const back = performance.now();
    const sight = await viewer.plays(25, 30_000);
    t.diagnostic(`resumed ${Math.round(performance.now() - back)} ms after the source was back`);
    assert.ok(Number(sight.stats.epochs) > Number(stats.epochs), JSON.stringify(sight.stats));
    assert.deepEqual(viewer.tab.complaints, []);
  } finally {
    await viewer?.close();
    await ingest.stop();
    await again?.kill();
  }
});

test('a second publisher with another key is refused, and the first plays on', async () => {
  const [first, second] = [await httpSource('flv'), await httpSource('flv')];
  const ingest = stack.ingest(first.source, 'taken');
  let viewer: Viewer | undefined;
  try {
    await ingest.says(/published|publishing/i);
    viewer = await Viewer.open(stack.page('taken'));
    await viewer.plays(25);
    const intruder = stack.ingest(second.source, 'taken', { anotherIdentity: true });
    assert.equal(await intruder.ended, 1, intruder.output);
    assert.match(intruder.output, /taken|another publisher|already/i);
    const wrongKey = stack.ingest(second.source, 'other', { publishKey: 'not-the-key' });
    assert.equal(await wrongKey.ended, 1, wrongKey.output);
    assert.match(wrongKey.output, /publish key/i);
    await viewer.plays(50);
  } finally {
    await viewer?.close();
    await ingest.stop();
    await first.kill();
    await second.kill();
  }
});

test('a channel that is not on air is waited for, and a wrong name is an error that says so', async () => {
  const viewer = await Viewer.open(stack.page('later'));
  const source = await httpSource('flv');
  let ingest: ReturnType<Stack['ingest']> | undefined;
  try {
    await until(async () => (await viewer.look()).state === 'waiting', 'it waits');
    await viewer.screenshot('waiting');
    ingest = stack.ingest(source.source, 'later');
    await viewer.plays(25);
  } finally {
    await viewer.close();
    await ingest?.stop();
    await source.kill();
  }
  const wrong = await Viewer.open(stack.page('../x'));
  try {
    await until(async () => (await wrong.look()).error !== null, 'it fails');
    assert.match((await wrong.look()).error ?? '', /bad-name/);
    await wrong.screenshot('bad-name');
  } finally {
    await wrong.close();
  }
});

test('a finished file is played as live, its end is shown, and it can begin again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-finished-'));
  const file = join(folder, 'talk.flv');
  const encoder = new Program('ffmpeg', [
    ...testPictureArguments({ ...TEST_PICTURE, clock: 'running' }),
    '-t',
    '8',
    file,
  ]);
  assert.equal(await encoder.ended, 0, encoder.output);
  const ingest = stack.ingest(file, 'finished', { paced: true });
  let again: Program | undefined;
  let viewer: Viewer | undefined;
  try {
    await ingest.says(/published|publishing/i);
    viewer = await Viewer.open(stack.page('finished'));
    await viewer.plays(50);
    const tab = viewer;
    let seen = await tab.look();
    const ended = async () => (seen = await tab.look()).state === 'ended';
    await until(
      ended,
      () => `the end is shown; seen: ${JSON.stringify(seen)}; the ingester said: ${ingest.output}`,
      20_000,
    );
    assert.equal(await ingest.ended, 0, ingest.output);
    await viewer.screenshot('ended');
    again = stack.ingest(file, 'finished', { paced: true });
    const sight = await viewer.plays(50);
    assert.equal(sight.state, 'playing', 'a broadcast that begins again is played by itself');
    assert.deepEqual(viewer.tab.complaints, []);
  } finally {
    await viewer?.close();
    await ingest.stop();
    await again?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
