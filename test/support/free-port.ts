// Finds a port that nothing listens on, for TCP and UDP alike.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const tcp = createServer();
    const port = await new Promise<number>(resolve => {
      tcp.listen(0, () => resolve((tcp.address() as { port: number }).port)); // a TCP server's address is an object
    });
    const udp = createSocket('udp4');
    const free = await new Promise<boolean>(resolve => {
      udp.once('error', () => resolve(false));
      udp.bind(port, () => resolve(true));
    });
    udp.close();
    await new Promise(resolve => tcp.close(resolve));
    if (free) return port;
  }
}
