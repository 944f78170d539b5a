// WebKitGTK, which stands for Safari: WebSocket to a real relay, its managed MediaSource, no peers.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findMiniBrowser } from '../support/find-program.mjs';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { AAC, H264, oddSource, PICTURE_INPUT, TONE_INPUT } from '../support/odd-source.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';
import { openWebKit } from '../support/webkit.ts';

describe('WebKitGTK', {
  skip: findMiniBrowser() ? false : 'no WebKitGTK with its driver and Xvfb is installed',
}, () => {
  let stack: Stack;
  const sources: LiveSource[] = [];
  let viewer: Viewer | undefined;

  before(async () => {
    stack = await startStack();
    await Promise.all([
      publish(await httpSource('flv'), 'usual'),
      publish(oddSource('flv', PICTURE_INPUT, H264), 'picture-only'),
      publish(oddSource('flv', TONE_INPUT, AAC), 'sound-only'),
    ]);
  });
  after(async () => {
    await viewer?.close();
    await Promise.all(sources.map(source => source.kill()));
    await stack.stop();
  });

  async function publish(source: LiveSource, channel: string): Promise<void> {
    sources.push(source);
    await stack.ingest(source.source, channel).says(/published|publishing/i, 30_000);
  }

  async function open(channel: string): Promise<Viewer> {
    await viewer?.close();
    viewer = Viewer.on(await openWebKit(stack.page(channel)));
    return viewer;
  }

  test('plays over WebSocket, by a managed MediaSource, close to live', async t => {
    const tab = await open('usual');
    await tab.plays(25);
    const sight = await tab.plays(75);
    const latency = await tab.medianPictureLatency();
    t.diagnostic(`WebKitGTK: ${latency} ms glass to glass; it says ${Number(sight.stats.latency).toFixed(2)} s`);
    assert.equal(sight.stats.transport, 'websocket');
    assert.equal(sight.stats.rejectedChunks, 0);
    assert.equal(sight.stats.damaged, 0);
    assert.equal(sight.error, null);
    assert.ok(latency < 2_500, `${latency} ms`);
    // Where there is a managed one, the engine takes no other.
    const video = await tab.tab.page.evaluate(() => ({
      managed: 'ManagedMediaSource' in globalThis,
      remoteOff: document.querySelector('p2p-live')?.shadowRoot?.querySelector('video')?.disableRemotePlayback,
    }));
    assert.deepEqual(video, { managed: true, remoteOff: true });
    assert.deepEqual(tab.tab.complaints, []);
    await tab.screenshot('webkit');
  });

  test('plays a picture without sound, and sound without a picture', async () => {
    const mute = await open('picture-only');
    const silent = await mute.advances();
    await until(async () => (await mute.look()).frames > 10, 'the picture moves', 20_000);
    assert.equal(silent.stats.audioCodec, null);
    const blind = await (await open('sound-only')).advances();
    assert.equal(blind.stats.videoCodec, null);
    assert.equal(blind.stats.audioCodec, 'mp4a.40.2');
    assert.ok(blind.audioBytes > 0);
  });

  test('plays MP3 as it comes, and names a picture that it can’t play', async () => {
    const mp3 = ['-c:a', 'libmp3lame', '-ar', '44100'];
    await publish(oddSource('flv', PICTURE_INPUT, TONE_INPUT, H264, mp3), 'mp3');
    await publish(oddSource('flv', PICTURE_INPUT, ['-c:v', 'flv']), 'h263');
    const sight = await (await open('mp3')).advances();
    assert.equal(sight.stats.audioCodec, 'mp4a.6B');
    assert.equal(sight.error, null);
    const tab = await open('h263');
    await until(async () => (await tab.look()).error !== null, 'it fails');
    assert.match((await tab.look()).error ?? '', /^unsupported-codec: .*H\.263/);
  });
});
