// Who may watch, at the real relay: by tokens and keys, from pages, within limits.

import assert from 'node:assert/strict';
import test from 'node:test';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { webSocketLink } from '../../../../core/links/web-socket-link.ts';
import { WIRE_VERSION } from '../../../../core/wire/codec.ts';
import * as wire from '../../../../core/wire/index.ts';
import { proofMessage } from '../../../../core/wire/proof.ts';
import type { Subscribe } from '../../../../core/wire/subscribe.ts';
import { startRelay } from '../../../../relay/relay.ts';
import { until } from '../../../support/until.ts';
import { faultOfOrder, Party, PUBLISH_KEY, prove, publisher, signerOf } from '../fixtures.ts';

const VIEW_KEY = 'a view key of these tests';
const OWN_KEY = 'the publish key of one channel';
const lines: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
const relay = await startRelay(
  {
    ...{ host: '127.0.0.1', port: 0, webTransport: { enabled: false }, publishKeys: [PUBLISH_KEY] },
    unlistedChannels: 'refuse',
    channels: [
      { name: 'open' },
      { name: 'closed/*', view: 'token', viewKeys: [VIEW_KEY] },
      { name: 'pages', embedOrigins: ['https://page.example', 'https://*.pages.example'] },
      { name: 'closed/full', view: 'token', limits: { viewers: 1 } },
      { name: 'small', limits: { viewers: 2 } },
      { name: 'own', publishKeys: [OWN_KEY], limits: { publishMegabitsPerSecond: 0.01 } },
      { name: 'many/*' },
      { name: 'room/*' },
    ],
    iceServers: [
      { urls: 'stun:stun.example' },
      { urls: 'turn:turn.example', username: 'u', credential: 'the turn pass' },
    ],
    limits: { channelsPerAddress: 3, linksPerAddress: 8, handshakesPerMinute: 12, trustedProxies: ['127.0.0.1'] },
  },
  { log },
);
test.after(() => relay.close());
const signer = await signerOf(1);

/** A viewer in memory. */
function watch(channel: string, shown: Partial<Subscribe> = {}): Party {
  const party = new Party(relay.connect());
  party.send(wire.subscribe, { version: WIRE_VERSION, channel, ...shown });
  return party;
}

/** A viewer on a real WebSocket, by way of a proxy, from any address and page. */
async function watchFrom(address: string, channel: string, origin?: string): Promise<Party> {
  const headers = { 'x-forwarded-for': address };
  const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/p2p-live`, { headers, ...(origin && { origin }) });
  const party = new Party(webSocketLink(socket));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  party.send(wire.subscribe, { version: WIRE_VERSION, channel });
  return party;
}

async function reasonOf(party: Party): Promise<string> {
  return (await party.gets(wire.refused)).reason;
}

const tokenFor = (channels: string[], expiresInSeconds = 60, actions: ('view' | 'enter' | 'publish')[] = ['view']) =>
  relay.issueToken({ channels, actions, expiresInSeconds });

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${relay.url}${path}`, { headers });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

test('a closed channel: by a token that lets watch it, or a key of it; everybody else is told why not', async () => {
  const broadcast = await publisher(relay, 'closed/a', signer);
  const last = await broadcast.group(3);
  for (const token of [await tokenFor(['closed/*']), await tokenFor(['closed/a']), VIEW_KEY]) {
    const party = watch('closed/a', { token });
    await party.getsChunk(last);
    assert.equal(faultOfOrder(party), undefined);
  }
  const refusals: [string | undefined, RegExp][] = [
    [undefined, /^watching closed\/a needs a token$/],
    [await tokenFor(['closed/b']), /^the token is not for closed\/a$/],
    [await tokenFor(['closed/a'], 60, ['publish']), /^the token does not allow to view$/],
    ['a wrong view key', /^this is neither a token nor a key of the channel$/],
    [PUBLISH_KEY, /^this is neither a token nor a key/],
  ];
  for (const [token, expected] of refusals) {
    const party = watch('closed/a', token === undefined ? {} : { token });
    const said = await party.gets(wire.refused);
    assert.equal(said.code, 'not-allowed');
    assert.match(said.reason, expected);
    assert.equal(party.sequences.length + party.all(wire.init).length + party.all(wire.channelState).length, 0);
  }
});

test('what a newcomer says before it is let in is not lost; too much of it is a violation', async () => {
  const party = watch('closed/a', { token: VIEW_KEY });
  party.send(wire.message, { from: '', own: false, isText: true, data: new TextEncoder().encode('early') });
  assert.equal(new TextDecoder().decode((await party.gets(wire.message)).data), 'early');
  const flood = watch('closed/a', { token: await tokenFor(['closed/a']) });
  for (let i = 0; i < 70; i++) flood.send(wire.leaveSwarm, {});
  assert.match((await flood.ends()).reason, /more than 64 messages/);
});

test('a session ends with its token, and goes on without a gap when another is shown in time', async () => {
  const broadcast = await publisher(relay, 'closed/c', await signerOf(3));
  let last = await broadcast.group(3);
  const [short, long] = [await tokenFor(['closed/c'], 1), await tokenFor(['closed/c'], 60)];
  const [left, renewed, wrong] = [0, 0, 0].map(() => watch('closed/c', { token: short }));
  assert.ok(left && renewed && wrong);
  for (const party of [left, renewed, wrong]) await party.getsChunk(last);
  renewed.send(wire.renewAccess, { token: long });
  wrong.send(wire.renewAccess, { token: await tokenFor(['elsewhere']) });
  assert.deepEqual(await left.gets(wire.refused), { code: 'not-allowed', reason: 'the token has expired' });
  assert.equal(await reasonOf(wrong), 'the token is not for closed/c');
  await left.ends();
  last = await broadcast.group(3);
  await renewed.getsChunk(last);
  assert.equal(renewed.end, undefined);
  assert.equal(faultOfOrder(renewed), undefined);
  assert.equal(new Set(renewed.sequences).size, 6, 'all six chunks, once each');
  assert.ok(!left.sequences.includes(last), 'nothing after the end');
});

test('whoever is there already may stay with another token, though the channel is full', async () => {
  const party = watch('closed/full', { token: await tokenFor(['closed/full'], 1) });
  await party.gets(wire.channelState);
  const longer = await tokenFor(['closed/full'], 2);
  party.send(wire.renewAccess, { token: longer });
  assert.equal(
    await reasonOf(watch('closed/full', { token: await tokenFor(['closed/full']) })),
    'closed/full has its only viewer already',
  );
  assert.equal(await reasonOf(party), 'the token has expired');
  const { exp } = JSON.parse(Buffer.from(longer.split('.')[1] ?? '', 'base64url').toString());
  assert.ok(Date.now() >= exp * 1_000, 'the longer one');
});

test('what is asked over HTTP is kept as well: figures, and credentials of servers', async () => {
  const token = await tokenFor(['closed/*']);
  const authorization = `Bearer ${token}`;
  const turn = (body: { iceServers: { urls: string }[] }) => body.iceServers.map(({ urls }) => urls);
  assert.deepEqual(turn((await ask('/channels/closed/a')).body), ['stun:stun.example']);
  assert.deepEqual(turn((await ask('/channels/closed/a', { authorization })).body), [
    'stun:stun.example',
    'turn:turn.example',
  ]);
  assert.deepEqual(turn((await ask('/channels/open')).body), ['stun:stun.example', 'turn:turn.example']);
  const stats = await ask('/channels/closed/a/stats');
  assert.equal(stats.status, 401);
  assert.equal(stats.headers.get('access-control-allow-origin'), '*');
  assert.deepEqual(stats.body.error, { code: 'no-token', message: 'watching closed/a needs a token' });
  assert.equal((await ask('/channels/closed/a/stats', { authorization: 'Bearer a wrong key' })).status, 403);
  assert.equal((await ask('/channels/closed/a/stats', { authorization })).body.state, 'live');
  assert.equal((await ask(`/channels/closed/a/stats?token=${token}`)).status, 200);
});

test('only some pages may show a channel: told by their Origin, or by the ticket that its document gives them', async () => {
  for (const origin of ['https://page.example', 'https://a.pages.example', undefined, relay.url]) {
    await (await watchFrom('192.0.2.10', 'pages', origin?.replace('localhost', '127.0.0.1'))).gets(wire.channelState);
  }
  const evil = await watchFrom('192.0.2.11', 'pages', 'https://evil.example');
  assert.deepEqual(await evil.gets(wire.refused), {
    ...{ code: 'not-allowed', reason: 'pages of https://evil.example may not show pages' },
  });
  const refused = await ask('/channels/pages', { origin: 'https://evil.example' });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('access-control-allow-origin'), '*', 'so that the page can say why');
  const allowed = await ask('/channels/pages', { origin: 'https://page.example' });
  assert.match(allowed.body.ticket, /^[\w-]+\.[\w-]{22}$/);
  assert.equal((await ask('/channels/open', { origin: 'https://evil.example' })).body.ticket, null);
});

test('a channel has as many viewers as its entry says', async () => {
  const first = [watch('small'), watch('small')];
  for (const party of first) await party.gets(wire.channelState);
  const third = await watch('small').gets(wire.refused);
  assert.deepEqual(third, { code: 'too-many', reason: 'small has its 2 viewers already' });
  first[0]?.link.close(0, 'done');
  await first[0]?.ends();
  await watch('small').gets(wire.channelState);
});

test('channels that no entry names are refused, to viewers and publishers', async () => {
  assert.equal(await reasonOf(watch('unknown')), 'this relay has no channel unknown');
  const party = new Party(relay.connect());
  party.send(wire.publish, { version: WIRE_VERSION, channel: 'unknown', publicKey: signer.publicKey });
  assert.equal(await reasonOf(party), 'this relay has no channel unknown');
});

test('who watches a recording together needs what its channel needs; nobody publishes there', async () => {
  await watch('recordings/open/20261121T191500Z').gets(wire.channelState);
  await watch('recordings/closed/a/20261121T191500Z', { token: VIEW_KEY }).gets(wire.channelState);
  assert.equal(await reasonOf(watch('recordings/closed/a/20261121T191500Z')), 'watching closed/a needs a token');
  assert.equal(await reasonOf(watch('recordings/unknown/20261121T191500Z')), 'this relay has no channel unknown');
  const party = new Party(relay.connect());
  const channel = 'recordings/open/20261121T191500Z';
  party.send(wire.publish, { version: WIRE_VERSION, channel, publicKey: signer.publicKey });
  assert.equal(await reasonOf(party), 'channels below recordings/ are for viewers of recordings');
});

test('a channel’s own publish keys are the only ones, and its own rate counts', async () => {
  const party = new Party(relay.connect());
  await prove(party, 'own', signer);
  assert.equal(await reasonOf(party), 'wrong publish key');
  const owner = new Party(relay.connect());
  await prove(owner, 'own', signer, { key: OWN_KEY });
  await owner.gets(wire.published);
  for (let i = 0; i < 3; i++) owner.send(wire.init, { track: 0, document: new Uint8Array(4_000) });
  assert.match(await reasonOf(owner), /^at most 0.01 Mbit\/s are accepted$|init document/);
});

test('links, handshakes and channels of one address; behind a proxy each client has its own', async () => {
  const address = '198.51.100.1';
  const channels = ['many/a', 'many/b', 'many/c'];
  for (const channel of channels) await (await watchFrom(address, channel)).gets(wire.channelState);
  const fourth = await (await watchFrom(address, 'many/d')).gets(wire.refused);
  assert.deepEqual(fourth, { code: 'too-many', reason: 'at most 3 channels from one address' });
  await (await watchFrom('198.51.100.2', 'many/d')).gets(wire.channelState);
  const before = relay.stats().links;
  const parties: Party[] = [];
  for (let i = 0; i < 5; i++) parties.push(await watchFrom(address, 'many/a'));
  assert.match(await reasonOf(parties[4]!), /^at most 8 links from one address$/);
  for (const party of parties) party.link.close(0, 'done');
  await until(() => relay.stats().links <= before, 'they have left');
  const last = [];
  for (let i = 0; i < 4; i++) last.push(await watchFrom(address, 'many/a'));
  assert.match(await reasonOf(last[3]!), /^at most 12 new links a minute from one address$/);
});

test('wrong keys from one address are not tried for ever; tokens are not held against anybody', async () => {
  const tryKey = async (token: string, address: string) =>
    (await ask('/channels/closed/a/stats', { authorization: `Bearer ${token}`, 'x-forwarded-for': address })).status;
  for (let i = 0; i < 60; i++) assert.equal(await tryKey(`wrong view key ${i}`, '203.0.113.1'), 403);
  assert.equal(await tryKey(VIEW_KEY, '203.0.113.1'), 429);
  assert.equal(await tryKey(await tokenFor(['closed/a']), '203.0.113.1'), 200);
  assert.equal(await tryKey(VIEW_KEY, '203.0.113.2'), 200);
});

test('publishers and members stay, too, with another token in time', async () => {
  const [short, long] = await Promise.all(
    [1, 60].map(seconds => tokenFor(['room/tea/*'], seconds, ['publish', 'enter'])),
  );
  assert.ok(short && long);
  const enter = (user: string) => {
    const party = new Party(relay.connect());
    const secret = crypto.getRandomValues(new Uint8Array(16));
    party.send(wire.enterRoom, { version: WIRE_VERSION, room: 'room/tea', user, secret, token: short });
    return party;
  };
  const publish = async (user: string) => {
    const [party, channel] = [new Party(relay.connect()), `room/tea/${user}`];
    party.send(wire.publish, { version: WIRE_VERSION, channel, publicKey: signer.publicKey, token: short });
    const { nonce } = await party.gets(wire.challenge);
    const signature = await signer.sign(proofMessage(nonce, channel, signer.publicKey));
    party.send(wire.prove, { mac: new Uint8Array(32), signature });
    await party.gets(wire.published);
    return party;
  };
  const [leaving, staying] = [
    [enter('ada'), await publish('ada')],
    [enter('bob'), await publish('bob')],
  ];
  for (const party of staying) party.send(wire.renewAccess, { token: long });
  for (const party of leaving) assert.equal(await reasonOf(party), 'the token has expired');
  for (const party of staying) assert.equal(party.all(wire.refused).length, 0);
});

test('a member of a room sees who is in it with the same token', async () => {
  const closed = await startRelay({
    ...{ host: '127.0.0.1', port: 0, webTransport: { enabled: false }, publishKeys: [PUBLISH_KEY] },
    ...{ logLevel: 'silent', access: { view: 'token' } },
  });
  try {
    const view = async (channels: string[], channel: string) => {
      const token = await closed.issueToken({ channels, actions: ['enter'], expiresInSeconds: 60 });
      const party = new Party(closed.connect());
      party.send(wire.subscribe, { version: WIRE_VERSION, channel, token });
      return party;
    };
    for (const pattern of ['room/tea', 'room/tea/*', 'room/tea/ada', 'room/*'])
      await (await view([pattern], 'room/tea/bob')).gets(wire.channelState);
    assert.equal(await reasonOf(await view(['room/tea'], 'room/milk/bob')), 'the token does not allow to view');
    assert.equal(await reasonOf(await view(['lecture'], 'lecture')), 'the token does not allow to view');
  } finally {
    await closed.close();
  }
});

test('no token and no key is in the log', () => {
  assert.ok(lines.length > 50);
  for (const line of lines) {
    for (const secret of [VIEW_KEY, OWN_KEY, PUBLISH_KEY, 'the turn pass', 'wrong view key'])
      assert.ok(!line.includes(secret), line);
    assert.doesNotMatch(line, /eyJ[\w-]+\./);
  }
});
