// The element with its real engine as a page's script meets it: events, times, going back, and what is left when it is gone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, type TestPage } from '../support/browser.ts';
import { httpSource, type LiveSource, TEST_PICTURE } from '../support/live-source.ts';
import type { Program } from '../support/program.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const EVENTS = [
  ...['play', 'loadstart', 'durationchange', 'loadedmetadata', 'loadeddata', 'canplay', 'playing'],
  ...['pause', 'emptied', 'ended', 'error', 'seeking', 'seeked', 'ratechange'],
];

let stack: Stack;
let source: LiveSource;
let ingest: Program;
let tab: TestPage;
before(async () => {
  stack = await startStack();
  // Ten viewers are to come, on two cores.
  source = await httpSource('flv', 0, {
    ...TEST_PICTURE,
    width: 320,
    height: 180,
    framesPerSecond: 12,
    bitrate: 200_000,
  });
  ingest = stack.ingest(source.source, 'element');
  await ingest.says(/published|publishing/i, 30_000);
  tab = await openPage(stack.page('nobody'));
  await tab.page.evaluate(async () => {
    await customElements.whenDefined('p2p-live');
    for (const each of document.querySelectorAll('p2p-live')) each.remove();
  });
});
after(async () => {
  await tab?.close();
  await ingest?.stop();
  await source?.kill();
  await stack.stop();
});

/** Puts an element on the page; its events go to `window.seen`. */
function put(): Promise<void> {
  return tab.page.evaluate(types => {
    const element = document.createElement('p2p-live');
    for (const [name, value] of [
      ['relay', '/'],
      ['name', 'element'],
      ['muted', ''],
    ] as const)
      element.setAttribute(name, value);
    const seen: string[] = [];
    Reflect.set(window, 'seen', seen);
    Reflect.set(window, 'element', element);
    for (const type of types) element.addEventListener(type, () => seen.push(type));
    document.body.append(element);
  }, EVENTS);
}

/** Reads what the page sees of it. `expression` sees `element` and `seen`. */
function ask<T>(expression: string): Promise<T> {
  return tab.page.evaluate(expression) as Promise<T>; // whatever the caller has asked for
}

test('tells of its way to the picture in order, once each, and of its end', async () => {
  await put();
  await ask('element.play()');
  const expected = ['play', 'loadstart', 'durationchange', 'loadedmetadata', 'loadeddata', 'canplay', 'playing'];
  const seen = await ask<string[]>('seen');
  assert.deepEqual(seen.filter(type => !type.startsWith('seek')).slice(0, expected.length), expected);
  await until(
    () => ask<boolean>('element.seekable.length > 0 && element.seekable.end(0) > 5'),
    'five seconds are there',
  );
  const view = await ask<Record<string, unknown>>(`({
    duration: String(element.duration), paused: element.paused, readyState: element.readyState, networkState: element.networkState,
    live: element.currentTime >= element.liveEdgeStart, latency: element.latency > 0 && element.latency < 3, rate: element.playbackRate,
    window: element.targetLiveWindow, muted: element.captureStream().getVideoTracks().length,
  })`);
  assert.deepEqual(view, {
    duration: 'Infinity',
    paused: false,
    readyState: 4,
    networkState: 2,
    live: true,
    latency: true,
    rate: 1,
    window: 600,
    muted: 1,
  });
  const rates = await ask<string[]>(`seen.filter(type => type === 'ratechange')`);
  assert.deepEqual(rates, [], 'what keeps the latency is not told');
});

test('goes back, has the rate that is asked for, and arrives at live with 1', async () => {
  await ask('seen.length = 0');
  await ask('element.currentTime = element.seekable.end(0) - 4');
  await until(() => ask<boolean>(`seen.includes('seeked') && !element.seeking`), 'it has gone back');
  assert.equal(await ask<boolean>('element.currentTime < element.liveEdgeStart'), true, 'it is behind');
  await ask('element.playbackRate = 4');
  await until(() => ask<boolean>('element.playbackRate === 1'), 'it has caught up');
  await until(() => ask<boolean>('element.currentTime >= element.liveEdgeStart'), 'it is live');
  assert.deepEqual(await ask(`seen.filter(type => type === 'ratechange' || type === 'pause')`), [
    'ratechange',
    'ratechange',
  ]);
});

test('stops, and is empty', async () => {
  await ask('seen.length = 0');
  await ask('element.stop()');
  await until(() => ask<boolean>(`seen.includes('emptied')`), 'it is empty');
  assert.deepEqual(await ask('seen'), ['pause', 'emptied']);
  assert.equal(await ask('element.networkState'), 0);
  await ask('element.remove()');
  await ask('element = null');
});

test('ten that come and go leave no worker, no node and no listener behind', async () => {
  const session = await tab.page.createCDPSession();
  const count = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
    return { nodes, jsEventListeners };
  };
  const visit = async (elements: number) => {
    for (let i = 0; i < elements; i++) {
      await put();
      await ask('element.play().catch(() => undefined)');
    }
    await until(
      () => ask<boolean>(`[...document.querySelectorAll('p2p-live')].every(each => each.state === 'playing')`),
      'all play',
      20_000,
    );
    await ask(`for (const each of document.querySelectorAll('p2p-live')) each.remove()`);
    await ask('element = null');
    await until(() => tab.page.workers().length === 0, 'all workers are over');
  };
  // What is loaded once stays.
  await visit(1);
  const before = await count();
  await visit(10);
  let now = before;
  await until(
    async () => {
      now = await count();
      return now.nodes <= before.nodes + 10 && now.jsEventListeners <= before.jsEventListeners + 5;
    },
    () => `it is as before: ${JSON.stringify({ before, now })}`,
  );
  assert.deepEqual(tab.complaints, []);
});
