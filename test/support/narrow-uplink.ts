// Stands between a publisher and its relay: as little goes up as a test says, by WebSocket only.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface NarrowUplink {
  /** The relay's address, as the publisher shall know it. */
  readonly url: string;
  /** Kilobits a second that go up. */
  kbps: number;
  /** Breaks every connection off. */
  cut(): void;
  close(): void;
}

const PIECE = 2_000;

/** Starts one in front of the relay at this port. */
export async function narrowUplink(relay: number): Promise<NarrowUplink> {
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    const answer = await fetch(`http://localhost:${relay}${request.url}`);
    const document = await answer.json();
    document.transports = { webtransport: [], websocket: [`${url.replace('http', 'ws')}/p2p-live`] };
    response.writeHead(answer.status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    response.end(JSON.stringify(document));
  });
  server.on('upgrade', (request, inner: Socket, head) => {
    const outer = connect(relay, '127.0.0.1');
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('error', () => {}); // that it has closed is told as well
      socket.on('close', () => {
        inner.destroy();
        outer.destroy();
        sockets.delete(socket);
      });
    }
    const lines = [`GET ${request.url} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    outer.write(`${lines.join('\r\n')}\r\n\r\n`);
    outer.write(head);
    outer.pipe(inner);
    void trickle(inner, outer);
  });
  const trickle = async (inner: Socket, outer: Socket) => {
    try {
      for await (const bytes of inner) {
        for (let at = 0; at < bytes.length; at += PIECE) {
          const piece = bytes.subarray(at, at + PIECE);
          outer.write(piece);
          await delay((piece.length * 8) / uplink.kbps);
        }
      }
    } catch {
      // it was cut
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const url = `http://localhost:${port}`;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const uplink: NarrowUplink = {
    url,
    kbps: 1_000_000,
    cut,
    close() {
      cut();
      server.close();
    },
  };
  return uplink;
}
