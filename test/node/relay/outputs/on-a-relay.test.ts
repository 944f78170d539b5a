// The outputs of a real relay on Node, over real connections.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { until } from '../../../support/until.ts';
import { publisher, signerOf, testRelay } from '../fixtures.ts';

const relay = await testRelay({ channels: [{ name: 'closed', view: 'token', viewKeys: ['let me watch'] }] });
const signer = await signerOf(1);

const viewers = (channel: string) => relay.stats().channels[channel]?.viewers;

test('a player whose connection breaks is gone, and another gets what comes', async () => {
  const source = await publisher(relay, 'open', signer);
  await source.group(3);
  await until(() => relay.stats().channels.open?.state === 'live', 'it is on air');
  const socket = connect(relay.port, '127.0.0.1');
  socket.write('GET /live/open.flv HTTP/1.1\r\nhost: relay.test\r\n\r\n');
  await new Promise(resolve => socket.once('data', resolve));
  await until(() => viewers('open') === 1, 'it watches');
  socket.destroy();
  await until(() => viewers('open') === 0, 'it is gone');
  const response = await fetch(`${relay.url}/live/open.flv`);
  const reader = response.body!.getReader(); // a stream has one
  const first = (await reader.read()).value?.length ?? 0;
  await source.group(3, 5_000);
  let rest = 0;
  while (rest < 15_000) rest += (await reader.read()).value?.length ?? 0;
  assert.ok(first > 0 && first < 1_000);
  await reader.cancel();
});

test('HEAD leaves nobody behind, OPTIONS lets pages show a token', async () => {
  const head = await fetch(`${relay.url}/live/open.flv`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(viewers('open'), 0);
  const options = await fetch(`${relay.url}/hls/open/index.m3u8`, {
    method: 'OPTIONS',
    headers: { origin: 'https://page.test', 'access-control-request-headers': 'authorization' },
  });
  assert.match(options.headers.get('access-control-allow-headers') ?? '', /authorization/);
});

test('a channel that takes a token takes it in the header and in the address', async () => {
  const source = await publisher(relay, 'closed', signer);
  await source.group(3);
  const url = `${relay.url}/live/closed.flv`;
  assert.equal((await fetch(url)).status, 401);
  assert.equal((await fetch(`${url}?token=let+you+watch`)).status, 403);
  const shown = await fetch(url, { method: 'HEAD', headers: { authorization: 'Bearer let me watch' } });
  assert.equal(shown.status, 200);
  assert.equal((await fetch(`${url}?token=let+me+watch`, { method: 'HEAD' })).status, 200);
});

test('the channel document tells of the outputs', () => {
  assert.deepEqual(relay.channelDocument('open', 'relay.test:4080').outputs, {
    http: 'http://relay.test:4080/live/open.flv',
    hls: 'http://relay.test:4080/hls/open/index.m3u8',
  });
});
