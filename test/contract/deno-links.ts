// Runs under Deno: the link contract over its WebSocket and its HTTP/3 WebTransport, both ends in this process. Prints one JSON line a case.

import { fromBase64Url } from '../../core/bytes.ts';
import type { Link } from '../../core/link.ts';
import { webSocketLink } from '../../core/links/web-socket-link.ts';
import { connectWebTransportLink } from '../../core/links/web-transport-link.ts';
import { makeCertificate } from '../../relay/certificate.ts';
import { createLog } from '../../relay/log.ts';
import { denoRuntime } from '../../relay/runtime/deno.ts';
import { tcpProxy, udpProxy } from './cuttable-proxy.ts';
import { HELLO, type LinkPair } from './link-contract.ts';
import { runCases } from './run-cases.ts';

const wait = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));
const shared = { host: '127.0.0.1', port: 0, linkPath: '/p2p-live', log: createLog('silent') };

function acceptOne(): { accepted: Promise<Link>; onLink: (link: Link) => void } {
  let onLink: (link: Link) => void = () => {};
  const accepted = new Promise<Link>(resolve => (onLink = resolve));
  return { accepted, onLink };
}

async function openWebSocket(): Promise<LinkPair> {
  const { accepted, onLink } = acceptOne();
  const http = await denoRuntime.listenHttp({ ...shared, onLink, fetch: () => new Response('', { status: 404 }) });
  const proxy = await tcpProxy(http.port);
  const client = webSocketLink(new WebSocket(`ws://127.0.0.1:${proxy.port}/p2p-live`), { wait });
  const server = await accepted;
  return {
    client,
    server,
    cut: proxy.cut,
    async end() {
      client.close(0, '');
      proxy.close();
      await http.close();
    },
  };
}

async function openWebTransport(): Promise<LinkPair> {
  const { accepted, onLink } = acceptOne();
  const certificate = await makeCertificate(Date.now());
  const face = await denoRuntime.listenWebTransport({ ...shared, onLink, certificate, idleMs: 1_500 });
  if (!face) throw new Error('this Deno has no WebTransport');
  const proxy = await udpProxy(face.port);
  const session = new WebTransport(`https://127.0.0.1:${proxy.port}/p2p-live`, {
    serverCertificateHashes: [{ algorithm: 'sha-256', value: fromBase64Url(certificate.hash ?? '') }],
  });
  const client = await connectWebTransportLink(session);
  client.send(HELLO); // the server sees a stream when something has come on it
  const server = await accepted;
  return {
    client,
    server,
    cut: proxy.cut,
    async end() {
      client.close(0, '');
      await client.closed;
      await wait(20);
      face.close();
      proxy.close();
    },
  };
}

for (const [transport, open] of [
  ['WebSocket on Deno', openWebSocket],
  ['HTTP/3 WebTransport on Deno', openWebTransport],
] as const) {
  await runCases(open, result => console.log(JSON.stringify({ transport, ...result })));
}
