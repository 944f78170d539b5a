// Runs under Deno: many light viewers of a relay in one process, for the relay bench. Arguments: channel document URL, transport, number.

import process from 'node:process';
import { ByteReader, fromBase64Url } from '../../core/bytes.ts';
import type { Link } from '../../core/link.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { connectWebTransportLink } from '../../core/links/web-transport-link.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { chunk, ping, pong, subscribe } from '../../core/wire/index.ts';
import type { ChannelDocument } from '../../relay/http/channel-document.ts';
import { DeliveryMeter, now, obey } from './viewer-figures.ts';

const [url = '', transport = '', viewers = '0'] = process.argv.slice(2);
const document: ChannelDocument = await (await fetch(url)).json();
const meter = new DeliveryMeter();

async function connect(): Promise<Link> {
  if (transport === 'websocket') {
    const socket = new WebSocket(document.transports.websocket[0]!);
    return webSocketLink(socket);
  }
  const { url: address, certificateHashes } = document.transports.webtransport[0]!;
  return connectWebTransportLink(
    new WebTransport(address, {
      serverCertificateHashes: certificateHashes.map(({ algorithm, value }) => ({
        algorithm,
        value: fromBase64Url(value),
      })),
    }),
  );
}

async function view(viewer: number): Promise<void> {
  const link = await connect();
  await new Promise<void>((resolve, reject) => {
    link.receive = (type, body) => {
      if (type === chunk.type) {
        const { header, payload } = decodeBody(chunk, body);
        meter.add(viewer, header.sequence, new ByteReader(payload).f64(), body.length);
        resolve();
      } else if (type === ping.type) {
        link.send(encodeMessage(pong, { sentAt: decodeBody(ping, body).sentAt, clock: Math.floor(now()) }));
      }
    };
    void link.closed.then(({ reason }) => {
      console.error(`viewer ${viewer} lost its link: ${reason}`);
      reject(new Error(reason));
    });
    link.send(encodeMessage(subscribe, { version: 1, channel: document.name }));
  });
}

// A few at a time: a crowd that connects at once is another bench.
const BATCH = 10;
for (let first = 0; first < Number(viewers); first += BATCH) {
  const size = Math.min(BATCH, Number(viewers) - first);
  await Promise.all(Array.from({ length: size }, (_, i) => view(first + i)));
}
obey(meter);
