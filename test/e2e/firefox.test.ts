// Firefox: WebTransport to a real relay, MediaSource on the page, WebRTC with Chromiums.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findFirefox } from '../support/find-program.mjs';
import { openFirefox } from '../support/firefox.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { AAC, H264, oddSource, PICTURE_INPUT, TONE_INPUT } from '../support/odd-source.ts';
import type { Program } from '../support/program.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { lookAtAll, swarmOf, told } from '../support/swarm-sight.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const CHANNEL = 'mixed';

/** Firefox tells the console of a WebSocket that lost the race to WebTransport. */
function complaintsOf({ tab }: Viewer): string[] {
  return tab.complaints.filter(complaint => !complaint.includes('ws://'));
}

describe('Firefox', { skip: findFirefox() ? false : 'no Firefox is installed' }, () => {
  let stack: Stack;
  const sources: LiveSource[] = [];
  const viewers: Viewer[] = [];

  before(async () => {
    stack = await startStack();
  });
  after(async () => {
    await Promise.all(viewers.map(viewer => viewer.close()));
    await Promise.all(sources.map(source => source.kill()));
    await stack.stop();
  });

  async function publish(source: LiveSource, channel: string): Promise<Program> {
    sources.push(source);
    const ingest = stack.ingest(source.source, channel);
    await ingest.says(/published|publishing/i, 30_000);
    return ingest;
  }

  async function open(channel: string): Promise<Viewer> {
    const viewer = Viewer.on(await openFirefox(stack.page(channel)));
    viewers.push(viewer);
    return viewer;
  }

  test('plays over WebTransport, close to live, its engine in a worker', async t => {
    await publish(await httpSource('flv'), CHANNEL);
    const viewer = await open(CHANNEL);
    await viewer.playsOverWebTransport();
    const sight = await viewer.plays(75);
    const latency = await viewer.medianPictureLatency();
    t.diagnostic(`Firefox: ${latency} ms glass to glass; it says ${Number(sight.stats.latency).toFixed(2)} s`);
    assert.equal(sight.stats.transport, 'webtransport');
    assert.equal(sight.stats.inWorker, true);
    assert.equal(sight.stats.rejectedChunks, 0);
    assert.equal(sight.stats.damaged, 0);
    assert.equal(sight.error, null);
    assert.ok(latency < 2_000, `${latency} ms`);
    assert.deepEqual(complaintsOf(viewer), []);
    await viewer.screenshot('firefox');
  });

  test('gives chunks to Chromiums and takes chunks from them', async t => {
    for (let i = 0; i < 2; i++) {
      const chromium = await Viewer.open(stack.page(CHANNEL), ['--window-size=640,480']);
      viewers.push(chromium);
      await chromium.plays(25);
    }
    let sights = await lookAtAll(viewers);
    await until(
      async () => {
        sights = await lookAtAll(viewers);
        const { bytesPushed, bytesUploaded } = swarmOf(sights[0]!);
        return bytesPushed > 200_000 && bytesUploaded > 200_000;
      },
      () => `Firefox both gives and takes:\n${told(sights)}`,
      30_000,
    );
    const [firefox, ...chromiums] = sights.map(swarmOf);
    const theirs = chromiums.map(({ id }) => id);
    const known = firefox!.peers.filter(({ id }) => theirs.includes(id));
    assert.equal(firefox!.state, 'joined');
    assert.ok(
      known.some(({ gives, bytesIn }) => gives.length > 0 && bytesIn > 0),
      told(sights),
    );
    assert.ok(
      known.some(({ takes, bytesOut }) => takes.length > 0 && bytesOut > 0),
      told(sights),
    );
    const after = await viewers[0]!.plays(75);
    t.diagnostic(`pushed to it ${swarmOf(after).bytesPushed}, uploaded ${swarmOf(after).bytesUploaded} bytes`);
    t.diagnostic(`latency ${Number(after.stats.latency).toFixed(2)} s, ${after.stats.stalls} stalls`);
    assert.equal(after.error, null);
    for (const viewer of viewers) assert.deepEqual(complaintsOf(viewer), []);
    await Promise.all(viewers.splice(0).map(viewer => viewer.close()));
  });

  test('plays a picture without sound, and sound without a picture', async () => {
    await publish(oddSource('flv', PICTURE_INPUT, H264), 'picture-only');
    await publish(oddSource('flv', TONE_INPUT, AAC), 'sound-only');
    const viewer = await open('picture-only');
    const silent = await viewer.advances();
    await until(async () => (await viewer.look()).frames > 10, 'the picture moves', 20_000);
    assert.equal(silent.stats.audioCodec, null);
    await viewer.tab.page.goto(stack.page('sound-only'));
    // Where there is no sound device, as in CI, Firefox plays sound alone only if somebody takes it.
    await viewer.tab.page.$eval('p2p-live', element => {
      const video = element.shadowRoot!.querySelector('video')!;
      Reflect.apply(Reflect.get(video, 'captureStream'), video, []);
    });
    const blind = await viewer.advances();
    assert.equal(blind.stats.videoCodec, null);
    assert.equal(blind.stats.audioCodec, 'mp4a.40.2');
    assert.ok(blind.audioBytes > 0);
  });

  test('names what it can’t play', async () => {
    const ac3 = ['-c:a', 'ac3', '-b:a', '128k'];
    await publish(oddSource('mpegts', PICTURE_INPUT, TONE_INPUT, H264, ac3), 'ac3');
    await publish(oddSource('mpegts', TONE_INPUT, ac3), 'ac3-only');
    const viewer = await open('ac3');
    const sight = await viewer.advances();
    assert.equal(sight.error, null, 'the picture alone is played');
    await viewer.tab.page.goto(stack.page('ac3-only'));
    await until(async () => (await viewer.look()).error !== null, 'it fails');
    assert.match((await viewer.look()).error ?? '', /^unsupported-codec: .*ac-3/);
  });
});
