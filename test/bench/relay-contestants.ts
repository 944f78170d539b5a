// Who serves viewers in the relay bench: our relay, and node-media-server's HTTP-FLV.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findDeno } from '../../relay/run-under-deno.ts';
import { freePort } from '../support/free-port.ts';
import { BenchProcess } from './bench-process.ts';
import { publishChunks, pushFlv, type Source } from './relay-publishers.ts';

/** How many watch what, for how long. */
export interface Round {
  readonly viewers: number;
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** A server that runs and is fed, and how a process of its viewers is started. */
export interface Contestant {
  readonly server: BenchProcess;
  readonly source: Source;
  readonly transport: string;
  /** Where viewers ask for the channel. */
  readonly url: string;
  crowd(viewers: number): BenchProcess;
}

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DENO_FLAGS = ['run', '-A', '--unstable-net', '--no-prompt'];
const PUBLISH_KEY = 'bench-publish-key';
/** The relay's own limits, which are those of a public one: all viewers of a bench come from one address. */
const LIMITS = 'limits: { links: 100000, linksPerAddress: 100000, handshakesPerMinute: 1000000 }\n';

/** Starts a server in a folder of its own, and tells of each process at once, so that it is ended whatever happens. */
export type Start = (round: Round, folder: string, started: (child: BenchProcess) => void) => Promise<Contestant>;

/** Our relay under Deno, its viewers as well. */
export const startOurs =
  (transport: string): Start =>
  async ({ bytesPerSecond }, folder, started) => {
    const deno = findDeno(import.meta.url);
    if (!deno) throw new Error('the npm package deno is not installed');
    const port = await freePort();
    const relay = [...DENO_FLAGS, ...profiling(), local('../../relay/main.ts')];
    const config = join(folder, 'relay.yaml');
    await writeFile(config, LIMITS);
    const flags = ['--config', config, '--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'error'];
    const server = new BenchProcess(deno, [...relay, ...flags], {
      env: { P2P_LIVE_STATE_DIR: folder, P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY },
    });
    started(server);
    await server.line(/p2p-live relay at/);
    const url = `http://127.0.0.1:${port}`;
    return {
      server,
      url,
      source: await publishChunks({ url, channel: 'bench', publishKey: PUBLISH_KEY, bytesPerSecond }),
      transport,
      crowd: viewers =>
        new BenchProcess(deno, [
          ...DENO_FLAGS,
          local('relay-viewers.ts'),
          `${url}/channels/bench`,
          transport,
          `${viewers}`,
        ]),
    };
  };

/** Flags for Deno that a developer wants to add, such as --cpu-prof. */
function profiling(): string[] {
  return process.env.BENCH_DENO_FLAGS?.split(' ') ?? [];
}

/** node-media-server under this Node, its viewers as well. */
export const startNodeMediaServer: Start = async ({ bytesPerSecond }, folder, started) => {
  const port = await freePort();
  const server = new BenchProcess(process.execPath, [local('node-media-server.mjs'), `${port}`, folder], {
    cwd: folder,
  });
  started(server);
  await server.line(/HTTP server listening/);
  const path = '/live/bench.flv';
  return {
    server,
    source: pushFlv(port, path, bytesPerSecond),
    transport: 'http-flv',
    url: `http://127.0.0.1:${port}${path}`,
    crowd: viewers =>
      new BenchProcess(process.execPath, [
        '--import',
        import.meta.resolve('tsx'),
        local('flv-viewers.ts'),
        `http://127.0.0.1:${port}${path}`,
        `${viewers}`,
      ]),
  };
};
