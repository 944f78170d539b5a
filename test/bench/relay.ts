// `npm run bench -- relay`: what the relay costs without peers, beside node-media-server's HTTP-FLV, at the same rate in the same run.

import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Start, startNodeMediaServer, startOurs } from './relay-contestants.ts';
import { CROWD, type CrowdFigures, faultsOf, holdCrowd } from './relay-crowd.ts';
import { type Figures, median, run } from './relay-measure.ts';

const USAGE = `Usage: npm run bench -- relay [options]
  --viewers 100,400   how many watch; one round for each number. From 1,000 on it is about whether our relay holds them: one run
                      of 12 s of a channel of 0.25 Mbit/s, with a viewer that doesn't read; fails when a chunk is lost
  --runs 3            the median of so many, taking turns
  --seconds 8         length of each measurement
  --mbps 2            Mbit/s of the stream
  --transport NAME    webtransport, websocket, or both (both)
  --json              one JSON object as the last line`;

/** Share of all cores from which on a measurement is one of the machine, and cores of other programs that disturb it. */
const FULL = 0.9;
const DISTURBED = 0.3;
const USUAL = { runs: 3, seconds: 8, mbps: 2 };
/** From so many viewers on they are a crowd. */
const MANY = 1_000;

function contestantsFor(transport: string): Map<string, Start> | undefined {
  const peer = ['node-media-server', startNodeMediaServer] as const;
  if (transport === 'webtransport' || transport === 'websocket')
    return new Map([['p2p-live', startOurs(transport)], peer]);
  if (transport !== 'both') return undefined;
  return new Map([['p2p-live', startOurs('webtransport')], peer, ['p2p-live websocket', startOurs('websocket')]]);
}

/** What is said about the rounds. */
function numbersIn(values: { runs?: string; seconds?: string; mbps?: string }): Partial<typeof USUAL> {
  const given = { runs: values.runs, seconds: values.seconds, mbps: values.mbps };
  return Object.fromEntries(Object.entries(given).flatMap(([name, text]) => (text ? [[name, Number(text)]] : [])));
}

/** A crowd on our relay, over what it offers and over WebSocket alone; the process fails when it isn't held. */
async function hold(viewers: number, transport: string, { runs, seconds, mbps }: typeof USUAL) {
  const results: Record<string, CrowdFigures> = {};
  const transports = transport === 'both' ? ['webtransport', 'websocket'] : [transport];
  for (const one of transports) {
    const name = one === 'websocket' && transports.length > 1 ? 'p2p-live websocket' : 'p2p-live';
    const all: CrowdFigures[] = [];
    for (let turn = 1; turn <= runs; turn++) {
      const figures = await holdCrowd(startOurs(one), { viewers, seconds, bytesPerSecond: (mbps * 1e6) / 8 });
      console.error(`${viewers} viewers, run ${turn} of ${runs}: ${name} ${told(median([figures]))}`);
      all.push(figures);
    }
    const faults = all.flatMap(figures => faultsOf(figures, viewers));
    const given = one === 'webtransport' ? 'webtransport to as many as the relay offers it, else websocket' : one;
    results[name] = { ...worst(all), ...median(all), transport: given };
    console.log(`${name}: ${faults.length > 0 ? `NOT held: ${faults.join('; ')}` : 'all were held'}`);
    if (faults.length > 0) process.exitCode = 1;
  }
  console.table(results);
  return results;
}

/** Of what is bounded the worst run counts. */
function worst(runs: readonly CrowdFigures[]): CrowdFigures {
  const most = (pick: (figures: CrowdFigures) => number | null) => Math.max(...runs.map(figures => pick(figures) ?? 0));
  return {
    ...runs[0]!, // there is at least one run
    rss_peak_mb: most(figures => figures.rss_peak_mb),
    rss_grown_mb: most(figures => figures.rss_grown_mb),
    slow_behind_ms: most(figures => figures.slow_behind_ms),
  };
}

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      viewers: { type: 'string', default: '100,400' },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      mbps: { type: 'string' },
      transport: { type: 'string', default: 'both' },
      json: { type: 'boolean', default: false },
    },
  });
  const usual = { ...USUAL, ...numbersIn(values) };
  const { runs, seconds, mbps } = usual;
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
    if (viewers >= MANY) {
      results[viewers] = await hold(viewers, values.transport, { ...CROWD, ...numbersIn(values) });
      continue;
    }
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
