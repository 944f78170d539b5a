// A broadcaster whose uplink becomes narrow, breaks off and comes back: less is sent, viewers stay near live, and it recovers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { P2pPublish } from '../../components/publish/define-publish.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { makeFlashAndBeep } from '../support/flash-and-beep.ts';
import { type NarrowUplink, narrowUplink } from '../support/narrow-uplink.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

let stack: Stack;
let uplink: NarrowUplink;
let studio: TestPage;
let viewer: Viewer;

const look = () =>
  studio.page.$eval('p2p-publish', element => {
    const { state, error, stats } = element as P2pPublish; // the page's own types don't know it
    return { state, error: error && `${error.code}: ${error.message}`, stats };
  });
type Look = Awaited<ReturnType<typeof look>>;

async function sees(what: string, check: (seen: Look) => boolean, timeoutMs = 15_000): Promise<Look> {
  let seen: Look | undefined;
  await until(
    async () => {
      seen = await look();
      return check(seen);
    },
    () => `${what}; seen: ${JSON.stringify(seen)} ${studio.complaints.join('; ')}`,
    timeoutMs,
  );
  return seen!; // until() returned
}

before(async () => {
  stack = await startStack();
  uplink = await narrowUplink(stack.port);
  studio = await openPage(`http://localhost:${stack.port}/publish.html?name=mine`);
  viewer = await Viewer.open(stack.page('demo/mine'));
});
after(async () => {
  await viewer?.close();
  await studio?.close();
  uplink?.close();
  await stack?.stop();
});

test('picture gives way to sound, a broken link is made again at once, and the rate comes back', async t => {
  await makeFlashAndBeep(studio);
  await studio.page.$eval(
    'p2p-publish',
    (element, relay) => {
      const publisher = element as P2pPublish; // as above
      publisher.relay = relay;
      publisher.srcObject = Reflect.get(globalThis, 'flashAndBeep');
      void publisher.start();
    },
    uplink.url,
  );
  await sees('it is live', ({ state, stats }) => state === 'live' && stats.videoKbps > 0);
  await viewer.plays(25);
  const wide = await sees('it sends by WebSocket', ({ stats }) => stats.transport === 'websocket');

  uplink.kbps = 250;
  const narrow = await sees(
    'it sends less, and little waits',
    ({ stats }) => stats.targetKbps < 250 && stats.sentKbps < 280 && stats.roundTripMs < 400,
  );
  assert.ok(narrow.stats.audioKbps > 0, 'the sound is whole');
  assert.equal(narrow.stats.reconnects, 0);
  await viewer.plays(10);

  uplink.kbps = 1_000_000;
  uplink.cut();
  const cutAt = performance.now();
  const back = await sees('it is on air again', ({ state, stats }) => state === 'live' && stats.reconnects === 1);
  const resumedMs = Math.round(performance.now() - cutAt);
  assert.ok(resumedMs < 5_000, `${resumedMs} ms`);
  await viewer.plays(10);
  const recovered = await sees('more is sent', ({ stats }) => stats.targetKbps > narrow.stats.targetKbps * 2, 20_000);
  assert.equal(back.error, null);
  t.diagnostic(
    `target ${wide.stats.targetKbps} kbit/s, at 250 kbit/s uplink ${narrow.stats.targetKbps} (${narrow.stats.width}x${narrow.stats.height} at ${narrow.stats.encodedFps} fps), afterwards ${recovered.stats.targetKbps}; on air again ${resumedMs} ms after the cut`,
  );
});
