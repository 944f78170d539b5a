// Runs under Deno: a relay, a viewer over HTTP/3 that reads, and one that stops reading. Prints what came of it as one JSON line.

import process from 'node:process';
import { fromBase64Url } from '../../../core/bytes.ts';
import { connectWebTransportLink, type WebTransportLike } from '../../../core/links/web-transport-link.ts';
import { startRelay } from '../../../relay/relay.ts';
import { newSigner, TestPublisher, TestViewer, until } from './clients.ts';

const publishKey = 'key-of-the-tests';
const relay = await startRelay({ host: '127.0.0.1', port: 0, publishKeys: [publishKey], logLevel: 'silent' });
const { url, certificateHashes } = relay.channelDocument('a', `127.0.0.1:${relay.port}`).transports.webtransport[0]!;
const session = () =>
  new WebTransport(url, {
    serverCertificateHashes: certificateHashes.map(({ algorithm, value }) => ({
      algorithm,
      value: fromBase64Url(value),
    })),
  });

/** A session whose lanes are not read before `resume`. */
function stalled(real: WebTransport): { session: WebTransportLike; resume: () => void } {
  let resume = () => {};
  const resumed = new Promise<void>(resolve => (resume = resolve));
  const incoming = real.incomingUnidirectionalStreams;
  const session: WebTransportLike = {
    ready: real.ready,
    closed: real.closed,
    incomingBidirectionalStreams: real.incomingBidirectionalStreams,
    createBidirectionalStream: () => real.createBidirectionalStream(),
    close: info => real.close(info),
    incomingUnidirectionalStreams: {
      getReader() {
        const reader = incoming.getReader();
        return { read: () => resumed.then(() => reader.read()) };
      },
    },
  };
  return { session, resume };
}

const publisher = new TestPublisher(relay.connect(), { channel: 'a', publishKey, signer: await newSigner() });
await publisher.begin();
const good = new TestViewer(await connectWebTransportLink(session()), 'a');
const { session: slowSession, resume } = stalled(session());
const slow = new TestViewer(await connectWebTransportLink(slowSession), 'a');
await until('both live', () => good.state === 'live' && slow.state === 'live');

const rssBefore = process.memoryUsage().rss;
let sent = 0;
const GROUPS = 60;
for (let group = 0; group < GROUPS; group++) {
  await publisher.group(100, 10_000);
  sent += 100;
  await until('the good one keeps up', () => good.sequences.length === sent, 10_000);
}
const grownMb = (process.memoryUsage().rss - rssBefore) / 1e6;
const toSlowMb = ((relay.stats().channels.a?.bytesOut ?? 0) - good.bytes) / 1e6;
resume();
await until('a skip', () => slow.skips.length > 0, 10_000);
await publisher.group(100, 10_000);
await until('the edge', () => slow.sequences.includes(1_000 + sent + 99), 10_000);
console.log(
  JSON.stringify({ sentMb: sent / 100, grownMb, toSlowMb, goodSkips: good.skips.length, slowSkips: slow.skips.length }),
);
process.exit(0);
