// Players that are not ours, on a real relay: ffmpeg, mpegts.js and hls.js, over HTTP-FLV, HTTP-TS and HLS.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { serve } from '@hono/node-server';
import { record, recorder } from '../node/relay/outputs/recorder.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { Program } from '../support/program.ts';
import { saveScreenshot } from '../support/save-screenshot.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

describe('outputs', () => {
  let stack: Stack;
  let base: string;
  let page: Awaited<ReturnType<typeof servePage>>;
  let tab: TestPage | undefined;
  const sources: LiveSource[] = [];

  before(async () => {
    page = await servePage();
    stack = await startStack();
    base = `http://localhost:${stack.port}`;
    await Promise.all(
      (['flv', 'mpegts'] as const).map(async format => {
        const source = await httpSource(format);
        sources.push(source);
        stack.ingest(source.source, `outputs/${format}`);
        await until(async () => (await outputsOf(`outputs/${format}`)).http !== null, `${format} is on air`);
      }),
    );
  });
  after(async () => {
    await tab?.close();
    await page.close();
    await Promise.all(sources.map(source => source.kill()));
    await stack.stop();
  });

  async function outputsOf(name: string): Promise<{ http: string; hls: string }> {
    return (await (await fetch(`${base}/channels/${name}`)).json()).outputs;
  }

  test('the channel document tells where they are', async () => {
    assert.deepEqual(await outputsOf('outputs/flv'), {
      http: `${base}/live/outputs/flv.flv`,
      hls: `${base}/hls/outputs/flv/index.m3u8`,
    });
    assert.equal((await outputsOf('outputs/mpegts')).http, `${base}/live/outputs/mpegts.ts`);
    assert.equal((await outputsOf('nobody')).http, null);
  });

  test('a player that goes is gone', async () => {
    const viewers = async () => (await (await fetch(`${base}/channels/outputs/flv/stats`)).json()).viewers;
    const { http } = await outputsOf('outputs/flv');
    const leave = new AbortController();
    const response = await fetch(http, { signal: leave.signal });
    assert.equal(response.headers.get('content-type'), 'video/x-flv');
    await response.body?.getReader().read();
    assert.equal(await viewers(), 1);
    leave.abort();
    await until(async () => (await viewers()) === 0, 'nobody watches');
  });

  test('ffmpeg decodes all of them without a complaint', async t => {
    const addresses = [await outputsOf('outputs/flv'), await outputsOf('outputs/mpegts')];
    const players = addresses
      .flatMap(({ http, hls }) => [http, hls])
      .map(url => {
        const input = ['-hide_banner', '-nostdin', '-loglevel', 'warning', '-xerror', '-i', url, '-t', '3'];
        const output = ['-map', '0:v:0', '-map', '0:a:0', '-f', 'null', '-progress', 'pipe:1', '-'];
        return { url, ffmpeg: new Program('ffmpeg', [...input, ...output]) };
      });
    for (const { url, ffmpeg } of players) {
      assert.equal(await ffmpeg.ended, 0, ffmpeg.output);
      const frames = Number(/.*frame=\s*(\d+)/s.exec(ffmpeg.output)?.[1]);
      const complaints = ffmpeg.output.replace(/^\w+=.*\n/gm, '').trim();
      t.diagnostic(`${new URL(url).pathname}: ${frames} pictures; ${complaints || 'no complaints'}`);
      assert.ok(frames >= 60, `${frames} pictures of 75`);
      assert.doesNotMatch(complaints, /corrupt|error|invalid|non monoton/i);
    }
  });

  test('mpegts.js and hls.js play both in Chromium, on a page of another origin', async t => {
    tab = await openPage(page.url);
    const begun = performance.now();
    const addresses = { flv: await outputsOf('outputs/flv'), mpegts: await outputsOf('outputs/mpegts') };
    await tab.page.evaluate(`play(${JSON.stringify(addresses)})`);
    const started = new Map<string, number>();
    let sights: Sight[] = [];
    await until(
      async () => {
        sights = ((await tab?.page.evaluate('look()')) ?? []) as Sight[]; // the page's own function
        for (const { what, frames } of sights)
          if (frames > 0 && !started.has(what)) started.set(what, performance.now() - begun);
        return (
          sights.length === 4 && sights.every(({ frames, audio, played }) => frames > 50 && audio > 0 && played > 3)
        );
      },
      () => `all four play; seen: ${JSON.stringify(sights)}; complaints: ${tab?.complaints.join('; ')}`,
      20_000,
    );
    for (const { what, behind } of sights) {
      const first = Math.round(started.get(what) ?? Number.NaN);
      t.diagnostic(`${what}: first picture after ${first} ms, ${behind.toFixed(2)} s behind what is loaded`);
    }
    assert.deepEqual(
      sights.flatMap(({ faults }) => faults),
      [],
    );
    assert.deepEqual(tab.complaints, []);
    await saveScreenshot(tab.page, 'outputs-players');
    await tab.close();
    tab = undefined;
  });

  test('hls.js plays a finished recording, and goes anywhere in it', async () => {
    const at = await recorder();
    const id = await record(at, 'flv', 1);
    const served = serve({ fetch: at.app.fetch, port: 0, hostname: '127.0.0.1' });
    if (!served.listening) await new Promise(resolve => served.once('listening', resolve));
    const { port } = served.address() as AddressInfo; // it listens on TCP
    tab = await openPage(page.url);
    try {
      await tab.page.evaluate(`play({ flv: { hls: 'http://127.0.0.1:${port}/recordings/${id}.m3u8' } })`);
      let sights: Sight[] = [];
      const sees = (what: string, holds: (sight: Sight) => boolean) =>
        until(
          async () => {
            sights = ((await tab?.page.evaluate('look()')) ?? []) as Sight[]; // the page's own function
            return sights.some(holds);
          },
          () => `${what}: ${JSON.stringify(sights)}; complaints: ${tab?.complaints.join('; ')}`,
          10_000,
        );
      await sees('it plays from the beginning', ({ frames, at }) => frames > 20 && at < 4);
      await tab.page.evaluate('document.querySelector("video").currentTime = 6.5');
      await sees('and to its end', ({ ended, at }) => ended && at > 7.8);
      // The first picture of a stream with B-frames is shown a little after it is decoded: hls.js steps over that, when it looks before it plays.
      const faults = sights[0]?.faults.filter(([, details]) => details !== 'bufferSeekOverHole');
      assert.deepEqual(faults, []);
      assert.deepEqual(tab.complaints, []);
    } finally {
      served.close();
      await tab.close();
      tab = undefined;
    }
  });

  test('the element plays HLS by the browser itself where there is no MSE', async t => {
    const viewer = await Viewer.open(
      stack.page('outputs/flv'),
      [],
      'delete globalThis.MediaSource; delete globalThis.ManagedMediaSource; delete globalThis.MediaSourceHandle;',
    );
    try {
      const sight = await viewer.plays(75, 25_000);
      const { frames, currentTime, stats } = sight;
      t.diagnostic(`${frames} pictures in ${currentTime} s, the first after ${stats.firstFrameMs} ms`);
      assert.equal(sight.error, null);
      assert.equal(sight.state, 'playing');
      const address = await viewer.tab.page.evaluate(
        () => document.querySelector('p2p-live')?.shadowRoot?.querySelector('video')?.src,
      );
      assert.equal(address, (await outputsOf('outputs/flv')).hls);
      await viewer.screenshot('outputs-native');
      assert.deepEqual(viewer.tab.complaints, []);
    } finally {
      await viewer.close();
    }
  });
});

/** What is seen of a video. */
interface Sight {
  readonly what: string;
  readonly frames: number;
  readonly audio: number;
  /** Seconds. */
  readonly played: number;
  readonly behind: number;
  /** Where it is: seconds. */
  readonly at: number;
  readonly ended: boolean;
  /** Type, details, reason. */
  readonly faults: readonly (readonly [string, string, string])[];
}

const PAGE = `<!doctype html><title>players</title><style>video{width:45%}</style>
<script src="/mpegts.js"></script><script src="/hls.js"></script><script>
const shown = [];
function show(what) {
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true;
  video.title = what;
  const one = { what, video, faults: [] };
  shown.push(one);
  return one;
}
function play(addresses) {
  for (const [type, { http, hls }] of Object.entries(addresses)) {
    if (http) {
      const stream = show('mpegts.js ' + type);
      const player = mpegts.createPlayer({ type, isLive: true, url: http });
      player.on('error', (...fault) => stream.faults.push(fault));
      player.attachMediaElement(stream.video);
      player.load();
      player.play();
    }
    const segments = show('hls.js ' + type);
    const other = new Hls();
    other.on('hlsError', (_, { type, details, reason }) => segments.faults.push([type, details, reason]));
    other.loadSource(hls);
    other.attachMedia(segments.video);
    segments.video.play();
  }
}
function look() {
  return shown.map(({ what, video, faults }) => {
    const { buffered, played, currentTime, ended } = video;
    const sum = Array.from({ length: played.length }, (_, i) => played.end(i) - played.start(i)).reduce((a, b) => a + b, 0);
    return {
      what, faults, played: sum, ended, at: currentTime,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      audio: video.webkitAudioDecodedByteCount,
      behind: (buffered.length > 0 ? buffered.end(buffered.length - 1) : 0) - currentTime,
    };
  });
}
</script><body></body>`;

/** A page of another origin, with both libraries. */
async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const files: Record<string, string> = {
    '/mpegts.js': 'node_modules/mpegts.js/dist/mpegts.js',
    '/hls.js': 'node_modules/hls.js/dist/hls.js',
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(request.url === '/favicon.ico' ? 204 : 200, {
      'content-type': file ? 'text/javascript' : 'text/html',
    });
    response.end(file ? readFileSync(file) : PAGE);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
