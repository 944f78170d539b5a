// `npm run bench -- hop`: what one hop between two Chromiums in the lab costs a chunk, on a data channel such as ours, beside what the design was made with.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type HopCase, hopDelays } from './swarm/hop-pages.ts';
import { enterLab, insideLab } from './swarm/lab.ts';
import type { Place } from './swarm/place.ts';
import { removeFolder } from './swarm/remove-folder.ts';

const USAGE = `Usage: npm run bench -- hop [--seconds 20] [--netlab ../shared/netlab/netlab.py] [--json]
  Two Chromiums, 50 ms round trip, 5 ms jitter, uplinks of 2.4 Mbit/s; needs root, python3 and netlab.py.`;

/** What the design measured: ms p50/p90/p99 of an unordered, reliable channel. */
const CASES: readonly (HopCase & { readonly loss: number; readonly design: readonly [number, number, number] })[] = [
  { kbps: 400, bytes: 4_000, loss: 0, design: [44, 49, 53] },
  { kbps: 400, bytes: 2_200, loss: 1, design: [36, 43, 179] },
  { kbps: 400, bytes: 4_000, loss: 1, design: [44, 52, 172] },
  { kbps: 800, bytes: 4_000, loss: 1, design: [46, 116, 159] },
];

/** Runs the benchmark and prints it. */
export async function main(args: string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { seconds: text, netlab: text, json: { type: 'boolean', default: false } },
  });
  const seconds = Number(values.seconds ?? 20);
  if (!(seconds >= 5 && seconds <= 600)) {
    console.error(`--seconds ${values.seconds}: from 5 to 600\n${USAGE}`);
    process.exitCode = 1;
    return;
  }
  try {
    const lab = { netlab: values.netlab, rtt: 50, jitter: 5, loss: 0, up: 2.4, down: 20, tcp: 'as-is' };
    const inside = insideLab(2, lab);
    if (inside) await measure(inside.place, seconds, values.json);
    else process.exitCode = await enterLab(2, lab, args);
  } catch (error) {
    console.error(`bench hop: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

async function measure(place: Place, seconds: number, json: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'p2p-live-hop-bench-'));
  const rows: Record<string, { p50: number; p90: number; p99: number; design: readonly number[] }> = {};
  try {
    for (const each of CASES) {
      // netlab's way of being told while it runs.
      writeFileSync(process.env.LAB_CONTROL ?? '', `set all loss=${each.loss}\n`);
      const delays = await hopDelays(place, folder, each, seconds);
      const at = (share: number) => Math.round(delays[Math.floor((delays.length - 1) * share)] ?? Number.NaN);
      const row = { p50: at(0.5), p90: at(0.9), p99: at(0.99), design: each.design };
      const name = `${each.bytes} B at ${each.kbps} kbit/s, ${each.loss} % loss`;
      rows[name] = row;
      const here = `${row.p50}/${row.p90}/${row.p99} ms`;
      console.log(
        `${name.padEnd(34)} ${here.padStart(15)}  (the design: ${each.design.join('/')}), ${delays.length} chunks`,
      );
    }
  } finally {
    removeFolder(folder);
  }
  if (json) console.log(JSON.stringify(rows));
}
