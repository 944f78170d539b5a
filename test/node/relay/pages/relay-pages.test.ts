// The pages of a relay that runs: what its configuration says of them, and what it says when the element is missing.

import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { pino } from 'pino';
import type { RelayConfigInput } from '../../../../relay/config/config.ts';
import { startRelay } from '../../../../relay/relay.ts';
import { PUBLISH_KEY, temporaryDirectory } from '../fixtures.ts';
import { builtElement, policyOf } from './stage.ts';

/** A relay that finds its element in `elementDirectory`, and what it logs. */
async function relayWith(elementDirectory: string, config: RelayConfigInput = {}) {
  const said: string[] = [];
  const log = pino({ level: 'warn', base: null }, { write: line => void said.push(line) });
  const usual = { host: '127.0.0.1', port: 0, webTransport: { enabled: false }, publishKeys: [PUBLISH_KEY] };
  const relay = await startRelay({ ...usual, ...config }, { elementDirectory, log });
  after(() => relay.close());
  return { said, get: (path: string) => fetch(relay.url + path) };
}

test('it serves them, to be framed by whom the configuration says', async () => {
  const { get, said } = await relayWith(builtElement(), { pages: { frameAncestors: ['https://site.example'] } });
  const page = await get('/embed/room/alice');
  assert.equal(page.status, 200);
  assert.equal(policyOf(page)['frame-ancestors'], 'https://site.example');
  assert.equal((await get('/watch/room/alice')).status, 200);
  assert.match(await (await get('/p2p-live.js')).text(), /built/);
  const { html } = await (await get(`/oembed?url=${encodeURIComponent(page.url)}`)).json();
  assert.match(html, new RegExp(`src="${page.url}"`));
  assert.deepEqual(said, []);
});

test('where only some pages may show a channel, no other may frame it', async () => {
  const channels = [{ name: 'a', embedOrigins: ['https://*.site.example', 'https://b.example'] }];
  const { get } = await relayWith(builtElement(), { channels, pages: { frameAncestors: ['*'] } });
  const ancestors = async (path: string) => policyOf(await get(path))['frame-ancestors'];
  assert.equal(await ancestors('/embed/a'), "'self' https://*.site.example https://b.example");
  assert.equal(await ancestors('/embed/b'), '*');
  assert.equal(await ancestors('/embed/a%20'), '*', 'what says what is wrong');
});

test('without the element’s files it starts, and says what is missing and where', async () => {
  const empty = temporaryDirectory();
  const { get, said } = await relayWith(empty);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /p2p-live\.js and p2p-live-engine\.js are missing.*npm run build/);
  assert.ok(said[0]!.includes(JSON.stringify(empty)));
  assert.equal((await get('/watch/a')).status, 503);
  assert.equal((await get('/channels/a')).status, 200);
});

test('they can be left out', async () => {
  const { get, said } = await relayWith(temporaryDirectory(), { pages: { enabled: false } });
  for (const path of ['/embed/a', '/watch/a', '/oembed?url=x', '/p2p-live.js'])
    assert.equal((await get(path)).status, 404, path);
  assert.deepEqual(said, []);
});
