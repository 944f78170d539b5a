// The servers that viewers need besides a relay, in one process: pages, HLS origin (which counts), and p2p-media-loader's tracker.
// Arguments: host, folder of the pages, folder of the HLS. Answers lines on standard input: `counts`, `served`, `fetch URL`.

import { createReadStream, readdirSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import TrackerServer from 'bittorrent-tracker/server';
import { PLAYLIST, SEGMENT } from './encoder.ts';

/** What was counted since the start, in bytes. */
export interface OriginCounts {
  /** Of segments that are complete, each once, and of what was sent of them to viewers. */
  readonly made: number;
  readonly sent: number;
  readonly segments: number;
  /** Playlists sent. */
  readonly playlists: number;
}

/** Where the servers are. */
export interface OriginPorts {
  readonly http: number;
  readonly tracker: number;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t',
};
/** Segments stay for many times as long (ms). */
const LOOK_MS = 250;

const [host = '', pages = '', hls = ''] = process.argv.slice(2);
const sizes = new Map<string, number>();
let made = 0;
let sent = 0;
let playlists = 0;
const served = new Set<string>();

/** Sends a file and tells how many bytes of it went. */
function send(response: ServerResponse, path: string, count: (bytes: number) => void): void {
  let size: number;
  try {
    size = statSync(path).size;
  } catch {
    response.writeHead(404).end();
    return;
  }
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-length': size, 'cache-control': 'no-store' });
  createReadStream(path)
    .on('data', part => count(part.length))
    .on('error', () => response.destroy())
    .pipe(response);
}

const files = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://origin').pathname;
  const name = path.slice('/hls/'.length);
  if (path.startsWith('/hls/') && SEGMENT.test(name)) send(response, join(hls, name), bytes => (sent += bytes));
  else if (path === `/hls/${PLAYLIST}`) send(response, join(hls, PLAYLIST), bytes => (playlists += bytes));
  else if (/^(\/[\w-]+)?(\/[\w.-]+)$/.test(path) && !path.includes('..'))
    send(response, join(pages, path), () => served.add(path));
  else response.writeHead(404).end();
});

function countSegments(): void {
  for (const name of readdirSync(hls)) {
    if (!SEGMENT.test(name) || sizes.has(name)) continue;
    try {
      const { size } = statSync(join(hls, name));
      sizes.set(name, size);
      made += size;
    } catch {
      // deleted just now
    }
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port; // a TCP server's address is an object

await new Promise<void>(resolve => files.listen(0, host, resolve));
const tracker = new TrackerServer({ http: false, udp: false, ws: true, stats: false });
tracker.on('error', (error: Error) => console.error(`tracker: ${error.message}`));
await new Promise<void>(resolve => tracker.listen(0, host, resolve));
setInterval(countSegments, LOOK_MS);
const ports: OriginPorts = { http: portOf(files), tracker: tracker.http ? portOf(tracker.http) : 0 };
console.log(JSON.stringify(ports));

// ^C reaches all: whoever steers says when it is over.
process.on('SIGINT', () => {});
createInterface(process.stdin)
  .on('line', async line => {
    const [word, url = ''] = line.split(' ');
    if (word === 'counts') {
      countSegments();
      const counts: OriginCounts = { made, sent, segments: sizes.size, playlists };
      console.log(JSON.stringify(counts));
    } else if (word === 'served') {
      console.log(JSON.stringify({ paths: [...served] }));
      served.clear();
    } else if (word === 'fetch') {
      const answer = await fetch(url).catch(() => undefined);
      console.log(answer?.ok ? JSON.stringify(await answer.json()) : 'null');
    }
  })
  .on('close', () => process.exit(0)); // whoever steers is gone
