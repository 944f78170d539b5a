// `npm run bench -- ingest`: what feeding many channels costs, in one process, beside one `ffmpeg -c copy` a channel, from the same sources in the same run.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findDeno } from '../../relay/run-under-deno.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { BenchProcess } from './bench-process.ts';
import type { Sent } from './ingest/many-channels.ts';
import { cpuSeconds, machineSeconds, proportionalMb, residentMb } from './process-load.ts';

const USAGE = `Usage: npm run bench -- ingest [options]
  --channels 20   how many, all in one process
  --mbps 2        Mbit/s of each
  --seconds 10    length of each measurement
  --runs 3        the median of so many, taking turns
  --alone         without ffmpeg beside it
  --json          one JSON object as the last line`;

/** One way to feed all channels. */
interface Figures {
  /** Cores and resident MB of the feeding processes together; what processes share is resident in each, `pss_mb` counts it once. */
  readonly cpu: number;
  readonly rss_mb: number;
  readonly pss_mb: number;
  /** What they sent, and chunks that they had to leave out; `null` where that isn't counted. */
  readonly mbps: number | null;
  readonly dropped: number | null;
  /** Cores of everything that is no part of the bench. */
  readonly others_cpu: number;
}

interface Round {
  readonly channels: number;
  readonly seconds: number;
  readonly bytesPerSecond: number;
}

/** Those who feed: their processes, all of them flowing; and how to ask what they sent. */
interface Feeders {
  readonly processes: readonly BenchProcess[];
  readonly servers: readonly BenchProcess[];
  sent?(): Promise<Sent>;
}

type Keep = (child: BenchProcess) => BenchProcess;
type Start = (round: Round, sources: string, folder: string, keep: Keep) => Promise<Feeders>;

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const TSX = ['--import', import.meta.resolve('tsx')];
const PUBLISH_KEY = 'bench-publish-key';
/** How long all of them flow before they are measured (ms): compilers settle, sources send what they had. */
const CALM_MS = 3_000;

/** One ingester for all channels, to our relay. */
const startOurs: Start = async ({ channels }, sources, folder, keep) => {
  const deno = findDeno(import.meta.url);
  if (!deno) throw new Error('the npm package deno is not installed');
  const port = await freePort();
  const flags = ['--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'error'];
  const relay = keep(
    new BenchProcess(deno, ['run', '-A', '--unstable-net', '--no-prompt', local('../../relay/main.ts'), ...flags], {
      env: { P2P_LIVE_STATE_DIR: folder, P2P_LIVE_PUBLISH_KEY: PUBLISH_KEY },
    }),
  );
  await relay.line(/p2p-live relay at/);
  const profiling = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
  const feeder = keep(
    new BenchProcess(process.execPath, [
      ...[...profiling, ...TSX, local('ingest/many-channels.ts')],
      ...[`http://127.0.0.1:${port}`, sources, PUBLISH_KEY, `${channels}`],
    ]),
  );
  await feeder.line(/^ready$/, 60_000);
  return {
    processes: [feeder],
    servers: [relay],
    async sent() {
      feeder.tell('sent?');
      return JSON.parse(await feeder.line(/^\{/));
    },
  };
};

/** One ffmpeg a channel that copies to node-media-server over HTTP, as many a site does. */
const startFfmpeg: Start = async ({ channels }, sources, folder, keep) => {
  const port = await freePort();
  const server = keep(
    new BenchProcess(process.execPath, [local('node-media-server.mjs'), `${port}`, folder], { cwd: folder }),
  );
  await server.line(/HTTP server listening/);
  const flags = ['-hide_banner', '-loglevel', 'quiet', '-nostdin', '-fflags', '+nobuffer'];
  const processes = Array.from({ length: channels }, (_, number) =>
    keep(
      new BenchProcess('ffmpeg', [
        ...[
          ...flags,
          '-i',
          `${sources}/${number}`,
          '-c',
          'copy',
          '-flush_packets',
          '1',
          '-flvflags',
          'no_duration_filesize',
        ],
        ...['-f', 'flv', '-method', 'POST', `http://127.0.0.1:${port}/live/${number}.flv`],
      ]),
    ),
  );
  const flows = async (number: number) => {
    const answer = await fetch(`http://127.0.0.1:${port}/live/${number}.flv`);
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    return (first?.value?.length ?? 0) > 0;
  };
  for (const number of processes.keys()) await until(() => flows(number), `ffmpeg ${number} flows`, 20_000);
  return { processes, servers: [server] };
};

async function run(start: Start, round: Round): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'p2p-live-bench-'));
  const children: BenchProcess[] = [];
  const keep: Keep = child => {
    children.push(child);
    return child;
  };
  try {
    const port = await freePort();
    const source = keep(
      new BenchProcess(process.execPath, [...TSX, local('ingest/flv-server.ts'), `${port}`, `${round.bytesPerSecond}`]),
    );
    await source.line(/serving/);
    const feeders = await start(round, `http://127.0.0.1:${port}`, folder, keep);
    await delay(CALM_MS);
    return await measure(feeders, source, round.seconds);
  } finally {
    await Promise.all(children.map(child => child.end()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(feeders: Feeders, source: BenchProcess, seconds: number): Promise<Figures> {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const load = async () => {
    const feeding = sum(feeders.processes.map(({ pid }) => cpuSeconds(pid)));
    const others = sum([...feeders.servers, source].map(({ pid }) => cpuSeconds(pid)));
    return {
      at: performance.now() / 1_000,
      feeding,
      others: machineSeconds() - feeding - others - cpuSeconds(process.pid),
      sent: await feeders.sent?.(),
    };
  };
  const from = await load();
  await delay(seconds * 1_000);
  const to = await load();
  const elapsed = to.at - from.at;
  return {
    cpu: (to.feeding - from.feeding) / elapsed,
    rss_mb: sum(feeders.processes.map(({ pid }) => residentMb(pid))),
    pss_mb: sum(feeders.processes.map(({ pid }) => proportionalMb(pid))),
    mbps: from.sent && to.sent ? ((to.sent.bytes - from.sent.bytes) * 8) / elapsed / 1e6 : null,
    dropped: from.sent && to.sent ? to.sent.dropped - from.sent.dropped : null,
    others_cpu: Math.max(0, (to.others - from.others) / elapsed),
  };
}

/** The median of each figure. */
function median(runs: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number | null, digits: number): number | null => {
    const sorted = runs
      .map(pick)
      .filter(value => value !== null)
      .sort((a, b) => a - b);
    const middle = sorted[sorted.length >> 1];
    return middle === undefined ? null : Number(middle.toFixed(digits));
  };
  return {
    cpu: of(f => f.cpu, 3) ?? 0,
    rss_mb: of(f => f.rss_mb, 1) ?? 0,
    pss_mb: of(f => f.pss_mb, 1) ?? 0,
    mbps: of(f => f.mbps, 1),
    dropped: of(f => f.dropped, 0),
    others_cpu: of(f => f.others_cpu, 2) ?? 0,
  };
}

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      channels: { type: 'string', default: '20' },
      mbps: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '10' },
      runs: { type: 'string', default: '3' },
      alone: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [channels, mbps, seconds, runs] = [values.channels, values.mbps, values.seconds, values.runs].map(Number);
  const whole = (value: number | undefined): value is number => Number.isInteger(value) && Number(value) >= 1;
  if (!whole(channels) || !whole(runs) || !(Number(mbps) >= 0.2) || !(Number(seconds) >= 1)) {
    console.error(USAGE);
    process.exitCode = 1;
    return;
  }
  process.setMaxListeners(0); // each child is ended with this process
  const round = { channels, seconds: Number(seconds), bytesPerSecond: (Number(mbps) * 1e6) / 8 };
  const contestants = { 'p2p-live': startOurs, ...(!values.alone && { 'ffmpeg -c copy': startFfmpeg }) };
  const all = new Map<string, Figures[]>();
  for (let turn = 1; turn <= runs; turn++) {
    for (const [name, start] of Object.entries(contestants)) {
      const figures = await run(start, round);
      all.set(name, [...(all.get(name) ?? []), figures]);
      console.error(`run ${turn} of ${runs}: ${name} ${JSON.stringify(median([figures]))}`);
    }
  }
  const medians = new Map([...all].map(([name, list]) => [name, median(list)]));
  console.log(`${channels} channels of ${mbps} Mbit/s, median of ${runs} runs of ${seconds} s`);
  console.table(Object.fromEntries(medians));
  if (!values.alone) {
    console.log(
      'ffmpeg copies to node-media-server, a process a channel; p2p-live also signs each chunk and keeps 30 s.',
    );
  }
  if (values.json) {
    console.log(JSON.stringify({ channels, ...medians.get('p2p-live'), ffmpeg: medians.get('ffmpeg -c copy') }));
  }
}
