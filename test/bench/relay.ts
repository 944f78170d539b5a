// `npm run bench -- relay`: what the relay costs without peers, beside node-media-server's HTTP-FLV, at the same rate in the same run.

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findDeno } from '../../relay/run-under-deno.ts';
import { freePort } from '../support/free-port.ts';
import { BenchProcess } from './bench-process.ts';
import { cpuSeconds, machineSeconds, residentMb } from './process-load.ts';
import { publishChunks, pushFlv, type Source } from './relay-publishers.ts';
import { quantile, type ViewerFigures } from './viewer-figures.ts';

const USAGE = `Usage: npm run bench -- relay [options]
  --viewers 100,400   how many watch; one round for each number
  --runs 3            the median of so many, taking turns
  --seconds 8         length of each measurement
  --mbps 2            Mbit/s of the stream
  --transport NAME    webtransport, websocket, or both (both)
  --json              one JSON object as the last line`;

/** One server with one number of viewers, as BENCH.md names it. */
interface Figures {
  /** Cores that the server's process used, and viewers that one core would serve at that rate; what was lost is not served. */
  readonly cpu: number;
  readonly viewers_per_core: number;
  readonly mbps: number;
  readonly rss_mb: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Chunks, or pictures, that were sent but not delivered within 1.5 s after the measurement. */
  readonly lost: number;
  /** Cores that the viewers used, and that processes which are none of ours did. */
  readonly viewers_cpu: number;
  readonly others_cpu: number;
  readonly transport: string;
}

interface Round {
  readonly viewers: number;
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** A server that runs and is fed, and how a process of its viewers is started. */
interface Contestant {
  readonly server: BenchProcess;
  readonly source: Source;
  readonly transport: string;
  crowd(viewers: number): BenchProcess;
}

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const DENO_FLAGS = ['run', '-A', '--unstable-net', '--no-prompt'];
const PUBLISH_KEY = 'bench-publish-key';
/** Viewers that one process plays. */
const PER_PROCESS = 200;
/** How long the joined crowd is left alone before it is measured (ms). */
const CALM_MS = 1_500;
/** Share of all cores from which on a measurement is one of the machine, and cores of other programs that disturb it. */
const FULL = 0.9;
const DISTURBED = 0.3;

type Start = (round: Round, folder: string, started: (child: BenchProcess) => void) => Promise<Contestant>;

/** Our relay under Deno, its viewers as well. */
const startOurs =
  (transport: string): Start =>
  async ({ bytesPerSecond }, folder, started) => {
    const deno = findDeno(import.meta.url);
    if (!deno) throw new Error('the npm package deno is not installed');
    const port = await freePort();
    const relay = [...DENO_FLAGS, ...profiling(), local('../../relay/main.ts')];
    const flags = ['--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'error'];
    const server = new BenchProcess(deno, [...relay, ...flags], {
      env: { P2P_LIVE_STATE_DIR: folder, P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY },
    });
    started(server);
    await server.line(/p2p-live relay at/);
    const url = `http://127.0.0.1:${port}`;
    return {
      server,
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
const startNodeMediaServer: Start = async ({ bytesPerSecond }, folder, started) => {
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

/** Starts a server and its viewers, measures, and ends them all. */
async function run(start: Start, round: Round): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'p2p-live-bench-'));
  const children: BenchProcess[] = [];
  let source: Source | undefined;
  try {
    const contestant = await start(round, folder, child => children.push(child));
    source = contestant.source;
    const crowds: BenchProcess[] = [];
    for (let left = round.viewers; left > 0; left -= PER_PROCESS) {
      const crowd = contestant.crowd(Math.min(left, PER_PROCESS));
      crowds.push(crowd);
      children.push(crowd);
      await crowd.line(/^ready$/, 90_000);
    }
    await delay(CALM_MS);
    return { ...(await measure(contestant.server, crowds, round)), transport: contestant.transport };
  } finally {
    source?.stop();
    await Promise.all(children.map(child => child.end()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(server: BenchProcess, crowds: readonly BenchProcess[], { viewers, seconds }: Round) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const load = () => ({
    at: performance.now() / 1_000,
    server: cpuSeconds(server.pid),
    crowds: sum(crowds.map(({ pid }) => cpuSeconds(pid))),
    own: cpuSeconds(process.pid),
    machine: machineSeconds(),
  });
  for (const crowd of crowds) crowd.tell('start');
  const from = load();
  await delay(seconds * 1_000);
  for (const crowd of crowds) crowd.tell('stop');
  const to = load();
  const rss = residentMb(server.pid);
  const answers = await Promise.all(crowds.map(crowd => crowd.line(/^\{/)));
  const figures: ViewerFigures[] = answers.map(line => JSON.parse(line));
  const delivered = sum(figures.map(figure => figure.delivered));
  const lost = sum(figures.map(figure => figure.lost));
  const elapsed = to.at - from.at;
  const cores = (of: Exclude<keyof typeof from, 'at'>) => (to[of] - from[of]) / elapsed;
  return {
    cpu: cores('server'),
    viewers_per_core: (viewers * delivered) / (delivered + lost) / cores('server'),
    mbps: (sum(figures.map(({ bytes }) => bytes)) * 8) / elapsed / 1e6,
    rss_mb: rss,
    p50_ms: quantile(figures, 0.5),
    p99_ms: quantile(figures, 0.99),
    lost,
    viewers_cpu: cores('crowds'),
    others_cpu: Math.max(0, cores('machine') - cores('server') - cores('crowds') - cores('own')),
  };
}

/** The median of each figure. */
function median(runs: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number, digits: number) => {
    const sorted = runs.map(pick).sort((a, b) => a - b);
    return Number(sorted[sorted.length >> 1]!.toFixed(digits)); // there is at least one run
  };
  return {
    cpu: of(f => f.cpu, 3),
    viewers_per_core: of(f => f.viewers_per_core, 0),
    mbps: of(f => f.mbps, 1),
    rss_mb: of(f => f.rss_mb, 1),
    p50_ms: of(f => f.p50_ms, 1),
    p99_ms: of(f => f.p99_ms, 1),
    lost: of(f => f.lost, 0),
    viewers_cpu: of(f => f.viewers_cpu, 2),
    others_cpu: of(f => f.others_cpu, 2),
    transport: runs[0]!.transport,
  };
}

function contestantsFor(transport: string): Map<string, Start> | undefined {
  const peer = ['node-media-server', startNodeMediaServer] as const;
  if (transport === 'webtransport' || transport === 'websocket')
    return new Map([['p2p-live', startOurs(transport)], peer]);
  if (transport !== 'both') return undefined;
  return new Map([['p2p-live', startOurs('webtransport')], peer, ['p2p-live websocket', startOurs('websocket')]]);
}

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      viewers: { type: 'string', default: '100,400' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      mbps: { type: 'string', default: '2' },
      transport: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
    },
  });
  const [runs, seconds, mbps] = [Number(values.runs), Number(values.seconds), Number(values.mbps)];
  const crowds = values.viewers.split(',').map(Number);
  const contestants = contestantsFor(values.transport);
  const whole = (value: number) => Number.isInteger(value) && value >= 1;
  if (!contestants || !crowds.every(whole) || !whole(runs) || !(seconds >= 1) || !(mbps >= 0.2)) {
    console.error(USAGE);
    process.exitCode = 1;
    return;
  }
  const results: Record<string, Record<string, Figures>> = {};
  for (const viewers of crowds) {
    const round = { viewers, seconds, bytesPerSecond: (mbps * 1e6) / 8 };
    const all = new Map<string, Figures[]>();
    for (let turn = 1; turn <= runs; turn++) {
      for (const [name, start] of contestants) {
        const figures = await run(start, round);
        all.set(name, [...(all.get(name) ?? []), figures]);
        console.error(`${viewers} viewers, run ${turn} of ${runs}: ${name} ${told(median([figures]))}`);
      }
    }
    const medians = Object.fromEntries([...all].map(([name, list]) => [name, median(list)]));
    results[viewers] = medians;
    console.log(`${viewers} viewers of ${mbps} Mbit/s, median of ${runs} runs of ${seconds} s`);
    console.table(medians);
    for (const [name, { cpu, viewers_cpu, others_cpu }] of Object.entries(medians)) {
      if (cpu + viewers_cpu + others_cpu < FULL * availableParallelism() && others_cpu < DISTURBED) continue;
      console.log(
        `${name}: the machine was full or busy with something else, so delay and loss are not the server's alone.`,
      );
    }
  }
  if (values.json) console.log(JSON.stringify(results));
}

function told({ cpu, mbps, p50_ms, p99_ms, lost, viewers_cpu, others_cpu }: Figures): string {
  const delivery = `${mbps} Mbit/s, ${p50_ms} ms (p99 ${p99_ms} ms), ${lost} lost`;
  return `${cpu} cores, ${delivery}; the viewers took ${viewers_cpu} cores, others ${others_cpu}`;
}
