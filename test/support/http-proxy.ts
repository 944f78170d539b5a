// A plain forward proxy, as company networks have: HTTP and WebSocket pass, QUIC does not.

import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy and the Chromium flags that make a browser use it, for loopback too. */
export interface HttpProxy {
  readonly flags: readonly string[];
  /** Connections that passed. */
  readonly count: () => number;
  close(): Promise<void>;
}

/** Starts a proxy (RFC 9110 §9.3.6 CONNECT, and absolute-form requests) on loopback. */
export async function httpProxy(): Promise<HttpProxy> {
  let count = 0;
  const sockets = new Set<Duplex>();
  const server = createServer((incoming, response) => {
    count++;
    const { method, headers } = incoming;
    const outgoing = request(incoming.url ?? '/', { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connect', (incoming, client: Duplex, head) => {
    count++;
    const [host = '', port = '80'] = (incoming.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is an object
  return {
    flags: [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'],
    count: () => count,
    async close() {
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
