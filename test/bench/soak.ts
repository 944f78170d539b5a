// `npm run soak`: viewers that play for long must not grow, nor must the relay; fails when one does.

import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { until } from '../support/until.ts';
import { residentMb } from './process-load.ts';
import { medianSlope } from './soak/slope.ts';
import { SoakViewer } from './soak/soak-viewer.ts';
import { Origin, startOurs } from './swarm/bench-servers.ts';
import { Encoder } from './swarm/encoder.ts';
import { onInterrupt } from './swarm/interruption.ts';
import { LOOPBACK } from './swarm/place.ts';
import { removeFolder } from './swarm/remove-folder.ts';

const USAGE = `Usage: npm run soak -- [options]
  --minutes 20    how long
  --warm-up M     minutes until memory must be flat (two thirds of them, 13 at most)
  --viewers 2     how many watch, each in a Chromium of its own
  --json          one JSON object as the last line`;

/** Between two samples. */
const SAMPLE_MS = 30_000;
/** MB a minute from which on it is called growth. A leak of the stream itself would be 12. */
const BOUNDS = { heap: 0.2, process: 1, relay: 1 } as const;

/** Minutes until the relay holds all that viewers may go back; before, its growth means nothing. */
const FILLED = 11;

type Kind = keyof typeof BOUNDS;
interface Series {
  readonly name: string;
  readonly kind: Kind;
  /** Minutes, MB. */
  readonly samples: (readonly [number, number])[];
}

/** Runs the soak and prints what it found; the exit code is 1 when something grew. */
export async function main(args: string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { minutes: text, 'warm-up': text, viewers: text, json: { type: 'boolean', default: false } },
  });
  const minutes = Number(values.minutes ?? 20);
  const warmUp = Number(values['warm-up'] ?? Math.min(13, (minutes * 2) / 3, minutes - 2));
  const viewers = Number(values.viewers ?? 2);
  if (!(minutes >= 5 && warmUp >= 0 && warmUp <= minutes - 2) || !Number.isInteger(viewers) || viewers < 1) {
    console.error(`5 minutes or more, at least 2 of them after the warm-up, and a viewer\n${USAGE}`);
    process.exitCode = 1;
    return;
  }
  const series = await soak({ minutes, viewers });
  const found = series.map(({ name, kind, samples }) => {
    const judged = samples.filter(([at]) => at >= warmUp);
    const slope = medianSlope(judged);
    const filling = kind === 'relay' && warmUp < FILLED;
    const verdict = filling ? 'still filling, not judged' : slope <= BOUNDS[kind] ? 'flat' : 'GROWS';
    return { name, from: judged[0]?.[1], to: judged.at(-1)?.[1], slope, bound: BOUNDS[kind], verdict };
  });
  for (const { name, from, to, slope, bound, verdict } of found) {
    const range = `${from?.toFixed(1)} → ${to?.toFixed(1)} MB`;
    console.log(`${name.padEnd(20)} ${range}, ${slope.toFixed(2)} MB a minute (at most ${bound}): ${verdict}`);
  }
  if (values.json) console.log(JSON.stringify({ minutes, warm_up: warmUp, viewers, found, series }));
  if (found.some(({ verdict }) => verdict === 'GROWS')) process.exitCode = 1;
}

async function soak({ minutes, viewers }: { minutes: number; viewers: number }): Promise<Series[]> {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-soak-'));
  const interruption = onInterrupt();
  const hls = join(folder, 'hls');
  mkdirSync(hls);
  const encoder = new Encoder(hls);
  const ends: (() => unknown)[] = [() => encoder.stop()];
  try {
    const origin = await Origin.start(LOOPBACK, folder, hls);
    ends.push(() => origin.process.end());
    const ours = await startOurs({ place: LOOPBACK, folder, origin, encoder, interrupt: interruption.signal });
    ends.push(() => ours.stop());
    const asked = new URL(ours.page).searchParams;
    const page = `${asked.get('relay')}/embed/${asked.get('name')}?autoplay=1&muted=1`;
    const guests: SoakViewer[] = [];
    for (let count = 0; count < viewers; count++) {
      const guest = await SoakViewer.open(page);
      ends.push(() => guest.close());
      guests.push(guest);
      await until(
        async () => (await guest.sample()).frames > 25,
        () => `it plays: ${guest.complaints.join('; ')}`,
        30_000,
      );
    }
    const series: Series[] = [
      { name: 'relay', kind: 'relay', samples: [] },
      ...guests.flatMap((_, index): Series[] => [
        { name: `viewer ${index + 1}, heaps`, kind: 'heap', samples: [] },
        { name: `viewer ${index + 1}, process`, kind: 'process', samples: [] },
      ]),
    ];
    const frames = guests.map(() => 0);
    const start = performance.now();
    for (let at = 0; at <= minutes * 60_000; at += SAMPLE_MS) {
      await delay(Math.max(0, start + at - performance.now()), undefined, { signal: interruption.signal });
      const minute = (performance.now() - start) / 60_000;
      const values = [residentMb(ours.pids[0] ?? 0)];
      for (const [index, guest] of guests.entries()) {
        const { heapMb, processMb, frames: shown, state } = await guest.sample();
        if (at > 0 && shown <= frames[index]!) throw new Error(`viewer ${index + 1} stands still (${state})`);
        frames[index] = shown;
        values.push(heapMb, processMb);
      }
      for (const [index, value] of values.entries()) series[index]?.samples.push([minute, value]);
      console.error(
        `${minute.toFixed(1)} min: ${series.map(({ name, samples }) => `${name} ${samples.at(-1)?.[1].toFixed(1)}`).join(', ')} MB`,
      );
    }
    for (const guest of guests) if (guest.complaints.length > 0) throw new Error(guest.complaints.join('\n'));
    return series;
  } finally {
    for (const end of ends.reverse()) await end();
    interruption.release();
    removeFolder(folder);
  }
}
