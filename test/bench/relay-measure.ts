// Measures one server of the relay bench with one number of viewers.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchProcess } from './bench-process.ts';
import { cpuSeconds, machineSeconds, residentMb } from './process-load.ts';
import type { Contestant, Round, Start } from './relay-contestants.ts';
import type { Source } from './relay-publishers.ts';
import { quantile, type ViewerFigures } from './viewer-figures.ts';

/** One server with one number of viewers, as BENCH.md names it. */
export interface Figures {
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

/** Somebody who sees a measurement from beside. */
export interface Witness {
  /** The server runs and is fed; the crowd comes next. */
  joined(contestant: Contestant): Promise<void>;
  begins(): void;
  over(): void;
}

/** Viewers that one process plays, unless there were too many processes then. */
const LEAST_PER_PROCESS = 200;
const MOST_PROCESSES = 4;
/** How long the joined crowd is left alone before it is measured (ms). */
const CALM_MS = 1_500;

/** Starts a server and its viewers, measures, and ends them all. */
export async function run(start: Start, round: Round, witness?: Witness): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'p2p-live-bench-'));
  const children: BenchProcess[] = [];
  let source: Source | undefined;
  try {
    const contestant = await start(round, folder, child => children.push(child));
    source = contestant.source;
    const crowds: BenchProcess[] = [];
    const perProcess = Math.max(LEAST_PER_PROCESS, Math.ceil(round.viewers / MOST_PROCESSES));
    await witness?.joined(contestant);
    for (let left = round.viewers; left > 0; left -= perProcess) {
      const crowd = contestant.crowd(Math.min(left, perProcess));
      crowds.push(crowd);
      children.push(crowd);
      await crowd.line(/^ready$/, 90_000);
    }
    await delay(CALM_MS);
    witness?.begins();
    return { ...(await measure(contestant.server, crowds, round)), transport: contestant.transport };
  } finally {
    witness?.over();
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
export function median(runs: readonly Figures[]): Figures {
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
