// Prints what was measured: a table for people, and one JSON object when it is asked for.

import { availableParallelism } from 'node:os';
import type { Quantiles, SwarmFigures } from './swarm-figures.ts';
import { PLAYERS, type PlayerName, type SwarmOptions } from './swarm-options.ts';

type Results = ReadonlyMap<PlayerName, SwarmFigures>;

/** `tcp`: the congestion control in the lab. */
export function printSwarm(options: SwarmOptions, results: Results, tcp: string | undefined): void {
  console.log(swarmTable(options, results, tcp));
  if (options.json) console.log(JSON.stringify(swarmJson(options, results, tcp)));
}

/** As BENCH.md has it; a player that did not run is null. */
export function swarmJson({ viewers, seconds, churn, lab }: SwarmOptions, results: Results, tcp: string | undefined) {
  const { rtt, jitter, loss, up, down } = lab ?? {};
  const network = lab ? { rtt, jitter, loss, up, down, tcp_congestion_control: tcp ?? null } : null;
  return {
    ...Object.fromEntries(PLAYERS.map(player => [player, results.get(player) ?? null])),
    conditions: { viewers, seconds, churn, lab: network },
  };
}

const dash = (value: number | null) => (value === null ? '–' : `${value}`);
const pair = ({ p50, p95 }: Quantiles) => `${dash(p50)} / ${dash(p95)}`;

const ROWS: readonly (readonly [string, (figures: SwarmFigures) => string])[] = [
  ['share of the ceiling', figures => dash(figures.share_of_ceiling)],
  ['copies of a chunk that the server sent', figures => dash(figures.copies_per_chunk)],
  ['MB from the server / from peers', ({ relay_mb, peers_mb }) => `${dash(relay_mb)} / ${dash(peers_mb)}`],
  ['latency p50 / p95, ms', figures => pair(figures.latency_ms)],
  ['stalls a viewer-minute', figures => dash(figures.stalls_per_viewer_minute)],
  ['longest stall, ms', figures => dash(figures.longest_stall_ms)],
  ['first frame p50 / p95, ms', figures => pair(figures.first_frame_ms)],
  ['cores: browsers / servers', figures => `${dash(figures.cpu_browsers)} / ${dash(figures.cpu_servers)}`],
  ['cores: encoder / none of the benchmark', figures => `${dash(figures.cpu_encoder)} / ${dash(figures.cpu_others)}`],
  ['stream, Mbit/s', figures => dash(figures.stream_mbps)],
  ['viewers without a picture', figures => dash(figures.viewers_without_picture)],
];

export function swarmTable({ viewers, seconds, churn, lab }: SwarmOptions, results: Results, tcp?: string): string {
  const network = `round trip ${lab?.rtt} ms, jitter ${lab?.jitter} ms, loss ${lab?.loss} %, ${lab?.up} Mbit/s up, ${lab?.down} down`;
  const where = lab ? `in the lab (${network}, TCP ${tcp})` : 'on loopback';
  const leaving = churn ? ', 30 % leave and others join each minute' : '';
  const head = `${viewers} viewers ${where}${leaving}; ${seconds} s of each player, one after the other`;
  const columns = [...results].map(([player, figures]) => [player, ...ROWS.map(([, cell]) => cell(figures))]);
  const table = [['', ...ROWS.map(([name]) => name)], ...columns];
  const widths = table.map(column => Math.max(...column.map(cell => cell.length)));
  const lines = ['', ...ROWS].map((_, row) =>
    table.map((column, index) => (column[row] ?? '').padEnd(widths[index] ?? 0)).join('  '),
  );
  const busy = [...results].filter(([, figures]) => isDisturbed(figures)).map(([player]) => disturbed(player));
  return [head, ...lines.map(line => line.trimEnd()), ...busy].join('\n');
}

/** Cores of other programs that disturb a measurement, and the share of all cores from which on it is one of the machine. */
const DISTURBED = 0.3;
const FULL = 0.9;

function isDisturbed({ cpu, cpu_encoder, cpu_others }: SwarmFigures): boolean {
  const all = (cpu ?? 0) + (cpu_encoder ?? 0) + (cpu_others ?? 0);
  return (cpu_others ?? 0) >= DISTURBED || all >= FULL * availableParallelism();
}

const disturbed = (player: PlayerName) =>
  `${player}: the machine was full or busy with something else, so latency and stalls are not the player's alone.`;
