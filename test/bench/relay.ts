// `npm run bench -- relay`: what the relay costs without peers, beside node-media-server's HTTP-FLV, at the same rate in the same run.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findDeno } from '../../relay/run-under-deno.ts';
import { cpuSeconds, residentMb } from './process-load.ts';
import { publishChunks, pushFlv, type Source } from './relay-publishers.ts';
import { FRAMES_PER_SECOND } from './synthetic-flv.ts';
import type { ViewerFigures } from './viewer-figures.ts';

const USAGE =
  'Usage: npm run bench -- relay [--viewers 100,400] [--runs 3] [--seconds 8] [--mbps 2] [--transport webtransport|websocket] [--json]';

/** One server with one number of viewers: as in the table that is printed. */
interface Figures {
  readonly cpu: number;
  readonly mbps: number;
  readonly rss_mb: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly lost: number;
  readonly transport: string;
}

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Viewers that one process plays. */
const PER_PROCESS = 200;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Waits for a line of a process that matches; fails when the process ends. */
async function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  const lines = createInterface(child.stdout!); // spawned with a pipe
  const line = new Promise<string>(resolve => {
    lines.on('line', text => {
      if (pattern.test(text)) resolve(text);
    });
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${code}`);
  });
  try {
    return await Promise.race([line, gone]);
  } finally {
    lines.close();
    gone.catch(() => {}); // it may end later, when it is meant to
  }
}

/** Measures one server while its viewers watch. */
async function measure(
  server: ChildProcess,
  viewers: readonly ChildProcess[],
  seconds: number,
): Promise<Omit<Figures, 'transport'>> {
  await delay(1_000);
  const pid = server.pid!; // it is running
  for (const child of viewers) child.stdin?.write('start\n');
  const [cpu0, at0] = [cpuSeconds(pid), performance.now()];
  await delay(seconds * 1_000);
  const [cpu1, at1] = [cpuSeconds(pid), performance.now()];
  const rss = residentMb(pid);
  const answers = viewers.map(child => lineOf(child, /^\{/));
  for (const child of viewers) child.stdin?.write('stop\n');
  const figures: ViewerFigures[] = (await Promise.all(answers)).map(line => JSON.parse(line));
  const elapsed = (at1 - at0) / 1_000;
  const sum = (of: (figure: ViewerFigures) => number) => figures.reduce((total, figure) => total + of(figure), 0);
  return {
    cpu: (cpu1 - cpu0) / elapsed,
    mbps: (sum(f => f.bytes) * 8) / elapsed / 1e6,
    rss_mb: rss,
    p50_ms: Math.max(...figures.map(f => f.p50)),
    p99_ms: Math.max(...figures.map(f => f.p99)),
    lost: sum(f => f.lost),
  };
}

/** Runs viewer processes one after the other, until all their viewers have seen something. */
async function startViewers(total: number, command: string, args: (count: number) => string[], into: ChildProcess[]) {
  for (let left = total; left > 0; left -= PER_PROCESS) {
    const child = spawn(command, args(Math.min(left, PER_PROCESS)), { stdio: ['pipe', 'pipe', 'inherit'] });
    into.push(child);
    await lineOf(child, /^ready$/);
  }
}

interface Options {
  readonly viewers: number;
  readonly seconds: number;
  readonly frameBytes: number;
  readonly transport: string;
}

async function runOurs({ viewers, seconds, frameBytes, transport }: Options): Promise<Figures> {
  const deno = findDeno(import.meta.url);
  if (!deno) throw new Error('the npm package deno is not installed');
  const state = await mkdtemp(join(tmpdir(), 'p2p-live-bench-'));
  const port = await freePort();
  const flags = ['run', '-A', '--unstable-net', '--no-prompt'];
  const environment = { P2P_LIVE_STATE_DIR: state, P2P_LIVE_PUBLISH_KEY: 'bench-bench' };
  const server = spawn(
    deno,
    [...flags, local('../../relay/main.ts'), '--host', '127.0.0.1', '--port', `${port}`, '--log-level', 'error'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } },
  );
  const children: ChildProcess[] = [server];
  let source: Source | undefined;
  try {
    await lineOf(server, /p2p-live relay at/);
    const url = `http://127.0.0.1:${port}`;
    source = await publishChunks({ url, channel: 'bench', publishKey: 'bench-bench', frameBytes });
    const crowd: ChildProcess[] = [];
    const args = (count: number) => [
      ...flags,
      local('relay-viewers.ts'),
      `${url}/channels/bench`,
      transport,
      `${count}`,
    ];
    try {
      await startViewers(viewers, deno, args, crowd);
      return { ...(await measure(server, crowd, seconds)), transport };
    } finally {
      children.push(...crowd);
    }
  } finally {
    source?.stop();
    await endAll(children);
    await rm(state, { recursive: true, force: true });
  }
}

async function runNodeMediaServer({ viewers, seconds, frameBytes }: Options): Promise<Figures> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'p2p-live-bench-'));
  const script = `
    const NodeMediaServer = require(${JSON.stringify(fileURLToPath(import.meta.resolve('node-media-server')))});
    new NodeMediaServer({ bind: '127.0.0.1', http: { port: ${port} }, auth: {}, webadmin: { enable: false }, store: { path: ${JSON.stringify(folder)} }, notify: {}, record: { path: ${JSON.stringify(folder)} } }).run();
    const wait = setInterval(() => fetch('http://127.0.0.1:${port}/').then(() => { clearInterval(wait); console.log('READY'); }, () => {}), 100);
  `;
  const server = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder });
  const children: ChildProcess[] = [server];
  let source: Source | undefined;
  try {
    await lineOf(server, /READY/);
    server.stdout?.resume(); // its log of every session
    source = pushFlv(port, '/live/bench.flv', frameBytes);
    await delay(500);
    const crowd: ChildProcess[] = [];
    const args = (count: number) => [
      '--import',
      'tsx',
      local('flv-viewers.ts'),
      `${port}`,
      '/live/bench.flv',
      `${count}`,
    ];
    try {
      await startViewers(viewers, process.execPath, args, crowd);
      return { ...(await measure(server, crowd, seconds)), transport: 'http-flv' };
    } finally {
      children.push(...crowd);
    }
  } finally {
    source?.stop();
    await endAll(children);
    await rm(folder, { recursive: true, force: true });
  }
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async child => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }),
  );
}

/** The median of each figure. */
function median(runs: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number) => {
    const sorted = runs.map(pick).sort((a, b) => a - b);
    return Math.round(sorted[Math.floor(sorted.length / 2)]! * 1_000) / 1_000; // there is at least one run
  };
  return {
    cpu: of(f => f.cpu),
    mbps: of(f => f.mbps),
    rss_mb: of(f => f.rss_mb),
    p50_ms: of(f => f.p50_ms),
    p99_ms: of(f => f.p99_ms),
    lost: of(f => f.lost),
    transport: runs[0]!.transport,
  };
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      viewers: { type: 'string', default: '100,400' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '8' },
      mbps: { type: 'string', default: '2' },
      transport: { type: 'string', default: 'webtransport' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const crowds = values.viewers.split(',').map(Number);
  if (values.help || crowds.some(n => !Number.isInteger(n) || n < 1)) {
    console.error(USAGE);
    process.exit(values.help ? 0 : 1);
  }
  const frameBytes = Math.round((Number(values.mbps) * 1e6) / 8 / FRAMES_PER_SECOND);
  const results: Record<string, Record<string, Figures>> = {};
  for (const viewers of crowds) {
    const options = { viewers, seconds: Number(values.seconds), frameBytes, transport: values.transport };
    const runs: Record<string, Figures[]> = { 'p2p-live': [], 'node-media-server': [] };
    for (let run = 0; run < Number(values.runs); run++) {
      runs['p2p-live']!.push(await runOurs(options));
      runs['node-media-server']!.push(await runNodeMediaServer(options));
      if (!values.json) console.log(`${viewers} viewers, run ${run + 1} of ${values.runs} done`);
    }
    results[viewers] = Object.fromEntries(Object.entries(runs).map(([name, figures]) => [name, median(figures)]));
  }
  for (const [viewers, servers] of Object.entries(results)) {
    console.log(`\n${viewers} viewers of ${values.mbps} Mbit/s, median of ${values.runs} runs`);
    console.table(servers);
  }
  if (values.json) console.log(JSON.stringify(results));
}
