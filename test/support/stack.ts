// Relay and ingesters for end-to-end tests: real programs in processes of their own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';

/** What the relay asks of publishers. */
export const PUBLISH_KEY = 'a-key-for-tests-only';

/** How an ingester differs from the usual one. */
export interface IngestOptions {
  /** With another channel key, as somebody else would have. */
  readonly anotherIdentity?: boolean;
  readonly publishKey?: string;
  /** It does not feed the viewers while the relay is away. */
  readonly noPeers?: boolean;
  /** The source is a finished file. */
  readonly paced?: boolean;
}

/** A relay with the demo pages, and ingesters that feed it. */
export interface Stack {
  readonly port: number;
  page(name: string): string;
  ingest(source: string, name: string, options?: IngestOptions): Program;
  /** As a crash would. */
  killRelay(): Promise<void>;
  startRelay(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a relay (on Deno unless told otherwise) and waits until it listens. */
export async function startStack(runtime: 'deno' | 'node' = 'deno'): Promise<Stack> {
  const port = await freePort();
  const state = mkdtempSync(join(tmpdir(), 'p2p-live-state-'));
  const ingesters: Program[] = [];
  let relay: Program | undefined;
  const env = { P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY };
  const server = ['demo/server.ts', '--no-sample', '--port', `${port}`, '--state', state];
  const stack: Stack = {
    port,
    page: name => `http://localhost:${port}/?name=${encodeURIComponent(name)}`,
    ingest(source, name, options = {}) {
      const program = new Program(process.execPath, [
        ...['--import', 'tsx', 'ingest/main.ts', source, '--relay', `http://localhost:${port}`, '--name', name],
        ...['--key', options.publishKey ?? PUBLISH_KEY],
        ...['--state', join(state, options.anotherIdentity ? 'another' : 'ingest'), '--stall-ms', '4000'],
        ...(options.paced ? ['--paced'] : []),
        ...(options.noPeers ? ['--no-peers'] : []),
      ]);
      ingesters.push(program);
      return program;
    },
    async killRelay() {
      await relay?.stop('SIGKILL');
    },
    async startRelay() {
      relay =
        runtime === 'deno'
          ? new Program('node_modules/deno/deno', ['run', '--quiet', '-A', '--unstable-net', ...server], { env })
          : new Program(process.execPath, ['--import', 'tsx', ...server], { env });
      await relay.says(/p2p-live is at/);
    },
    async stop() {
      await Promise.all(ingesters.map(program => program.stop('SIGKILL')));
      await relay?.stop();
      rmSync(state, { recursive: true, force: true });
    },
  };
  await stack.startRelay();
  return stack;
}
