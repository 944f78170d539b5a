// Messages beside a live stream, and members of a room: the built element and RoomConnection in real Chromium, over WebTransport and WebSocket, at a relay on Deno.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { RoomConnection } from '../../components/room/room-connection.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { issueToken } from '../../relay/access/access.ts';
import type { TestPage } from '../support/browser.ts';
import { openStage, type Stage } from '../support/engine-stage.ts';
import { type HttpProxy, httpProxy } from '../support/http-proxy.ts';
import { httpSource, type LiveSource } from '../support/live-source.ts';
import type { Program } from '../support/program.ts';
import { PUBLISH_KEY, type Stack, startStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { Viewer } from '../support/viewer.ts';

let stack: Stack;
let source: LiveSource;
let ingest: Program;
let proxy: HttpProxy;
let vite: Stage;
let alice: Viewer;
let bob: Viewer;

before(async () => {
  [stack, source, proxy, vite] = await Promise.all([startStack(), httpSource('flv'), httpProxy(), openStage()]);
  ingest = stack.ingest(source.source, 'talk');
  await ingest.says(/published|publishing/i, 30_000);
  const page = stack.page('talk');
  [alice, bob] = await Promise.all([Viewer.open(page), Viewer.open(page, proxy.flags)]);
});
after(async () => {
  await Promise.all([alice?.close(), bob?.close()]);
  await ingest?.stop();
  await Promise.all([source?.kill(), stack?.stop(), proxy?.close(), vite?.close()]);
});

/** What was heard, and when by the page's clock (Unix milliseconds). */
interface Heard {
  readonly data: string | number[];
  readonly from: string;
  readonly own: boolean;
  readonly at: number;
}

/** Keeps what the element says in `heard` and `warnings` of its page. */
const LISTEN = `
  globalThis.heard = []; globalThis.warnings = [];
  const element = document.querySelector('p2p-live');
  element.addEventListener('message', event => {
    const { data, from, own } = event;
    if (!(event instanceof MessageEvent)) throw new Error('no MessageEvent');
    heard.push({ data: typeof data === 'string' ? data : [...new Uint8Array(data)], from, own, at: performance.timeOrigin + performance.now() });
  });
  element.addEventListener('warning', event => warnings.push(event.detail));
`;

/** Runs a script in the page. */
const run = (viewer: { tab: TestPage }, script: string) => viewer.tab.page.evaluate(script);
const heardBy = async (viewer: Viewer) => (await run(viewer, 'heard')) as Heard[];
const send = (viewer: Viewer, expression: string) =>
  run(viewer, `document.querySelector('p2p-live').send(${expression})`);

async function hears(viewer: Viewer, count: number): Promise<Heard[]> {
  let heard: Heard[] = [];
  await until(
    async () => {
      heard = await heardBy(viewer);
      return heard.length >= count;
    },
    () => `${count} messages are heard, not ${heard.length}`,
  );
  return heard;
}

/** The error's name where sending throws. */
const errorOfSending = (viewer: Viewer, expression: string) =>
  run(viewer, `try { document.querySelector('p2p-live').send(${expression}); 'none' } catch (error) { error.name }`);

test('two viewers, over WebTransport and WebSocket: order, both ways, too large, too fast, cut off; and the picture plays on', async t => {
  for (const viewer of [alice, bob]) await run(viewer, LISTEN);
  const sights = await Promise.all([alice.plays(25), bob.plays(25)]);
  assert.deepEqual(
    sights.map(({ stats }) => stats.transport),
    ['webtransport', 'websocket'],
  );

  await send(alice, `'grüße'`);
  await send(bob, 'new Uint8Array([0, 1, 2, 255]).subarray(1)');
  const both = await Promise.all([hears(alice, 2), hears(bob, 2)]);
  const told = both.map(heard => heard.map(({ data, own }) => [data, own]));
  assert.deepEqual(
    told[0]?.toSorted(),
    [
      ['grüße', true],
      [[1, 2, 255], false],
    ].toSorted(),
  );
  assert.deepEqual(
    told[1]?.toSorted(),
    [
      ['grüße', false],
      [[1, 2, 255], true],
    ].toSorted(),
  );
  const names = new Set(both.flat().map(({ from }) => from));
  assert.equal(names.size, 2, 'each has one name, which both see');

  // In turn, 8 a second each, while the picture plays: the time of each is in it.
  const talk = (who: string) => `(async () => {
    const element = document.querySelector('p2p-live');
    for (let i = 0; i < 24; i++) {
      element.send('${who} ' + i + ' ' + (performance.timeOrigin + performance.now()));
      await new Promise(resolve => setTimeout(resolve, 125));
    }
  })()`;
  await Promise.all([run(alice, talk('alice')), run(bob, talk('bob'))]);
  for (const viewer of [alice, bob]) {
    const heard = (await hears(viewer, 50)).slice(2);
    for (const who of ['alice', 'bob']) {
      const numbers = heard.flatMap(({ data }) => {
        const [by, number] = String(data).split(' ');
        return by === who ? [Number(number)] : [];
      });
      assert.deepEqual(
        numbers,
        Array.from({ length: 24 }, (_, i) => i),
      );
    }
    const delays = heard.map(({ data, at }) => at - Number(String(data).split(' ')[2])).sort((a, b) => a - b);
    const [median = Number.NaN, ninth = Number.NaN] = [delays[24], delays[43]];
    t.diagnostic(
      `${viewer === alice ? 'over WebTransport' : 'over WebSocket'}: a message takes ${median.toFixed(1)} ms p50, ${ninth.toFixed(1)} ms p90`,
    );
    assert.ok(median < 100, `${median} ms`);
  }

  assert.equal(await errorOfSending(alice, `'é'.repeat(8193)`), 'RangeError');
  await send(alice, `'x'.repeat(16384)`);
  assert.equal((await hears(bob, 51))[50]?.data.length, 16_384);

  await run(alice, `for (let i = 0; i < 300; i++) document.querySelector('p2p-live').send('flood ' + i)`);
  const warned = `warnings.filter(({ code }) => code === 'message-too-fast')`;
  await until(async () => Number(await run(alice, `${warned}.length`)) > 0, 'she is warned');
  assert.match(String(await run(alice, `${warned}[0].message`)), /10 messages and 64 kB a second/);
  assert.equal(await run(bob, 'warnings.length'), 0, 'nobody else is');
  const flood = (await heardBy(bob)).filter(({ data }) => String(data).startsWith('flood')).length;
  assert.ok(flood <= 60, `${flood} of 300 passed`);
  await send(bob, `'still here'`);
  await until(
    async () => (await heardBy(alice)).some(({ data }) => data === 'still here'),
    'others speak as they did before',
  );

  await stack.killRelay();
  for (const viewer of [alice, bob]) {
    await until(async () => (await errorOfSending(viewer, `'x'`)) === 'InvalidStateError', 'it is cut off');
  }
  await stack.startRelay();
  for (const viewer of [alice, bob]) {
    await until(async () => (await errorOfSending(viewer, `'back'`)) === 'none', 'it is connected again', 20_000);
  }
  await until(async () => {
    await send(alice, `'after'`).catch(() => undefined);
    return (await heardBy(bob)).some(({ data }) => data === 'after');
  }, 'they hear each other again');
  await Promise.all([alice.advances(), bob.advances()]);
});

test('members of a room: who closes the page is gone at once, whose process is killed in time, whatever carries its link', async t => {
  const address = `localhost:${stack.port}`;
  const request = { channels: ['room/e2e/*'], actions: ['enter' as const], expiresInSeconds: 60 };
  const token = await issueToken([PUBLISH_KEY], request, Date.now());
  Object.assign(globalThis, { addEventListener: () => {} }); // there is no page here that could be hidden
  const watcher = new RoomConnection({
    ...{ relay: `http://${address}`, room: 'room/e2e', user: 'watcher', token },
    async createLink() {
      const socket = new WebSocket(`ws://${address}/p2p-live`);
      await once(socket, 'open');
      return webSocketLink(socket);
    },
  });
  watcher.enter();
  const sees = (...users: string[]) =>
    until(
      () => watcher.members.map(({ user }) => user).join() === ['watcher', ...users].join(),
      () => `${users} are there: ${watcher.members.map(({ user }) => user)} ${JSON.stringify(watcher.error)}`,
    );
  const enter = async (viewer: Viewer, user: string) => {
    const options = JSON.stringify({ relay: `http://${address}`, room: 'room/e2e', user, token });
    await run(
      viewer,
      `import('${vite.url}/components/room/room-connection.ts').then(({ RoomConnection }) => {
        globalThis.room = new RoomConnection(${options});
        room.enter();
      })`,
    );
  };
  const goneAfter = async (leave: () => Promise<unknown>, ...left: string[]) => {
    const begun = performance.now();
    const over = leave();
    await sees(...left);
    const ms = Math.round(performance.now() - begun);
    await over;
    return ms;
  };
  try {
    await sees();
    await enter(alice, 'alice');
    await sees('alice');
    await enter(bob, 'bob');
    await sees('alice', 'bob');
    const closed = await goneAfter(() => alice.tab.page.goto('about:blank'), 'bob');
    await alice.tab.page.goto(stack.page('talk'));
    await enter(alice, 'alice');
    await sees('bob', 'alice');
    const overWebSocket = await goneAfter(() => bob.tab.kill(), 'alice');
    const overWebTransport = await goneAfter(() => alice.tab.kill());
    t.diagnostic(
      `gone after ${closed} ms (page left), ${overWebSocket} ms (killed, WebSocket), ${overWebTransport} ms (killed, WebTransport)`,
    );
    assert.ok(closed < 2_000, `${closed} ms`);
    assert.ok(overWebSocket < 2_000, `${overWebSocket} ms`);
    assert.ok(overWebTransport < 4_000, `${overWebTransport} ms`);
  } finally {
    await watcher.leave();
  }
});
