// One player's run: browsers are started, viewers join one after the other, and with churn leave; then everything is asked and ended.

import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { machineSeconds } from '../process-load.ts';
import type { Grounds } from './bench-servers.ts';
import { BenchViewer } from './bench-viewer.ts';
import { planStays, type Stay } from './churn-plan.ts';
import type { Contestant } from './contestant.ts';
import { CpuMeter } from './cpu-meter.ts';
import type { Account, Measured } from './swarm-figures.ts';
import type { SwarmOptions } from './swarm-options.ts';
import { viewerLine } from './viewer-lines.ts';
import type { ViewerReport } from './viewer-report.ts';

/** From the first viewer's start (ms). */
export const WARM_UP_MS = 20_000;
const LOOK_MS = 1_000;
const PROGRESS_MS = 10_000;
/** How many of the pages' complaints are told, and how much of each. */
const COMPLAINTS = 8;
const COMPLAINT_SIZE = 1_000;

interface Guest {
  readonly stay: Stay;
  readonly viewer: BenchViewer;
  gone: boolean;
  before: ViewerReport | undefined;
  after: ViewerReport | undefined;
}

/** Runs one player's viewers against its servers. `tell` gets lines of progress. */
export async function runSwarm(
  contestant: Contestant,
  { place, folder, origin, encoder, interrupt }: Grounds,
  { viewers, seconds, churn, lab }: SwarmOptions,
  tell: (line: string) => void,
): Promise<Measured> {
  const guests: Guest[] = [];
  const meter = new CpuMeter();
  for (const pid of contestant.pids) meter.add('servers', pid);
  // In the lab our parent is its router.
  meter.add('own', lab ? process.ppid : process.pid);
  if (encoder.pid !== undefined) meter.add('encoder', encoder.pid);
  try {
    for (const stay of planStays(viewers, seconds, churn)) {
      interrupt.throwIfAborted();
      const viewer = await BenchViewer.start(place, stay.host, origin.url, folder);
      guests.push({ stay, viewer, gone: false, before: undefined, after: undefined });
      meter.add('browsers', viewer.pid);
    }
    tell(`${guests.length} browsers are open`);
    const start = performance.now();
    const startAt = Date.now();
    const at = (ms: number) => delay(Math.max(0, start + ms - performance.now()), undefined, { signal: interrupt });
    const atStart = await contestant.counts();
    const cpu = setInterval(() => meter.look(), LOOK_MS);
    const progress = setInterval(async () => tell(await summary(guests, startAt)), PROGRESS_MS);
    try {
      const visits = Promise.all(guests.map(guest => visit(guest, contestant.page, at, tell)));
      visits.catch(() => {}); // awaited below
      await at(WARM_UP_MS);
      const atWarm = await contestant.counts();
      const warmAt = Date.now();
      await askAll(guests, 'before');
      const from = { at: performance.now(), ...coresOf(meter) };
      await Promise.race([at(seconds * 1_000), visits.then(() => at(seconds * 1_000))]);
      const to = { at: performance.now(), ...coresOf(meter) };
      const atEnd = await contestant.counts();
      const endAt = Date.now();
      await askAll(guests, 'after');
      await visits;
      for (const { stay, after } of guests) tell(viewerLine(stay.host, after, startAt));
      if (!encoder.running) throw new Error('the encoder has ended too early');
      const elapsed = (to.at - from.at) / 1_000;
      const cores = (group: keyof ReturnType<typeof coresOf>) => (to[group] - from[group]) / elapsed;
      return {
        viewers,
        warmAt,
        endAt,
        accounts: guests.map(accountOf),
        server: [atStart, atWarm, atEnd],
        cores: {
          browsers: cores('browsers'),
          servers: cores('servers'),
          encoder: cores('encoder'),
          others: cores('machine') - cores('ours'),
        },
      };
    } finally {
      clearInterval(cpu);
      clearInterval(progress);
    }
  } finally {
    tellComplaints(guests, tell);
    await Promise.all(guests.filter(({ gone }) => !gone).map(({ viewer }) => viewer.leave()));
  }
}

async function visit(guest: Guest, page: string, at: (ms: number) => Promise<void>, tell: (line: string) => void) {
  const { stay, viewer } = guest;
  await at(stay.joinsAt);
  await viewer.join(page);
  if (stay.leavesAt === undefined) return;
  await at(stay.leavesAt);
  guest.after = await viewer.report();
  guest.gone = true;
  // Half of them say goodbye, half don't.
  const how = stay.host % 4 < 2 ? 'vanishes' : 'closes';
  await viewer.leave(how);
  tell(`the viewer at host ${stay.host} ${how}`);
}

async function askAll(guests: readonly Guest[], when: 'before' | 'after'): Promise<void> {
  const present = guests.filter(({ gone }) => !gone);
  await Promise.all(
    present.map(async guest => {
      const report = await guest.viewer.report();
      if (!guest.gone) guest[when] = report;
    }),
  );
}

/** CPU seconds; `ours` is all that the benchmark started, and itself. */
function coresOf(meter: CpuMeter) {
  const used = meter.look();
  const of = (group: string) => used.get(group) ?? 0;
  return {
    browsers: of('browsers'),
    servers: of('servers'),
    encoder: of('encoder'),
    ours: of('own'),
    machine: machineSeconds(),
  };
}

const accountOf = ({ stay, before, after }: Guest): Account => ({
  before,
  after,
  stayed: stay.leavesAt === undefined && stay.joinsAt < WARM_UP_MS,
});

async function summary(guests: readonly Guest[], startAt: number): Promise<string> {
  const present = guests.filter(({ gone }) => !gone);
  const reports = (await Promise.all(present.map(({ viewer }) => viewer.report()))).flatMap(report => report ?? []);
  const latencies = reports.map(({ latencies }) => latencies.at(-1)?.[1] ?? '–');
  const of = (field: 'bytesFromPeers' | 'bytesFromServer') =>
    (reports.reduce((total, report) => total + (report[field] ?? 0), 0) / 1e6).toFixed(1);
  const elapsed = Math.round((Date.now() - startAt) / 1_000);
  const bytes = `${of('bytesFromPeers')} MB from peers, ${of('bytesFromServer')} MB from the server`;
  return `${elapsed} s: ${reports.length} viewers, ${bytes}, latency ${latencies.join(' ')} ms`;
}

function tellComplaints(guests: readonly Guest[], tell: (line: string) => void): void {
  const hosts = new Map<string, number[]>();
  for (const { stay, viewer } of guests)
    for (const complaint of viewer.complaints) hosts.set(complaint, [...(hosts.get(complaint) ?? []), stay.host]);
  for (const [complaint, from] of [...hosts].slice(0, COMPLAINTS))
    tell(
      `${from.length} complaints of viewers ${[...new Set(from)].join(', ')}: ${complaint.slice(0, COMPLAINT_SIZE)}`,
    );
}
