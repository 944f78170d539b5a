// Compares the swarm with the study of push trees (design §6): no churn, no loss, no jitter; how long a chunk takes to each viewer, worst of the stripes.

import { USE_MS } from './figures.ts';
import { Histogram } from './histogram.ts';
import type { CoordinatorMaker } from './machines.ts';
import type { Uplinks } from './population.ts';
import { runSimulation } from './run.ts';
import type { Settings } from './settings.ts';

/** p50/p99 in ms of the study: 2 Mbit/s, chunks of 4,000 bytes, four stripes. */
const STUDY: Readonly<Record<Uplinks, Readonly<Record<number, readonly [number, number]>>>> = {
  tight: { 8: [96, 107], 1000: [253, 278], 10000: [331, 353] },
  mixed: { 8: [102, 108], 1000: [111, 149], 10000: [145, 182] },
};

/** One line of the comparison. */
export interface StudyRow {
  readonly viewers: number;
  readonly uplinks: Uplinks;
  readonly p50: number;
  readonly p99: number;
  readonly study_p50: number;
  readonly study_p99: number;
  readonly relay_copies: number;
  readonly depth_max: number;
}

const MINUTES = 0.75;
/** The swarm has settled; its last seconds count. */
const COUNTS_S = 10;

/** Runs all of the study's sizes that are not larger than asked for. */
export function runStudy(
  settings: Settings,
  coordinator: CoordinatorMaker,
): { table: string; json: readonly StudyRow[] } {
  const rows: StudyRow[] = [];
  for (const uplinks of ['tight', 'mixed'] as const) {
    for (const [size, [p50, p99]] of Object.entries(STUDY[uplinks])) {
      const viewers = Number(size);
      if (viewers > Math.max(8, settings.viewers)) continue;
      const calm = { loss: 0, jitterMs: 0, unconnectable: 0, churn: false, events: false, exactUplinks: true };
      const asked = { ...settings, ...calm, viewers, uplinks, minutes: MINUTES, rateKbps: 2_000, chunkBytes: 4_000 };
      const { simulation, result } = runSimulation(asked, coordinator, true);
      const { figures, stream } = simulation.world;
      // The study counts from the relay's sending, and knows no decoder.
      const before = stream.readyAt(0) - stream.capturedAt(0) + USE_MS;
      const swarm = (share: number) => Math.round((delays.percentile(share) ?? Number.NaN) - before);
      const delays = new Histogram();
      for (const histogram of figures.needed.slice(-COUNTS_S)) delays.merge(histogram);
      rows.push({
        viewers,
        uplinks,
        p50: swarm(0.5),
        p99: swarm(0.99),
        study_p50: p50,
        study_p99: p99,
        relay_copies: result.phases.at(-1)?.relay_copies ?? Number.NaN,
        depth_max: result.depth.max,
      });
    }
  }
  const lines = rows.map(
    row =>
      `  ${String(row.viewers).padStart(7)}  ${row.uplinks}  ${`${row.p50}/${row.p99}`.padStart(9)}  ${`${row.study_p50}/${row.study_p99}`.padStart(9)}  ${ratio(row)}  ${row.relay_copies}  ${row.depth_max}`,
  );
  return {
    table: ['  viewers  uplinks  here p50/p99 ms  study p50/p99 ms  ratio  copies  deepest', ...lines].join('\n'),
    json: rows,
  };
}

function ratio({ p50, p99, study_p50, study_p99 }: StudyRow): string {
  return `${(p50 / study_p50).toFixed(2)}/${(p99 / study_p99).toFixed(2)}`;
}
