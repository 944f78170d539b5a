// Runs under Deno: a relay, a viewer over HTTP/3 that hears every message, and one that reads nothing of them for a while. Prints what came of it as one JSON line.

import process from 'node:process';
import { type Bytes, fromBase64Url } from '../../../core/bytes.ts';
import { connectWebTransportLink, type WebTransportLike } from '../../../core/links/web-transport-link.ts';
import { WIRE_VERSION } from '../../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../../core/wire/framing.ts';
import { message, messageLoss, ping, pong, subscribe } from '../../../core/wire/index.ts';
import { startRelay } from '../../../relay/relay.ts';
import { until } from './clients.ts';

const messages = {
  ...{ perSecond: 10_000, kilobytesPerSecond: 100_000, megabitsPerSecond: 10_000 },
  ...{ channelPerSecond: 10_000, channelKilobytesPerSecond: 100_000 },
};
const relay = await startRelay({ host: '127.0.0.1', port: 0, logLevel: 'silent', messages });
const { url, certificateHashes } = relay.channelDocument('a', `127.0.0.1:${relay.port}`).transports.webtransport[0]!;

function session(): WebTransport {
  const hashes = certificateHashes.map(({ algorithm, value }) => ({ algorithm, value: fromBase64Url(value) }));
  return new WebTransport(url, { serverCertificateHashes: hashes });
}

/** A session whose control stream is not read before `resume`. */
function stalled(real: WebTransport): { session: WebTransportLike; resume: () => void } {
  let resume = () => {};
  const resumed = new Promise<void>(resolve => (resume = resolve));
  const session: WebTransportLike = {
    ready: real.ready,
    closed: real.closed,
    incomingBidirectionalStreams: real.incomingBidirectionalStreams,
    incomingUnidirectionalStreams: real.incomingUnidirectionalStreams,
    close: info => real.close(info),
    async createBidirectionalStream() {
      const { readable, writable } = await real.createBidirectionalStream();
      return {
        writable,
        readable: {
          getReader() {
            const reader = readable.getReader();
            return { read: () => resumed.then(() => reader.read()) };
          },
        },
      };
    },
  };
  return { session, resume };
}

class Listener {
  heard = 0;
  missed = 0;
  readonly #link: Awaited<ReturnType<typeof connectWebTransportLink>>;

  constructor(link: Awaited<ReturnType<typeof connectWebTransportLink>>) {
    this.#link = link;
    link.receive = (type, body) => {
      if (type === ping.type) link.send(encodeMessage(pong, { ...decodeBody(ping, body), clock: 0 }));
      else if (type === message.type) this.heard++;
      else if (type === messageLoss.type) this.missed += decodeBody(messageLoss, body).count;
    };
    link.send(encodeMessage(subscribe, { version: WIRE_VERSION, channel: 'a' }));
  }

  say(data: Bytes): void {
    this.#link.send(encodeMessage(message, { from: '', own: false, isText: false, data }));
  }
}

const figures = () => relay.stats().channels.a!.messages;
const good = new Listener(await connectWebTransportLink(session()));
const { session: slowSession, resume } = stalled(session());
const slow = new Listener(await connectWebTransportLink(slowSession));
await until('both listen', () => relay.stats().channels.a?.viewers === 2);

const rssBefore = process.memoryUsage().rss;
const SIZE = 16_000;
const BATCHES = 100;
for (let batch = 1; batch <= BATCHES; batch++) {
  for (let i = 0; i < 20; i++) good.say(new Uint8Array(SIZE));
  await until('the good one hears all', () => good.heard === batch * 20, 10_000);
}
const grownMb = (process.memoryUsage().rss - rssBefore) / 1e6;
const toSlowMb = ((figures().delivered - good.heard) * SIZE) / 1e6;
resume();
await until('it hears what was on the way, and how many it missed', () => slow.heard + slow.missed === good.heard);
const before = slow.heard;
good.say(new Uint8Array(1));
await until('it hears again', () => slow.heard > before);
const heardMb = (good.heard * SIZE) / 1e6;
console.log(JSON.stringify({ heardMb, grownMb, toSlowMb, goodMissed: good.missed, slowMissed: slow.missed }));
process.exit(0);
