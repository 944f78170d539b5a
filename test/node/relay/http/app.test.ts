// The HTTP face, asked as a fetch; what only a socket can ask is in `hostile.test.ts`.

import assert from 'node:assert/strict';
import test from 'node:test';
import type { Channel } from '../../../../relay/channels/channel.ts';
import type { ChannelStats } from '../../../../relay/channels/channel-stats.ts';
import { Channels } from '../../../../relay/channels/channels.ts';
import { parseConfig } from '../../../../relay/config/config.ts';
import { createApp } from '../../../../relay/http/app.ts';
import { channelDocument } from '../../../../relay/http/channel-document.ts';
import { createLog } from '../../../../relay/log.ts';
import { messageTerms } from '../../../../relay/messages/message-terms.ts';
import { initDocument } from '../fixtures.ts';

const HASHES = [{ algorithm: 'sha-256', value: 'aGFzaA' }] as const;

const statsOf = ({ state, viewers, copies }: Channel): ChannelStats => ({
  ...{
    state,
    viewers: viewers.size,
    bytesIn: 1,
    bytesOut: 2,
    bytesPulled: 0,
    copies,
    transports: {},
    swarm: null,
    messages: { listeners: 0, delivered: 0, missed: 0 },
  },
});

function face(options: { webTransportPort?: number } = { webTransportPort: 4433 }) {
  const { swarm, messages } = parseConfig({});
  const channels = new Channels({
    ...{ window: { maxAgeMs: 1, maxBytes: 1 }, swarm, log: createLog('silent') },
    messages: messageTerms(messages, { steady: () => 0, after: () => {} }),
    ...{ clock: () => 0, steady: () => 0, after: () => {} },
  });
  const app = createApp({
    document: (name, host, secure) =>
      channelDocument(
        name,
        channels.find(name),
        { host, secure, certificateHashes: HASHES, ...options },
        { iceServers: [{ urls: 'stun:stun.example' }], swarm, clock: 1_234 },
      ),
    stats: name => {
      const channel = channels.find(name);
      return channel && statsOf(channel);
    },
    health: () => ({ status: 'ok', links: 3 }),
    mounts: [hono => void hono.get('/extra', context => context.text('more'))],
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://relay.example:4080${path}`, { headers: { host: 'relay.example:4080', ...headers } });
  return { channels, get };
}

test('a channel that nobody has published yet: waiting, with all that a viewer needs', async () => {
  const response = await face().get('/channels/room/alice');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.deepEqual(await response.json(), {
    name: 'room/alice',
    state: 'waiting',
    publicKey: null,
    transports: {
      webtransport: [{ url: 'https://relay.example:4433/p2p-live', certificateHashes: HASHES }],
      websocket: ['ws://relay.example:4080/p2p-live'],
    },
    tracks: [],
    rewind: null,
    iceServers: [{ urls: 'stun:stun.example' }],
    swarm: { enabled: true, stripes: 4, minViewers: 0, iceTransportPolicy: 'all' },
    outputs: { http: null, hls: null },
    ticket: null,
    clock: 1_234,
  });
});

test('asking makes no channel', async () => {
  const { channels, get } = face();
  await get('/channels/a');
  assert.equal(channels.find('a'), undefined);
});

test('a live channel: its key and tracks', async () => {
  const { channels, get } = face();
  const channel: Channel = channels.get('a');
  channel.open({ publicKey: new Uint8Array(32).fill(255), replace() {} });
  channel.addInit(0, initDocument(1));
  const { state, publicKey, tracks } = await (await get('/channels/a')).json();
  assert.deepEqual(
    { state, publicKey, tracks },
    {
      state: 'live',
      publicKey: `${'_'.repeat(42)}8`,
      tracks: [{ id: 0, container: 'flv' }],
    },
  );
});

test('the URLs are those of the host that was asked; localhost is one address for QUIC', async () => {
  const document = async (host: string, headers = {}) =>
    (await (await face().get('/channels/a', { host, ...headers })).json()).transports;
  assert.deepEqual((await document('localhost:1')).websocket, ['ws://localhost:1/p2p-live']);
  assert.equal((await document('localhost:1')).webtransport[0].url, 'https://127.0.0.1:4433/p2p-live');
  assert.equal((await document('[::1]:1')).webtransport[0].url, 'https://[::1]:4433/p2p-live');
  assert.equal((await document('[::1]')).webtransport[0].url, 'https://[::1]:4433/p2p-live');
  assert.equal((await document('live.example')).webtransport[0].url, 'https://live.example:4433/p2p-live');
  const behindProxy = await document('live.example', { 'x-forwarded-proto': 'https' });
  assert.deepEqual(behindProxy.websocket, ['wss://live.example/p2p-live']);
});

test('without WebTransport none is offered', async () => {
  const { transports } = await (await face({}).get('/channels/a')).json();
  assert.deepEqual(transports.webtransport, []);
});

test('names that are percent-encoded are read', async () => {
  for (const path of ['/channels/room%2Falice', '/channels/r%6Fom/alice']) {
    assert.equal((await (await face().get(path)).json()).name, 'room/alice', path);
  }
});

test('bad names: 400 and a sentence', async () => {
  for (const [path, sentence] of [
    ['/channels/', /at least one character/],
    [`/channels/${'x'.repeat(200)}`, /at most 128 characters, this one has 200/],
    ['/channels/a%2F..%2Fb', /no segment "\.\."/],
    ['/channels/%2E%2E%2Fetc', /no segment "\.\."/],
    ['/channels/..%2F..%2Fetc%2Fpasswd', /no segment "\.\."/],
    ['/channels/a%00b', /segments are made of/],
    ['/channels/a%20b', /segments are made of/],
    ['/channels/%C3%A9', /segments are made of/],
    ['/channels/%FF', /percent-encoded UTF-8/],
    ['/channels/%', /percent-encoded UTF-8/],
    ['/channels//a', /empty segment/],
    ['/channels/a/', /empty segment/],
  ] as const) {
    const response = await face().get(path);
    assert.equal(response.status, 400, path);
    const { error } = await response.json();
    assert.equal(error.code, 'bad-name', path);
    assert.match(error.message, sentence, path);
    assert.equal(response.headers.get('access-control-allow-origin'), '*', path);
  }
});

test('a name whose dots the URL itself resolves is none of ours', async () => {
  for (const path of ['/channels/..', '/channels/%2e%2e', '/channels/../x']) {
    assert.equal((await face().get(path)).status, 404, path);
  }
});

test('pages of any origin may ask', async () => {
  const headers = { origin: 'https://page.example' };
  for (const path of ['/channels/a', '/health']) {
    assert.equal((await face().get(path, headers)).headers.get('access-control-allow-origin'), '*', path);
  }
});

test('health, an embedder’s routes, and nothing else', async () => {
  assert.deepEqual(await (await face().get('/health')).json(), { status: 'ok', links: 3 });
  assert.equal(await (await face().get('/extra')).text(), 'more');
  assert.equal((await face().get('/')).status, 404);
});

test('the figures of a channel; of none that nobody knows', async () => {
  const { channels, get } = face();
  const unknown = await get('/channels/room/alice/stats');
  assert.equal(unknown.status, 404);
  assert.match((await unknown.json()).error.message, /nobody publishes or watches room\/alice/);
  channels.get('room/alice');
  const response = await get('/channels/room/alice/stats');
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.equal((await response.json()).state, 'waiting');
  assert.equal(channels.find('room/alice/stats'), undefined);
});

test('a channel whose own name ends with /stats keeps its document', async () => {
  const { channels, get } = face();
  channels.get('room');
  channels.get('room/stats');
  assert.equal((await (await get('/channels/room/stats')).json()).name, 'room/stats');
});
