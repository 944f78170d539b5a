// <p2p-publish> for real: a page's camera, and a stream of its own, through WebCodecs and the relay to the viewers of another Chromium.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { P2pPublish } from '../../components/publish/define-publish.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { listenForBeeps, makeFlashAndBeep } from '../support/flash-and-beep.ts';
import { saveScreenshot } from '../support/save-screenshot.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream=display-media-type=browser',
  '--use-fake-ui-for-media-stream',
];

let stack: Stack;
let studio: TestPage;
let viewer: Viewer;

/** What the broadcaster's page shows. */
const look = () =>
  studio.page.$eval('p2p-publish', element => {
    const { state, error, stats } = element as P2pPublish; // the page's own types don't know it
    return { state, error: error && `${error.code}: ${error.message}`, stats };
  });

/** Waits until the broadcaster is in that state. */
async function becomes(state: string, timeoutMs = 15_000): Promise<void> {
  let seen: Awaited<ReturnType<typeof look>> | undefined;
  const isThere = async () => (seen = await look()).state === state;
  await until(
    isThere,
    () => `it is ${state}; seen: ${JSON.stringify(seen)} ${studio.complaints.join('; ')}`,
    timeoutMs,
  );
}

const source = () => studio.page.$eval('p2p-publish', element => (element as P2pPublish).source); // as above

const press = (part: string) =>
  studio.page.$eval(
    'p2p-publish',
    (element, part) => element.shadowRoot?.querySelector<HTMLButtonElement>(`button[part~="${part}"]`)?.click(),
    part,
  );

/** How bright the viewer's picture is in its middle, 0–255. */
const brightness = () =>
  viewer.tab.page.$eval('p2p-live', element => {
    const video = element.shadowRoot?.querySelector('video');
    const pen = new OffscreenCanvas(1, 1).getContext('2d');
    if (!video || !pen) return Number.NaN;
    pen.drawImage(video, video.videoWidth / 4, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
    return Math.max(...pen.getImageData(0, 0, 1, 1).data.subarray(0, 3));
  });

before(async () => {
  stack = await startStack();
  studio = await openPage(`http://localhost:${stack.port}/publish.html?name=mine`, FAKE_DEVICES);
  viewer = await Viewer.open(stack.page('demo/mine'));
});
after(async () => {
  await viewer?.close();
  await studio?.close();
  await stack?.stop();
});

test('a camera goes on air by two clicks, is seen and heard elsewhere, also off and on and with the screen instead, and its end is told at once', async t => {
  await studio.page.waitForSelector('p2p-publish');
  await press('camera-choice');
  await becomes('ready');
  await press('go-live-button');
  const began = performance.now();
  await becomes('live');
  t.diagnostic(`on air ${Math.round(performance.now() - began)} ms after the click`);
  await viewer.plays(1);
  t.diagnostic(`seen ${Math.round(performance.now() - began)} ms after the click`);
  const sight = await viewer.plays(25);
  assert.equal(sight.error, null);
  assert.equal(sight.stats.rejectedChunks, 0);
  const { stats } = await look();
  t.diagnostic(
    `${stats.videoCodec}, ${stats.audioCodec}, ${stats.width}x${stats.height}, ${stats.encodedFps} of ${stats.capturedFps} fps, ${stats.sentKbps} kbit/s over ${stats.transport}`,
  );
  assert.ok(stats.width > 0 && stats.sentKbps > 0, JSON.stringify(stats));
  await saveScreenshot(studio.page, 'publish-live');
  await press('camera-button');
  await until(async () => (await brightness()) < 30, 'a camera that is off is black');
  await viewer.advances(0.5);
  await press('camera-button');
  await until(async () => (await brightness()) > 60, 'the camera is back');
  await press('screen-button');
  await until(async () => (await look()).stats.capturedFps > 0 && (await source()) === 'screen', 'the screen is shown');
  await viewer.plays(5);
  const ended = viewer.tab.page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const player = document.querySelector('p2p-live');
        player?.addEventListener('statechange', () => {
          if (Reflect.get(player, 'state') === 'ended') resolve(Date.now());
        });
      }),
  );
  const stopped = Date.now();
  await press('end-button');
  await becomes('ended');
  const told = (await ended) - stopped;
  t.diagnostic(`the viewer knows ${told} ms after the click`);
  assert.ok(told < 2_000, `${told} ms`);
});

test('a stream of the page’s own: flash and beep together, close to live, and through a restart of the relay', async t => {
  await makeFlashAndBeep(studio);
  await studio.page.$eval('p2p-publish', element => {
    const publisher = element as P2pPublish; // as above
    publisher.srcObject = Reflect.get(globalThis, 'flashAndBeep');
    void publisher.start();
  });
  await becomes('live');
  // Whoever waited sees it begin by itself; whoever comes new has no stalls behind them.
  await viewer.plays(5);
  await viewer.tab.page.reload();
  await viewer.plays(50);
  const latency = await viewer.medianPictureLatency();
  const offsets = (await listenForBeeps(viewer.tab)).sort((a, b) => a - b);
  const { stats } = await look();
  const sight = await viewer.look();
  t.diagnostic(
    `${latency} ms glass to glass; beeps after flashes by ${offsets.map(Math.round).join(', ')} ms; ${stats.videoCodec}, ${stats.audioCodec}, dropped ${stats.droppedFrames}; the element says ${Math.round(Number(sight.stats.latency) * 1_000)} ms`,
  );
  assert.ok(latency < 2_000, `${latency} ms`);
  assert.ok(offsets.length >= 3, `${offsets.length} beeps were heard`);
  const middle = offsets[Math.floor(offsets.length / 2)]!; // there are three at least
  assert.ok(Math.abs(middle) < 80, `the sound is ${middle} ms off`);

  await stack.killRelay();
  await becomes('reconnecting');
  await stack.startRelay();
  const back = performance.now();
  await becomes('live');
  const resumed = Math.round(performance.now() - back);
  await viewer.plays(25);
  t.diagnostic(`on air ${resumed} ms, seen ${Math.round(performance.now() - back)} ms after the relay was back`);
  assert.ok(resumed < 5_000, `${resumed} ms`);
  assert.deepEqual(await look().then(({ error }) => error), null);
});

test('who brings no token, or one for another channel, is told why; a channel that is taken stays with its owner', async t => {
  const intruder = await openPage(`http://localhost:${stack.port}/publish.html?name=mine`, FAKE_DEVICES);
  try {
    const failure = async (change: string) => {
      await intruder.page.evaluate(
        `(async () => {
          const publisher = document.querySelector('p2p-publish');
          ${change}
          await publisher.start().catch(() => {});
        })()`,
      );
      return intruder.page.$eval('p2p-publish', element => {
        const { error } = element as P2pPublish; // as above
        return `${error?.code}: ${error?.message}`;
      });
    };
    const taken = await failure('');
    t.diagnostic(taken);
    assert.match(taken, /^taken: /);
    const wrong = await failure(
      `const token = await publisher.tokenProvider('demo/mine'); publisher.tokenProvider = () => token; publisher.channel = 'demo/other';`,
    );
    t.diagnostic(wrong);
    assert.match(wrong, /^not-allowed: .*demo\/other/);
    const none = await failure('publisher.tokenProvider = null;');
    t.diagnostic(none);
    assert.match(none, /^not-allowed: /);
    await viewer.plays(25);
  } finally {
    await intruder.close();
  }
});
