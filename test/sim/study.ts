// Compares the swarm with the study of push trees (design §6): no churn, no loss, no jitter; how long a chunk takes to each viewer, worst of the stripes.

import { USE_MS } from './figures.ts';
import { Histogram } from './histogram.ts';
import { idealDelays } from './ideal-plan.ts';
import type { CoordinatorMaker } from './machines.ts';
import type { Uplinks } from './population.ts';
import { runSimulation } from './run.ts';
import { HEADER_BYTES, type Settings } from './settings.ts';

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
  /** The study's plan for the very viewers that were simulated. */
  readonly ideal_p50: number;
  readonly ideal_p99: number;
  readonly relay_copies: number;
  readonly depth_max: number;
}

/** The study knows no headers: with them a chunk has 4,000 bytes, and the stream 2 Mbit/s. */
const CHUNK_BYTES = 4_000;
const RATE_KBPS = 2_000;
const STREAM = {
  chunkBytes: CHUNK_BYTES - HEADER_BYTES,
  rateKbps: (RATE_KBPS * (CHUNK_BYTES - HEADER_BYTES)) / CHUNK_BYTES,
  uplinkRateKbps: RATE_KBPS,
};
const MINUTES = 0.75;
const HEAD = '  viewers  uplinks  here p50/p99 ms  the study  its plan for these viewers  here ÷ that  copies  deepest';
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
      const asked = { ...settings, ...calm, ...STREAM, viewers, uplinks, minutes: MINUTES };
      const { simulation, result } = runSimulation(asked, coordinator, true);
      const { figures, stream } = simulation.world;
      // The study counts from the relay's sending, and knows no decoder.
      const before = stream.readyAt(0) - stream.capturedAt(0) + USE_MS;
      const swarm = (share: number) => Math.round((delays.percentile(share) ?? Number.NaN) - before);
      const worst = idealDelays(
        simulation.world.viewers.map(({ access }) => access),
        { stripes: asked.stripes, stripeKbps: RATE_KBPS / asked.stripes, chunkBytes: CHUNK_BYTES },
      );
      const ideal = (share: number) => Math.round(worst[Math.min(worst.length - 1, Math.floor(worst.length * share))]!);
      const delays = new Histogram();
      for (const histogram of figures.needed.slice(-COUNTS_S)) delays.merge(histogram);
      rows.push({
        viewers,
        uplinks,
        p50: swarm(0.5),
        p99: swarm(0.99),
        study_p50: p50,
        study_p99: p99,
        ideal_p50: ideal(0.5),
        ideal_p99: ideal(0.99),
        relay_copies: result.phases.at(-1)?.relay_copies ?? Number.NaN,
        depth_max: result.depth.max,
      });
    }
  }
  const lines = rows.map(row => {
    const cells = [
      String(row.viewers).padStart(9),
      row.uplinks.padStart(7),
      `${row.p50}/${row.p99}`.padStart(15),
      `${row.study_p50}/${row.study_p99}`.padStart(9),
      `${row.ideal_p50}/${row.ideal_p99}`.padStart(26),
      `${(row.p50 / row.ideal_p50).toFixed(2)}/${(row.p99 / row.ideal_p99).toFixed(2)}`.padStart(11),
      row.relay_copies.toFixed(2).padStart(6),
      String(row.depth_max).padStart(7),
    ];
    return cells.join('  ');
  });
  return {
    table: [HEAD, ...lines].join('\n'),
    json: rows,
  };
}
