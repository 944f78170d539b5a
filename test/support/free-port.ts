// Finds a port that nothing listens on, for TCP and UDP alike.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Systems give out higher ones to whoever connects, and would give away what is free for a moment only: a relay's that starts again. Browsers block 10080, and some below. */
const LOWEST = 12_000;
const HIGHEST = 32_000;

/** A port that was free a moment ago, and that nobody gets by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if ((await isFreeOfTcp(port)) && (await isFreeOfUdp(port))) return port;
  }
}

function isFreeOfTcp(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise(resolve => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

function isFreeOfUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise(resolve => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, () => socket.close(() => resolve(true)));
  });
}
