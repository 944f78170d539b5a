// Publishers with a token, at the real relay.

import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { Publisher } from '../../../../core/publish/publisher.ts';
import { WIRE_VERSION } from '../../../../core/wire/codec.ts';
import * as wire from '../../../../core/wire/index.ts';
import { proofMessage } from '../../../../core/wire/proof.ts';
import { steadyClock } from '../../../../ingest/clock.ts';
import { startRelay } from '../../../../relay/relay.ts';
import { until } from '../../../support/until.ts';
import { TestLog } from '../../ingest/fixtures.ts';
import { Party, PUBLISH_KEY, prove, signerOf, viewer } from '../fixtures.ts';

const lines: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
const config = { host: '127.0.0.1', port: 0, webTransport: { enabled: false }, publishKeys: [PUBLISH_KEY] };
const relay = await startRelay(config, { log });
test.after(() => relay.close());
const alice = await signerOf(1);

async function publishWith(token: string, channel: string): Promise<Party> {
  const party = new Party(relay.connect());
  party.send(wire.publish, { version: WIRE_VERSION, channel, publicKey: alice.publicKey, token });
  const { nonce } = await party.gets(wire.challenge);
  const signature = await alice.sign(proofMessage(nonce, channel, alice.publicKey));
  party.send(wire.prove, { mac: new Uint8Array(32), signature });
  return party;
}

test('a token and the channel key are enough', async () => {
  const token = await relay.issueToken({ channels: ['show'], actions: ['publish'], expiresInSeconds: 60 });
  const party = await publishWith(token, 'show');
  await party.gets(wire.published);
  await (await publishWith(token, 'elsewhere'))
    .gets(wire.refused)
    .then(said => assert.deepEqual(said, { code: 'not-allowed', reason: 'the token is not for elsewhere' }));
});

test('a token without the signature of the channel key is worth nothing: whoever saw it is not the publisher', async () => {
  const token = await relay.issueToken({ channels: ['own'], actions: ['publish'], expiresInSeconds: 60 });
  const party = new Party(relay.connect());
  party.send(wire.publish, { version: WIRE_VERSION, channel: 'own', publicKey: alice.publicKey, token });
  await party.gets(wire.challenge);
  party.send(wire.prove, { mac: new Uint8Array(32), signature: new Uint8Array(64) });
  assert.match((await party.gets(wire.refused)).reason, /not signed with the channel key/);
});

test('zeros without a token are no proof', async () => {
  const party = new Party(relay.connect());
  await prove(party, 'zeros', alice, { key: '' });
  assert.equal((await party.gets(wire.refused)).reason, 'wrong publish key');
});

test('a session ends with its token; viewers are told to wait', async () => {
  const token = await relay.issueToken({ channels: ['short'], actions: ['publish'], expiresInSeconds: 0.5 });
  const party = await publishWith(token, 'short');
  await party.gets(wire.published);
  const watching = viewer(relay, 'short');
  const said = () => party.all(wire.refused)[0];
  await until(() => {
    party.send(wire.ping, { sentAt: 0 }); // as any publisher does
    return said() !== undefined;
  }, 'the relay refuses');
  assert.deepEqual(said(), { code: 'not-allowed', reason: 'the token has expired' });
  await until(() => watching.all(wire.channelState).at(-1)?.state === 'waiting', 'viewers wait');
});

test('a newer token, shown in time by a publisher of ours, keeps the session', async () => {
  const issue = (expiresInSeconds: number) =>
    relay.issueToken({ channels: ['long'], actions: ['publish'], expiresInSeconds });
  let sessions = 0;
  const publisher = new Publisher({
    ...{ channel: 'long', token: await issue(1), signer: alice, clock: steadyClock, random: Math.random },
    ...{ log: new TestLog(), connect: () => relay.connect(), pingMs: 100, published: () => sessions++ },
  });
  await until(() => publisher.stats.connected, 'it is on air');
  publisher.renew(await issue(60));
  const watching = viewer(relay, 'long');
  await delay(2_500); // more than the first token's second, rounded up
  assert.equal(sessions, 1);
  assert.ok(publisher.stats.connected);
  assert.ok(!watching.all(wire.channelState).some(({ state }) => state === 'waiting'));
  await publisher.stop({ unpublish: true });
});

test('tokens and keys are in no log', async () => {
  const token = await relay.issueToken({ channels: ['log'], actions: ['publish'], expiresInSeconds: 60 });
  await (await publishWith(token, 'log')).gets(wire.published);
  await (await publishWith(`${token}x`, 'log2')).gets(wire.refused);
  await until(() => lines.some(line => line.includes('log2') && line.includes('refused')), 'the refusal is logged');
  const all = lines.join('');
  for (const secret of [PUBLISH_KEY, token, ...token.split('.')]) assert.ok(!all.includes(secret));
});
