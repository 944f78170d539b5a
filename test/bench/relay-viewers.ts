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
const meter = new DeliveryMeter(Number(viewers));
/** How often a viewer tries to connect. */
const ATTEMPTS = 3;

async function connect(): Promise<Link> {
  const { webtransport, websocket } = document.transports;
  // A relay that has enough WebTransport sessions offers none.
  if (transport === 'websocket' || webtransport.length === 0) return webSocketLink(new WebSocket(websocket[0]!));
  const { url: address, certificateHashes } = webtransport[0]!;
  const hashes = certificateHashes.map(({ algorithm, value }) => ({ algorithm, value: fromBase64Url(value) }));
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectWebTransportLink(new WebTransport(address, { serverCertificateHashes: hashes }));
    } catch (error) {
      console.error(`connecting, attempt ${attempt} of ${ATTEMPTS}: ${error}`);
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function view(): Promise<void> {
  const startedAt = now();
  const link = await connect();
  await new Promise<void>((resolve, reject) => {
    link.receive = (type, body) => {
      if (type === chunk.type) {
        const { header, payload } = decodeBody(chunk, body);
        const sentAt = new ByteReader(payload).f64();
        meter.add(header.sequence, sentAt);
        meter.addBytes(body.length);
        if (sentAt > startedAt) resolve(); // it is through the newest group
      } else if (type === ping.type) {
        link.send(encodeMessage(pong, { sentAt: decodeBody(ping, body).sentAt, clock: Math.floor(now()) }));
      }
    };
    void link.closed.then(({ reason }) => {
      console.error(`a viewer lost its link: ${reason}`);
      reject(new Error(reason));
    });
    link.send(encodeMessage(subscribe, { version: 1, channel: document.name }));
  });
}

await obey(meter, Number(viewers), view);
