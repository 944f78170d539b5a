// Tabs in the background: who needs no stream gets none, and on return the picture is live.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { relaySight } from '../support/swarm-sight.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

const CHANNEL = 'hidden';

let stack: Stack;
let source: LiveSource;
const viewers: Viewer[] = [];

before(async () => {
  stack = await startStack();
  source = await httpSource('flv');
  await stack.ingest(source.source, CHANNEL).says(/published|publishing/i, 30_000);
});
after(async () => {
  await Promise.all(viewers.map(viewer => viewer.close()));
  await source.kill();
  await stack.stop();
});

test('a hidden page that is muted does without the stream, one with sound does not; both are live on return', async t => {
  const muted = await Viewer.open(`${stack.page(CHANNEL)}&p2p=off`);
  await muted.tab.page.$eval('p2p-live', element => Reflect.set(element, 'muted', true));
  const heard = await Viewer.open(`${stack.page(CHANNEL)}&p2p=off`);
  viewers.push(muted, heard);
  for (const viewer of viewers) {
    await viewer.plays(25);
    // Another tab in front of it.
    await viewer.tab.page.browser().newPage();
    assert.equal(await viewer.tab.page.evaluate(() => document.visibilityState), 'hidden');
  }
  const { stats: before } = await heard.look();
  await until(
    async () => (await relaySight(stack.port, CHANNEL)).viewers === 1,
    'the relay serves only the one that is heard',
    40_000,
  );
  const { stats } = await muted.look();
  assert.equal(stats.transport, null);
  const received = Number(stats.chunks);
  const heardNow = await heard.look();
  assert.ok(Number(heardNow.stats.chunks) > Number(before.chunks) + 100, 'the other goes on');
  assert.equal(Number((await muted.look()).stats.chunks), received, 'nothing comes');
  for (const viewer of viewers) {
    const returned = performance.now();
    await viewer.tab.page.bringToFront();
    await viewer.plays(10, 5_000);
    let seen = await viewer.look();
    await until(
      async () => {
        seen = await viewer.look();
        const { state, stats } = seen;
        return state === 'playing' && stats.latency !== null && Number(stats.latency) < 2;
      },
      () => `it is live again; seen: ${JSON.stringify(seen)}`,
      3_000,
    );
    t.diagnostic(`live ${Math.round(performance.now() - returned)} ms after the return`);
    assert.equal((await viewer.look()).error, null);
    assert.deepEqual(viewer.tab.complaints, []);
  }
});
