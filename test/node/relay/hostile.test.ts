// Peers that send what no peer should: they are dropped, and everybody else plays on.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { type Bytes, ByteWriter } from '../../../core/bytes.ts';
import { CloseCode } from '../../../core/link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import { encodeMessage } from '../../../core/wire/framing.ts';
import * as wire from '../../../core/wire/index.ts';
import { until } from '../../support/until.ts';
import {
  faultOfOrder,
  overWebSocket,
  Party,
  publisher,
  signerOf,
  testRelay,
  unsignedChunk,
  viewer,
} from './fixtures.ts';

const relay = await testRelay();
const alice = await signerOf(1);
const source = await publisher(relay, 'show', alice);
const watcher = viewer(relay, 'show');
await watcher.getsChunk(await source.group(2));

// The test runner only mentions what is thrown outside a test; a relay in its own process would end there.
const uncaught: unknown[] = [];
process.on('uncaughtException', error => uncaught.push(error));

/** The show goes on: the watcher gets what is published now. */
async function playsOn(): Promise<void> {
  await watcher.getsChunk(await source.group(2));
  assert.equal(faultOfOrder(watcher), undefined);
  assert.equal(watcher.end, undefined);
  assert.deepEqual(uncaught, []);
}

const BREAKS: readonly [string, Bytes, RegExp][] = [
  [
    '1 GiB announced',
    new ByteWriter()
      .varint(99)
      .varint(2 ** 30)
      .finish(),
    /1073741824 bytes is announced/,
  ],
  ['a chunk before subscribe', encodeMessage(wire.chunk, unsignedChunk({ sequence: 1 })), /type 4 came before/],
  ['an unknown message before subscribe', Uint8Array.of(0x3f, 0), /type 63 came before/],
  ['a subscribe cut short', Uint8Array.of(wire.subscribe.type, 1, 1), /needs 1 bytes/],
  ['a channel that is no UTF-8', Uint8Array.of(wire.subscribe.type, 3, 1, 1, 0xff), /UTF-8/],
  ['bytes too many', Uint8Array.of(wire.ping.type, 2, 1, 1), /1 bytes too many/],
  ['a number above 2^53', Uint8Array.of(wire.ping.type, 8, 255, 255, 255, 255, 255, 255, 255, 255), /2\^53/],
];

for (const [name, bytes, reason] of BREAKS) {
  test(`${name}: closed at once, in memory and over a WebSocket`, async () => {
    for (const party of [new Party(relay.connect()), (await overWebSocket(relay)).party]) {
      party.link.send(bytes);
      const end = await party.ends();
      assert.equal(end.code, CloseCode.protocolViolation);
      assert.match(end.reason, reason);
    }
    await playsOn();
  });
}

test('a viewer that sends what only publishers may is closed', async () => {
  const party = viewer(relay, 'show');
  await party.gets(wire.channelState);
  party.send(wire.chunk, unsignedChunk({ sequence: 1 }));
  assert.match((await party.ends()).reason, /a viewer sent message type 4/);
  const again = viewer(relay, 'show');
  again.send(wire.subscribe, { version: WIRE_VERSION, channel: 'elsewhere' });
  assert.equal((await again.ends()).code, CloseCode.protocolViolation);
});

test('unknown messages of a viewer are room to grow', async () => {
  const party = viewer(relay, 'show');
  party.link.send(Uint8Array.of(0x3f, 2, 1, 2));
  await party.getsChunk(await source.group(1));
  party.link.close(0, 'enough');
});

test('a text frame, half a message in a frame, a frame that is too large', async () => {
  const text = await overWebSocket(relay);
  text.socket.send('{"hello":1}');
  assert.match((await text.party.ends()).reason, /all messages are binary/);
  const half = await overWebSocket(relay);
  half.socket.send(Uint8Array.of(wire.subscribe.type, 9, 1));
  assert.match((await half.party.ends()).reason, /into a message/);
  const large = await overWebSocket(relay);
  large.socket.send(new Uint8Array(2_000_000));
  await large.party.ends();
  await playsOn();
});

test('random bytes, also behind a right beginning: never more than that link ends', async () => {
  const right = encodeMessage(wire.subscribe, { version: WIRE_VERSION, channel: 'show' });
  const asked = encodeMessage(wire.publish, { version: WIRE_VERSION, channel: 'show', publicKey: alice.publicKey });
  const beginnings = fc.constantFrom<Bytes | undefined>(undefined, right, asked);
  await fc.assert(
    fc.asyncProperty(beginnings, fc.uint8Array({ minLength: 1, maxLength: 400 }), async (beginning, noise) => {
      const party = new Party(relay.connect());
      if (beginning) party.link.send(beginning);
      party.link.send(new Uint8Array(noise));
      await new Promise(resolve => setImmediate(resolve));
      party.link.close(0, '');
    }),
    { numRuns: 300 },
  );
  await playsOn();
  await until(() => relay.stats().links === 2, 'no link is left behind but publisher and watcher');
  assert.equal(relay.stats().channels.show?.viewers, 1);
});

test('a WebSocket that breaks off in the middle leaves nothing behind', async () => {
  const { party, socket } = await overWebSocket(relay);
  party.send(wire.subscribe, { version: WIRE_VERSION, channel: 'show' });
  await party.gets(wire.channelState);
  socket.terminate();
  await until(() => relay.stats().channels.show?.viewers === 1, 'the viewer is gone');
  await playsOn();
});

/** Sends bytes over a bare TCP connection; what the relay answers until the end, or until `enough`. */
function overTcp(text: string, enough = /\r\n\r\n/): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(relay.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (more: string) => {
      answer += more;
      if (enough.test(answer)) socket.destroy();
    });
    socket.setTimeout(3_000, () => socket.destroy(new Error(`no whole answer to ${JSON.stringify(text)}`)));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

const UPGRADE = 'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
const SECRET = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

test('requests that no browser makes are answered, and the relay lives', async () => {
  assert.match(await overTcp(`GET // HTTP/1.1\r\n${UPGRADE}${SECRET}`), /^HTTP\/1\.1 40\d /);
  assert.match(await overTcp(`GET http://:99999999/ HTTP/1.1\r\n${UPGRADE}${SECRET}`), /^HTTP\/1\.1 40\d /);
  assert.match(await overTcp(`GET /elsewhere HTTP/1.1\r\n${UPGRADE}${SECRET}`), /^HTTP\/1\.1 404 /);
  assert.match(await overTcp(`GET /p2p-live HTTP/1.1\r\n${UPGRADE}\r\n`), /^HTTP\/1\.1 400 /);
  assert.match(await overTcp('GET // HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 40\d /);
  assert.match(await overTcp('GET /channels/a HTTP/1.1\r\nHost: a b\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(await overTcp('GET /channels/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 40\d /);
  assert.match(await overTcp('GET /channels/%2e%2e HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 40\d /);
  assert.match(await overTcp('\0\0\0 nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
  await playsOn();
});

test('a WebSocket elsewhere is not found; one that resets right away does no harm', async () => {
  const elsewhere = new WebSocket(`ws://127.0.0.1:${relay.port}/elsewhere`);
  const [error] = await new Promise<Error[]>(resolve => elsewhere.once('error', (...args) => resolve(args)));
  assert.match(error?.message ?? '', /404/);
  const reset = Array.from({ length: 20 }, () => {
    const socket = connect(relay.port, '127.0.0.1', () => {
      socket.write(`GET /elsewhere HTTP/1.1\r\n${UPGRADE}${SECRET}`);
      socket.resetAndDestroy();
    });
    socket.on('error', () => {});
    return new Promise(resolve => socket.on('close', resolve));
  });
  await Promise.all(reset);
  await playsOn();
});
