// Publishers that may not, or that send what is wrong, at the real relay.

import assert from 'node:assert/strict';
import test from 'node:test';
import { assembleChunk } from '../../../../core/chunk.ts';
import { CloseCode } from '../../../../core/link.ts';
import { signChunk } from '../../../../core/signature.ts';
import { WIRE_VERSION } from '../../../../core/wire/codec.ts';
import { encodeMessage } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import { until } from '../../../support/until.ts';
import {
  faultOfOrder,
  initDocument,
  Party,
  prove,
  publisher,
  signerOf,
  type TestPublisher,
  testRelay,
  unsignedChunk,
  viewer,
} from '../fixtures.ts';

const relay = await testRelay();
const alice = await signerOf(1);
const bob = await signerOf(2);

async function refusal(party: Party): Promise<{ code: string; reason: string }> {
  const said = await party.gets(wire.refused);
  assert.equal((await party.ends()).code, CloseCode.refused);
  return said;
}

test('a wrong publish key is not allowed, and opens nothing', async () => {
  const party = new Party(relay.connect());
  await prove(party, 'key', alice, { key: 'a wrong publish key' });
  assert.deepEqual(await refusal(party), { code: 'not-allowed', reason: 'wrong publish key' });
  assert.equal((await (await fetch(`${relay.url}/channels/key`)).json()).publicKey, null);
});

test('a proof that the channel key did not sign is not allowed', async () => {
  const party = new Party(relay.connect());
  await prove(party, 'signature', alice, { signature: new Uint8Array(64).fill(7) });
  assert.equal((await refusal(party)).code, 'not-allowed');
});

test('a proof for one link is worth nothing on another: each has its own challenge', async () => {
  const [a, b] = [new Party(relay.connect()), new Party(relay.connect())];
  for (const party of [a, b])
    party.send(wire.publish, { version: WIRE_VERSION, channel: 'n', publicKey: alice.publicKey });
  assert.notDeepEqual((await a.gets(wire.challenge)).nonce, (await b.gets(wire.challenge)).nonce);
});

test('names that can not be: refused by name, for publishers and viewers', async () => {
  for (const [channel, reason] of [
    ['..', /no segment "\.\."/],
    ['a/../b', /no segment "\.\."/],
    ['x'.repeat(200), /at most 128 characters, this one has 200/],
    ['', /at least one character/],
    ['ü', /segments are made of/],
  ] as const) {
    const request = { version: WIRE_VERSION, channel };
    for (const message of [
      encodeMessage(wire.subscribe, request),
      encodeMessage(wire.publish, { ...request, publicKey: alice.publicKey }),
    ]) {
      const party = new Party(relay.connect());
      party.link.send(message);
      const said = await refusal(party);
      assert.equal(said.code, 'bad-name');
      assert.match(said.reason, reason);
    }
  }
});

test('another version of the wire is refused, and told which one is spoken', async () => {
  const party = new Party(relay.connect());
  party.send(wire.subscribe, { version: 999, channel: 'a' });
  const { code, reason } = await refusal(party);
  assert.equal(code, 'bad-version');
  assert.match(reason, /999.*speaks 1/);
});

type Fault = (source: TestPublisher) => Promise<void> | void;
const faults: Record<string, { readonly send: Fault; readonly reason: RegExp }> = {
  'a payload with one wrong byte': {
    reason: /signature/,
    async send(source) {
      const { header, bytes, payload, signature } = await source.make({ group: true });
      const forged = payload.slice();
      forged[50]! ^= 1;
      const encoded = bytes.subarray(0, bytes.length - payload.length - signature.length);
      source.party.send(wire.chunk, assembleChunk(header, encoded, signature, forged));
    },
  },
  'a chunk that another key signed': {
    reason: /signature/,
    async send(source) {
      const { header, payload } = await source.make({ group: true });
      source.party.send(wire.chunk, await signChunk(source.channel, header, payload, bob));
    },
  },
  'a chunk of another channel': {
    reason: /signature/,
    async send(source) {
      const { header, payload } = await source.make({ group: true });
      source.party.send(wire.chunk, await signChunk('elsewhere', header, payload, source.signer));
    },
  },
  'a sequence that does not grow': {
    reason: /it must grow/,
    async send(source) {
      source.party.send(wire.chunk, await source.make({ group: true, sequence: source.next - 1 }));
    },
  },
  'a sequence that nothing can follow': {
    reason: /none could follow/,
    async send(source) {
      const { header } = unsignedChunk({
        sequence: Number.MAX_SAFE_INTEGER,
        initId: (await source.make()).header.initId,
      });
      source.party.send(wire.chunk, await signChunk(source.channel, header, new Uint8Array(1), source.signer));
    },
  },
  'a chunk whose init was not sent': {
    reason: /init document that was not sent/,
    async send(source) {
      const { header } = unsignedChunk({ sequence: source.next + 1 });
      source.party.send(wire.chunk, await signChunk(source.channel, header, new Uint8Array(1), source.signer));
    },
  },
  'a chunk of a track without an init': {
    reason: /track 5 has no init document/,
    async send(source) {
      const { header } = unsignedChunk({ sequence: source.next + 1, track: 5 });
      source.party.send(wire.chunk, await signChunk(source.channel, header, new Uint8Array(1), source.signer));
    },
  },
  'bytes that are no chunk': {
    reason: /./,
    send: source => source.party.link.send(Uint8Array.of(wire.chunk.type, 3, 0, 0, 0)),
  },
  'an init that is none': {
    reason: /unknown container/,
    send: source => source.party.send(wire.init, { track: 0, document: new Uint8Array(9).fill(77) }),
  },
  'too many tracks': {
    reason: /more than 8 tracks/,
    send(source) {
      for (let track = 1; track < 9; track++) source.party.send(wire.init, { track, document: initDocument(1) });
    },
  },
};

for (const [name, { send, reason }] of Object.entries(faults)) {
  test(`${name}: bad-chunk, closed, and viewers never get it`, async () => {
    const channel = `fault/${name.replaceAll(' ', '-')}`;
    const source = await publisher(relay, channel, alice);
    const party = viewer(relay, channel);
    await party.getsChunk(await source.group(2));
    const before = party.sequences.length;
    await send(source);
    source.party.send(wire.chunk, await source.make({ group: true }));
    const said = await refusal(source.party);
    assert.equal(said.code, 'bad-chunk');
    assert.match(said.reason, reason);
    await until(() => party.all(wire.channelState).at(-1)?.state === 'waiting', 'viewers are told to wait');

    const back = await publisher(relay, channel, alice);
    await party.getsChunk(await back.group(1));
    assert.equal(party.sequences.length, before + 1, 'only what was right came');
    assert.equal(faultOfOrder(party), undefined);
  });
}

test('chunks before `published`, and a second proof, break the protocol', async () => {
  const early = new Party(relay.connect());
  early.send(wire.publish, { version: WIRE_VERSION, channel: 'early', publicKey: alice.publicKey });
  early.send(wire.chunk, unsignedChunk({ sequence: 1 }));
  assert.equal((await early.ends()).code, CloseCode.protocolViolation);
  const twice = new Party(relay.connect());
  await prove(twice, 'twice', alice);
  twice.send(wire.prove, { mac: new Uint8Array(32), signature: new Uint8Array(64) });
  assert.deepEqual(await twice.ends(), { code: CloseCode.protocolViolation, reason: 'prove came twice' });
});

test('faster than allowed: too-fast; the limit is told; another channel goes on', async () => {
  const slow = await testRelay({ limits: { publishMegabitsPerSecond: 0.08 } });
  const other = await publisher(slow, 'other', bob);
  const source = await publisher(slow, 'a', alice);
  await source.group(4, 12_000);
  const { code, reason } = await refusal(source.party);
  assert.equal(code, 'too-fast');
  assert.match(reason, /at most 0\.08 Mbit\/s/);
  const party = viewer(slow, 'other');
  await party.getsChunk(await other.group(2));
});

test('an empty proof of life: a publisher that only ever connects leaves nothing behind', async () => {
  const party = new Party(relay.connect());
  party.send(wire.publish, { version: WIRE_VERSION, channel: 'gone', publicKey: alice.publicKey });
  await party.gets(wire.challenge);
  party.link.close(0, '');
  const next = await publisher(relay, 'gone', bob);
  await next.group(1);
  assert.equal(relay.stats().channels.gone?.state, 'live');
});
