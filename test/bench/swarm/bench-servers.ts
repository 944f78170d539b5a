// Starts the servers of both players at the place where servers are.

import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findDeno } from '../../../relay/run-under-deno.ts';
import { freePort } from '../../support/free-port.ts';
import { Program } from '../../support/program.ts';
import { BenchProcess } from '../bench-process.ts';
import { pageOf } from './build-pages.ts';
import type { Contestant } from './contestant.ts';
import { type Encoder, PLAYLIST } from './encoder.ts';
import type { OriginCounts, OriginPorts } from './origin.ts';
import type { Place } from './place.ts';

/** What both sides share. */
export interface Grounds {
  readonly place: Place;
  /** Made for this run, and removed after it. */
  readonly folder: string;
  readonly origin: Origin;
  readonly encoder: Encoder;
  /** Ends the run early. */
  readonly interrupt: AbortSignal;
}

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CHANNEL = 'bench';
const PUBLISH_KEY = 'bench-publish-key';
const ROOT = local('../../..');

/** Starts a program at the servers' place. */
function serve(place: Place, command: string, args: readonly string[], env: Record<string, string> = {}): BenchProcess {
  const placed = place.at(0, { command, args });
  return new BenchProcess(placed.command, placed.args, { env, cwd: ROOT });
}

/** Pages, HLS origin and tracker. */
export class Origin {
  readonly process: BenchProcess;
  readonly ports: OriginPorts;
  readonly #host: string;
  #asked: Promise<unknown> = Promise.resolve();

  private constructor(child: BenchProcess, ports: OriginPorts, host: string) {
    this.process = child;
    this.ports = ports;
    this.#host = host;
  }

  static async start(place: Place, pages: string, hls: string): Promise<Origin> {
    const args = ['--import', import.meta.resolve('tsx'), local('origin.ts'), place.listen, pages, hls];
    const child = serve(place, process.execPath, args);
    return new Origin(child, JSON.parse(await child.line(/^\{/)), place.server);
  }

  /** Where its files are, as viewers name it. */
  get url(): string {
    return `http://${this.#host}:${this.ports.http}`;
  }
  get tracker(): string {
    return `ws://${this.#host}:${this.ports.tracker}`;
  }

  counts(): Promise<OriginCounts> {
    return this.#ask('counts');
  }

  /** Paths of the pages' files that were served since this was asked last. */
  served(): Promise<{ readonly paths: readonly string[] }> {
    return this.#ask('served');
  }

  /** The JSON at an address that perhaps only this process can reach; null when there is none. */
  fetch(url: string): Promise<unknown> {
    return this.#ask(`fetch ${url}`);
  }

  // Answers come in the order of the questions.
  #ask<T>(line: string): Promise<T> {
    const answer = this.#asked.then(async () => {
      this.process.tell(line);
      return JSON.parse(await this.process.line(/^(\{|null)/));
    });
    this.#asked = answer.catch(() => {});
    return answer;
  }
}

/** Our relay (on Deno) and an ingester that takes the encoder's FLV from its standard input. */
export async function startOurs({ place, folder, origin, encoder }: Grounds): Promise<Contestant> {
  const deno = findDeno(import.meta.url);
  if (!deno) throw new Error('the npm package deno is not installed');
  const port = await freePort();
  const flags = ['--host', place.listen, '--port', `${port}`, '--log-level', 'error'];
  const relay = serve(
    place,
    deno,
    ['run', '-A', '--unstable-net', '--no-prompt', local('../../../relay/main.ts'), ...flags],
    { P2P_LIVE_STATE_DIR: join(folder, 'relay'), P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY },
  );
  const url = `http://${place.server}:${port}`;
  const ends: (() => Promise<unknown>)[] = [() => relay.end()];
  const stop = async () => {
    await Promise.all(ends.map(end => end()));
  };
  try {
    await relay.line(/p2p-live relay at/);
    const state = join(folder, 'ingest');
    const source = ['-', '--relay', url, '--name', CHANNEL, '--key', PUBLISH_KEY, '--state', state];
    const args = ['--import', import.meta.resolve('tsx'), local('../../../ingest/main.ts'), ...source];
    const placed = place.at(0, { command: process.execPath, args });
    const ingest = new Program(placed.command, placed.args, { cwd: ROOT });
    ends.push(() => ingest.stop('SIGKILL'));
    const stopFeeding = encoder.feed(bytes => ingest.child.stdin?.write(bytes));
    return {
      page: `${origin.url}/${pageOf('p2p-live')}?relay=${encodeURIComponent(url)}&name=${CHANNEL}`,
      pids: [relay.pid, ingest.child.pid ?? 0],
      async counts() {
        const stats = await origin.fetch(`${url}/channels/${CHANNEL}/stats`);
        return { stream: field(stats, 'bytesIn'), sent: field(stats, 'bytesOut') };
      },
      stop: async () => {
        stopFeeding();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function field(stats: unknown, name: string): number | null {
  const value = typeof stats === 'object' && stats !== null ? Reflect.get(stats, name) : undefined;
  return typeof value === 'number' ? value : null;
}

/** The origin's own part: what it serves is made by the encoder all the time. */
export async function startTheirs({ origin, encoder }: Grounds): Promise<Contestant> {
  encoder.start();
  const source = encodeURIComponent(`${origin.url}/hls/${PLAYLIST}`);
  return {
    page: `${origin.url}/${pageOf('p2p-media-loader')}?source=${source}&tracker=${encodeURIComponent(origin.tracker)}`,
    pids: [origin.process.pid],
    async counts() {
      const { made, sent } = await origin.counts();
      return { stream: made, sent };
    },
    stop: async () => {},
  };
}
