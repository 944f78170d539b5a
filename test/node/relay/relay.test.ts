// The relay as its clients see it: publishing, viewing, refusals, and what broken clients do to the others.

import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { CloseCode, type Link } from '../../../core/link.ts';
import { webSocketLink } from '../../../core/links/web-socket-link.ts';
import { signChunk } from '../../../core/signature.ts';
import { encodeMessage } from '../../../core/wire/framing.ts';
import { subscribe } from '../../../core/wire/index.ts';
import { type Relay, startRelay } from '../../../relay/relay.ts';
import { headerOf, newSigner, TestPublisher, TestViewer, until } from './clients.ts';

const KEY = 'key-of-the-tests';
const config = {
  host: '127.0.0.1',
  port: 0,
  publishKeys: [KEY],
  webTransport: { enabled: false },
  logLevel: 'silent' as const,
};

let relay: Relay;
let names = 0;
const newName = () => `test/${++names}`;
const socketLink = (): Link => webSocketLink(new WebSocket(`ws://127.0.0.1:${relay.port}/p2p-live`));

async function publisherOf(channel: string, options: { link?: Link; publishKey?: string } = {}) {
  const signer = await newSigner();
  const link = options.link ?? relay.connect();
  return new TestPublisher(link, { channel, publishKey: options.publishKey ?? KEY, signer });
}

before(async () => {
  relay = await startRelay(config);
});
after(() => relay.close());

describe('publishing and viewing', () => {
  it('carries chunks to those who are there and to those who come later', async () => {
    const channel = newName();
    const early = new TestViewer(socketLink(), channel);
    await until('waiting', () => early.state === 'waiting');
    const publisher = await publisherOf(channel);
    await publisher.begin();
    await publisher.group(10);
    await until('10 chunks', () => early.sequences.length === 10); // else it may join at the second group
    await publisher.group(5);
    await until('15 chunks', () => early.sequences.length === 15);
    assert.deepEqual(
      early.sequences,
      Array.from({ length: 15 }, (_, i) => 1_000 + i),
    );
    assert.equal(early.inits, 1);
    assert.deepEqual(
      early.states.map(({ state }) => state),
      ['waiting', 'live'],
    );
    assert.deepEqual(early.states[1]?.publicKey, publisher.signer.publicKey);

    const late = new TestViewer(relay.connect(), channel);
    await until('the newest group', () => late.sequences.length === 5);
    assert.equal(late.sequences[0], 1_010);
    assert.equal(late.states[0]?.state, 'live');
    await until('a beacon', () => late.beacons.length > 0);
    assert.equal(late.beacons[0]?.edge, 1_014);
    assert.equal(late.beacons[0]?.group, 1_010);

    const stats = relay.stats().channels[channel];
    assert.equal(stats?.viewers, 2);
    assert.deepEqual(stats?.transports, { websocket: 1, memory: 1 });
    publisher.unpublish();
    await until('ended', () => late.state === 'ended' && early.state === 'ended');
    for (const { link } of [early, late, publisher]) link.close(0, '');
  });

  it('waits when the publisher is lost, and goes on where it was', async () => {
    const channel = newName();
    const signer = await newSigner();
    const first = new TestPublisher(relay.connect(), { channel, publishKey: KEY, signer });
    await first.begin();
    await first.group(3);
    const viewer = new TestViewer(relay.connect(), channel);
    await until('3 chunks', () => viewer.sequences.length === 3);
    first.link.close(CloseCode.failed, 'cut');
    await until('waiting', () => viewer.state === 'waiting');
    const second = new TestPublisher(relay.connect(), { channel, publishKey: KEY, signer });
    await second.begin();
    assert.equal(second.nextSequence, 1_003);
    await second.group(2);
    await until('5 chunks', () => viewer.sequences.length === 5);
    assert.equal(viewer.state, 'live');
  });

  it('hands a channel over to a newer session of the same key', async () => {
    const channel = newName();
    const signer = await newSigner();
    const older = new TestPublisher(relay.connect(), { channel, publishKey: KEY, signer });
    await older.begin();
    const newer = new TestPublisher(relay.connect(), { channel, publishKey: KEY, signer });
    await newer.begin();
    await until('replaced', () => older.refusal !== undefined);
    assert.equal(older.refusal?.code, 'replaced');
    assert.equal((await older.link.closed).code, CloseCode.refused);
    assert.equal(relay.stats().channels[channel]?.state, 'live');
  });

  it('answers with the channel document', async () => {
    const channel = newName();
    const publisher = await publisherOf(channel);
    await publisher.begin();
    await publisher.group(1);
    await until('live', () => relay.stats().channels[channel]?.bytesIn !== 0);
    const response = await fetch(`${relay.url}/channels/${channel}`);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    const document = await response.json();
    assert.equal(document.state, 'live');
    assert.deepEqual(document.tracks, [{ id: 0, container: 'flv' }]);
    assert.deepEqual(document.transports.websocket, [`ws://127.0.0.1:${relay.port}/p2p-live`]);
    const unknown = await (await fetch(`${relay.url}/channels/nobody/here`)).json();
    assert.equal(unknown.state, 'waiting');
    assert.equal(unknown.publicKey, null);
    for (const bad of ['a%2F..', 'a'.repeat(200), 'a//b', '%ff', 'sp%20ace']) {
      const refusal = await fetch(`${relay.url}/channels/${bad}`);
      assert.equal(refusal.status, 400, bad);
      assert.equal((await refusal.json()).error.code, 'bad-name');
    }
  });
});

describe('refusals', () => {
  const refusalOf = async (client: TestPublisher | TestViewer) => {
    await until('a refusal', () => client.refusal !== undefined);
    assert.equal((await client.link.closed).code, CloseCode.refused);
    return client.refusal?.code;
  };

  it('refuses a wrong publish key, and a second publisher with another key', async () => {
    const channel = newName();
    assert.equal(await refusalOf(await publisherOf(channel, { publishKey: 'not-that-one' })), 'not-allowed');
    const first = await publisherOf(channel);
    await first.begin();
    assert.equal(await refusalOf(await publisherOf(channel)), 'taken');
    await first.group(1);
    await until('the first goes on', () => (relay.stats().channels[channel]?.bytesIn ?? 0) > 0);
  });

  it('refuses bad names and versions', async () => {
    assert.equal(await refusalOf(new TestViewer(relay.connect(), 'a/../b')), 'bad-name');
    assert.equal(await refusalOf(new TestViewer(socketLink(), 'fine', 99)), 'bad-version');
    assert.equal(await refusalOf(await publisherOf('..')), 'bad-name');
  });

  it('refuses chunks that are forged, out of order, without init or group', async () => {
    const cases: [string, (publisher: TestPublisher) => Promise<void>][] = [
      [
        'another signer',
        async p =>
          p.send(
            await signChunk(
              p.channel,
              headerOf({ sequence: 2_000, group: 2_000 }),
              new Uint8Array(9),
              await newSigner(),
            ),
          ),
      ],
      [
        'another channel',
        async p =>
          p.send(await signChunk('other', headerOf({ sequence: 2_000, group: 2_000 }), new Uint8Array(9), p.signer)),
      ],
      [
        'an old sequence',
        async p =>
          p.send(await signChunk(p.channel, headerOf({ sequence: 1_000, group: 1_000 }), new Uint8Array(9), p.signer)),
      ],
      [
        'an unknown init',
        async p =>
          p.send(
            await signChunk(
              p.channel,
              headerOf({ sequence: 2_000, group: 2_000, initId: new Uint8Array(8) }),
              new Uint8Array(9),
              p.signer,
            ),
          ),
      ],
      [
        'a group that never began',
        async p =>
          p.send(await signChunk(p.channel, headerOf({ sequence: 2_000, group: 1_999 }), new Uint8Array(9), p.signer)),
      ],
    ];
    for (const [what, offend] of cases) {
      const publisher = await publisherOf(newName());
      await publisher.begin();
      await publisher.group(1);
      await offend(publisher);
      assert.equal(await refusalOf(publisher), 'bad-chunk', what);
      assert.equal(relay.stats().channels[publisher.channel]?.state, 'waiting');
    }
  });
});

describe('broken clients', () => {
  it('closes links that bring nonsense, while the others play on', async () => {
    const channel = newName();
    const publisher = await publisherOf(channel);
    await publisher.begin();
    const good = new TestViewer(relay.connect(), channel);
    const nonsense: Uint8Array<ArrayBuffer>[] = [
      Uint8Array.of(1, 0xc0, 0, 0, 0, 0x40, 0, 0, 0), // 1 GiB announced
      Uint8Array.of(1, 2, 1, 200), // a subscribe cut short
      Uint8Array.of(4, 1, 0), // a chunk before anything else
      ...Array.from({ length: 20 }, () => crypto.getRandomValues(new Uint8Array(300))),
    ];
    for (const bytes of nonsense) {
      const link = socketLink();
      link.send(bytes);
      // Random bytes may begin with a message that is merely unknown; it isn't subscribe, so it is no better.
      assert.equal((await link.closed).code, CloseCode.protocolViolation);
    }
    await publisher.group(4);
    await until('4 chunks', () => good.sequences.length === 4);
  });

  it('moves a viewer that stops reading to the newest group, and holds nothing for it', async () => {
    const channel = newName();
    const publisher = await publisherOf(channel);
    await publisher.begin();
    const good = new TestViewer(socketLink(), channel);
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/p2p-live`);
    const slow = new TestViewer(webSocketLink(socket), channel);
    await until('both there', () => good.state === 'live' && slow.state === 'live');
    socket.pause();
    let sent = 0;
    for (let group = 0; group < 25; group++) {
      await publisher.group(100, 12_000);
      sent += 100;
      await until('the good one keeps up', () => good.sequences.length === sent);
    }
    // 30 MB went by; the window holds them once, and for the slow one no more than what may be on the way.
    const { bytesIn, bytesOut } = relay.stats().channels[channel]!;
    assert.ok(bytesIn > 29_000_000);
    assert.ok(bytesOut - bytesIn < 4.5 * 1024 * 1024, `${bytesOut - bytesIn} bytes for the slow one`);
    const held = slow.sequences.length;
    assert.ok(held < sent);
    socket.resume();
    await until('a skip and the edge', () => slow.skips.length > 0 && slow.sequences.at(-1) === 1_000 + sent - 1);
    assert.equal(good.skips.length, 0);
    const [skip] = slow.skips;
    assert.equal((skip!.to - 1_000) % 100, 0); // a group's start
    assert.ok(!slow.sequences.includes(skip!.from));
  });

  it('drops a TCP connection that never becomes a link', async () => {
    const socket = connectTcp(relay.port, '127.0.0.1');
    socket.end('GARBAGE\r\n\r\n');
    await new Promise(resolve => socket.on('close', resolve).resume());
    assert.equal((await fetch(`${relay.url}/health`)).status, 200);
  });

  it('closes a link that says nothing within 5 s', async () => {
    const link = socketLink();
    assert.match((await link.closed).reason, /neither subscribe nor publish/);
  });
});

describe('limits and leaving', () => {
  it('keeps to its limits and says goaway when it leaves', async () => {
    const small = await startRelay({ ...config, limits: { links: 3, linksPerAddress: 1 } });
    const socket = () => webSocketLink(new WebSocket(`ws://127.0.0.1:${small.port}/p2p-live`));
    const first = new TestViewer(socket(), 'x');
    await until('first', () => first.state === 'waiting');
    const second = new TestViewer(socket(), 'x');
    await until('refusal', () => second.refusal !== undefined);
    assert.equal(second.refusal?.code, 'too-many');
    const startedAt = Date.now();
    await small.close();
    assert.ok(Date.now() - startedAt < 3_000);
    assert.ok(first.goaway);
    assert.equal((await first.link.closed).code, CloseCode.goingAway);
  });

  it('refuses a publisher that is too fast', async () => {
    const slow = await startRelay({ ...config, limits: { publishMegabitsPerSecond: 0.1 } });
    const publisher = new TestPublisher(slow.connect(), { channel: 'x', publishKey: KEY, signer: await newSigner() });
    await publisher.begin();
    await publisher.group(20, 12_000);
    await until('refusal', () => publisher.refusal !== undefined);
    assert.equal(publisher.refusal?.code, 'too-fast');
    await slow.close();
  });

  it('closes a viewer that subscribes twice', async () => {
    const link = relay.connect();
    const viewer = new TestViewer(link, newName());
    link.send(encodeMessage(subscribe, { version: 1, channel: 'again' })); // a second one is out of place
    assert.equal((await link.closed).code, CloseCode.protocolViolation);
    assert.ok(viewer.states.length <= 1);
  });
});
