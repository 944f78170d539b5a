// Connections between viewers, over real WebRTC within one page.

import type { PeerSignal } from '../../components/links/peer-messages.ts';
import type { Bytes } from '../../core/bytes.ts';
import type { DataChannelLink } from '../../core/links/data-channel-link.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { ping } from '../../core/wire/ping.ts';
import { expectEqual, expectSame, expectThat, until } from './expect.ts';
import { TestNetwork, type TestPeer } from './peer-pair.ts';

const CHUNKS = 200;

/** A message of 4,000 bytes whose content follows from its number. */
function numbered(n: number): Bytes {
  const message = new Uint8Array(4_000).fill(n & 255);
  message.set([60, 0x40 | (3_997 >> 8), 3_997 & 255, n >> 8, n & 255]);
  return message;
}

function collect(link: DataChannelLink): Bytes[] {
  const bodies: Bytes[] = [];
  link.receive = (_type, body) => bodies.push(body);
  return bodies;
}

describe('peer connections', () => {
  let network: TestNetwork;
  let a: TestPeer;
  let b: TestPeer;
  beforeEach(() => {
    network = new TestNetwork();
    a = network.peer(1);
    b = network.peer(2);
  });
  afterEach(() => network.close());

  async function connect(): Promise<[DataChannelLink, DataChannelLink]> {
    a.connect(2);
    return Promise.all([a.linked(2), b.linked(1)]);
  }

  it('carry 200 chunks of 4,000 bytes intact, and control messages in order both ways', async () => {
    const [ofA, ofB] = await connect();
    const atB = collect(ofB);
    const atA = collect(ofA);
    let next = 0;
    let full = 0;
    const fill = () => {
      while (next < CHUNKS && ofA.writable(1)) ofA.send(numbered(next++), 1);
      if (next < CHUNKS) full++;
      expectThat(ofA.backlog < 40_000, `little waits, not ${ofA.backlog}`);
    };
    ofA.drained = lane => lane === 1 && fill();
    fill();
    for (let n = 0; n < 50; n++) ofB.send(encodeMessage(ping, { sentAt: n }));
    await until(() => atB.length === CHUNKS, `all chunks are there: ${atB.length}`);
    const numbers = atB.map(body => body[0]! * 256 + body[1]!).sort((x, y) => x - y);
    expectSame(numbers, [...numbers.keys()]);
    expectThat(
      atB.every(body => body.length === 3_997 && body.subarray(2).every(byte => byte === body[1])),
      'every byte is as it was sent',
    );
    expectThat(full > 0, 'the chunk lane was full at times');
    await until(() => atA.length === 50, 'all pings are there');
    expectSame(
      atA.map(body => body[0]),
      [...atA.keys()],
    );
    expectSame([a.ends, b.ends], [[], []]);
  });

  it('become one when both offer at once: the larger id wins', async () => {
    a.connect(2);
    b.connect(1);
    await Promise.all([a.linked(2), b.linked(1)]);
    expectEqual(a.said('answer').length, 1, 'answers of the smaller');
    expectEqual(b.said('answer').length, 0, 'answers of the larger');
    expectSame([a.connections.size, b.connections.size, a.ends, b.ends], [1, 1, [], []]);
  });

  it('are replaced by a new offer', async () => {
    const [, old] = await connect();
    const again = network.peer(1); // the first viewer has lost its page and is back
    again.connect(2);
    const link = await again.linked(2);
    expectEqual((await old.closed).reason, 'the peer began anew');
    expectSame(b.ends, ['closed 1: the peer began anew']);
    const bodies = collect(await b.linked(1));
    link.send(encodeMessage(ping, { sentAt: 1 }));
    await until(() => bodies.length === 1, 'the new link carries');
    a.connections.close();
  });

  it('end for both when one disconnects, and say why', async () => {
    const [ofA, ofB] = await connect();
    a.connections.handle({ type: 'disconnect', peer: 2, reason: 'enough' });
    ofA.close(0, 'enough');
    await until(() => b.ends.length === 1, 'the other is told');
    expectSame([a.ends, b.ends], [[], ['closed 1: the peer gave it up: enough']]);
    await ofB.closed;
    expectSame([a.connections.size, b.connections.size], [0, 0]);
  });

  for (const who of ['asker', 'asked']) {
    it(`show an end that the ${who} could not announce`, async () => {
      const links = await connect();
      const [gone, left, link] = who === 'asker' ? [a, b, links[1]] : [b, a, links[0]];
      gone.pass = () => false;
      gone.connections.close();
      expectEqual((await link.closed).code, 5);
      await until(() => left.ends.length === 1, 'the other notices');
      expectSame(left.ends, [`closed ${gone.self}: the peer hung up`]);
    });
  }

  it('hold candidates that come before the description', async () => {
    const held: PeerSignal[] = [];
    a.pass = signal => {
      if (signal.kind !== 'offer') return true;
      held.push(signal);
      return false;
    };
    let agree = (_agreed: boolean) => {};
    const c = network.peer(3, { consent: () => new Promise(resolve => (agree = resolve)) });
    a.connect(3);
    await until(() => held.length === 1, 'there is an offer');
    await until(() => a.said('candidate').length > 0, 'there are candidates');
    a.pass = () => true;
    c.pass = ({ kind }) => kind !== 'candidate'; // so that only the held ones lead to a connection
    c.hear({ ...held[0]!, peer: 1 });
    for (const { text, attempt } of a.said('candidate')) c.hear({ peer: 1, attempt, kind: 'candidate', text });
    expectEqual(c.events.length, 0, 'what the third has done before it is allowed');
    agree(true);
    await Promise.all([a.linked(3), c.linked(1)]);
  });

  it('fail where the other has not agreed, and the asker is told', async () => {
    let asked = 0;
    const c = network.peer(3, { consent: async () => ++asked < 0 });
    c.connect(1);
    await until(() => c.ends.length === 1, 'it fails');
    a.connect(3);
    await until(() => a.ends.length === 1, 'the other is told');
    expectSame([c.ends, a.ends], [['failed 1: no consent'], ['failed 3: the peer gave it up: no consent']]);
    expectEqual(asked, 1, 'times asked');
    expectEqual(c.said('offer').length, 0);
  });

  it('fail when no answer comes', async () => {
    const c = network.peer(3, { connectMs: 300 });
    c.pass = () => false;
    c.connect(1);
    await until(() => c.ends.length === 1, 'it is given up');
    expectSame(c.ends, ['failed 1: no connection within 0.3 s']);
    expectEqual(c.connections.size, 0);
  });

  it('fail for both when no candidate arrives', async () => {
    const c = network.peer(3, { connectMs: 500 });
    c.pass = ({ kind }) => kind !== 'candidate';
    a.pass = ({ kind }) => kind !== 'candidate';
    // What has been gathered by then is in the description already.
    const strip = (signal: PeerSignal) => signal.text.replace(/^a=candidate.*\r\n/gm, '');
    const hear = a.hear.bind(a);
    a.hear = signal => hear({ ...signal, text: strip(signal) });
    c.connect(1);
    await until(() => c.ends.length === 1 && a.ends.length === 1, 'both give it up');
    expectSame(
      [c.ends, a.ends],
      [['failed 1: no connection within 0.5 s'], ['failed 3: the peer gave it up: no connection within 0.5 s']],
    );
  });

  it('fail when only TURN servers may be used and none answers', async () => {
    const turn = [{ urls: 'turn:127.0.0.1:9?transport=udp', username: 'nobody', credential: 'nothing' }];
    const c = network.peer(3, { iceTransportPolicy: 'relay', connectMs: 500 });
    c.connect(1);
    expectSame(c.ends, ['failed 1: only TURN servers may be used, and the relay names none']);
    c.connections.handle({ type: 'ice-servers', iceServers: turn, self: 3 });
    c.connect(1);
    await until(() => c.ends.length === 2, 'it fails');
    expectThat(/^failed 1: no (candidate|connection)/.test(c.ends[1] ?? ''), `it says why: ${c.ends[1]}`);
  });

  it('fail, and nothing throws, without RTCPeerConnection', async () => {
    const real = globalThis.RTCPeerConnection;
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    try {
      a.connect(2);
      b.hear({ peer: 1, attempt: 1, kind: 'offer', text: 'v=0' });
      expectSame(a.ends, ['failed 2: this browser has no RTCPeerConnection']);
      expectSame(
        b.said('bye').map(({ text }) => text),
        ['this browser has no RTCPeerConnection'],
      );
    } finally {
      globalThis.RTCPeerConnection = real;
    }
  });

  it('survive the garbage of others', async () => {
    const [ofA, ofB] = await connect();
    const bodies = collect(ofB);
    const garbage = [
      '',
      'v=0',
      'm=application 9 x y',
      '\0'.repeat(9_000),
      'v=0\r\nm=audio 9 a 0\r\nm=application 9 b 0',
    ];
    for (const [n, text] of garbage.entries()) b.hear({ peer: 100 + n, attempt: 1, kind: 'offer', text });
    b.hear({ peer: 1, attempt: a.said('offer')[0]!.attempt, kind: 'candidate', text: '{"candidate":"nonsense"}' });
    b.hear({ peer: 1, attempt: 12, kind: 'answer', text: 'of another attempt' });
    await until(() => b.ends.length === garbage.length, `every attempt has failed: ${b.ends.length}`);
    expectThat(
      b.ends.every(end => /^failed 10\d: ./.test(end)),
      b.ends.join(),
    );
    expectThat(
      b.said('bye').every(({ text }) => text.length <= 200),
      'what is said about it is short',
    );
    expectEqual(b.connections.size, 1);
    ofA.send(encodeMessage(ping, { sentAt: 1 }));
    await until(() => bodies.length === 1, 'the honest link carries');
    // Garbage instead of an answer.
    b.pass = ({ kind }) => kind !== 'answer';
    a.connect(3);
    await until(() => a.said('offer').length === 2, 'there is another offer');
    const { attempt } = a.said('offer')[1]!;
    a.hear({ peer: 3, attempt, kind: 'answer', text: 'v=0\r\nm=application nonsense' });
    await until(() => a.ends.length === 1, 'it has failed');
    expectThat(a.ends[0]!.startsWith('failed 3: '), a.ends[0]!);
  });

  it('are limited in number, and so are unasked attempts', async () => {
    const c = network.peer(3, { maxConnections: 7, consent: () => new Promise(() => {}) });
    for (let peer = 100; peer < 108; peer++) c.hear({ peer, attempt: 1, kind: 'offer', text: '' });
    expectEqual(c.connections.size, 6, 'attempts that others have begun');
    c.connect(200);
    c.connect(201);
    expectSame(c.ends, ['failed 201: no more than 7 connections at once']);
    for (let attempt = 2; attempt < 5; attempt++) c.hear({ peer: 100, attempt, kind: 'offer', text: '' });
    expectSame(
      c.said('bye').map(({ peer, text }) => `${peer} ${text}`),
      [
        '106 too many peers are being connected just now',
        '107 too many peers are being connected just now',
        '100 one attempt a second is enough',
      ],
    );
  });

  /** The first viewer's RTCPeerConnection, once both are connected. */
  async function connection(): Promise<RTCPeerConnection> {
    const made: RTCPeerConnection[] = [];
    const real = globalThis.RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends real {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }
    };
    try {
      await connect();
    } finally {
      globalThis.RTCPeerConnection = real;
    }
    return made[0]!; // the asker's comes first
  }

  it('end when a peer opens a channel of its own', async () => {
    (await connection()).createDataChannel('mine');
    await until(() => b.ends.length === 1, 'it is noticed');
    expectSame(b.ends, ['closed 1: the peer opened a channel of its own']);
  });

  it('bear a moment without the peer, and end after 4 s', async () => {
    const made = await connection();
    const become = (connectionState: RTCPeerConnectionState) => {
      Object.defineProperty(made, 'connectionState', { value: connectionState, configurable: true });
      made.dispatchEvent(new Event('connectionstatechange'));
    };
    become('disconnected');
    const first = performance.now();
    await until(() => performance.now() - first > 1_000, 'a second is over');
    become('connected');
    become('disconnected');
    const second = performance.now();
    await until(() => a.ends.length === 1, 'it ends');
    expectSame(a.ends, ['closed 2: the peer was not heard any more']);
    const waited = performance.now() - second;
    expectThat(waited > 3_900, `the moment before doesn't count: ${waited} ms`);
  });
});
