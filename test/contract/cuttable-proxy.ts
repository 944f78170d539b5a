// Stands between the two ends of a connection, so that a test can cut it without either end saying a word.

import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttableProxy {
  readonly port: number;
  cut(): void;
  close(): void;
}

/** Forwards TCP to a port of this machine; `cut` resets all connections. */
export async function tcpProxy(target: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  const server = createServer(inner => {
    const outer = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    port,
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

/** Forwards the datagrams of one client to a port of this machine; after `cut` they vanish. */
export async function udpProxy(target: number): Promise<CuttableProxy> {
  const front = await bound();
  const back = await bound();
  let client: number | undefined;
  let open = true;
  front.on('message', (data, { port }) => {
    client = port;
    if (open) back.send(data, target, '127.0.0.1');
  });
  back.on('message', data => {
    if (open && client !== undefined) front.send(data, client, '127.0.0.1');
  });
  return {
    port: front.address().port,
    cut() {
      open = false;
    },
    close() {
      front.close();
      back.close();
    },
  };
}

async function bound(): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
