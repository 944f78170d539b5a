// A run's figures as people read them.

import type { Percentiles, Result } from './result.ts';

const percent = (value: number | null, digits = 2) => (value === null ? '–' : `${(value * 100).toFixed(digits)} %`);
const ms = (value: number | null) => (value === null ? '–' : value >= 8_191 ? 'never' : `${value} ms`);
const all = ({ p50, p95, p99 }: Percentiles) => `${ms(p50)} / ${ms(p95)} / ${ms(p99)}`;

/** Several lines, without the last line's end. */
export function resultTable(result: Result): string {
  const complaints = Object.entries(result.complaints).map(([grievance, count]) => `${count} ${grievance}`);
  const of = result.relay_copies_of;
  const rows: [string, string][] = [
    ['offload', percent(result.offload, 3)],
    [
      'copies the relay sent',
      `${result.relay_copies} (bound ${result.bound_copies}; peak ${result.relay_peak_mbps} Mbit/s)`,
    ],
    ['needed latency p50/p95/p99', all(result.latency_ms)],
    ['the same over whole stays', all(result.stay_latency_ms)],
    ['chunk delay p50/p95/p99/p99.9', `${all(result.chunk_delay_ms)} / ${ms(result.chunk_delay_ms.p999)}`],
    [
      'late chunks',
      `${percent(result.late, 3)} (${percent(result.late_without_restart, 3)} without the relay's absence)`,
    ],
    ['depth p50/max', `${result.depth.p50} / ${result.depth.max} hops (⌈log₂ N⌉ = ${result.bound_depth})`],
    ['control', `${result.control_bytes_per_viewer_second} B a viewer and second`],
    ['duplicates', percent(result.duplicates, 3)],
    ['  of these', `${of.newcomers} to newcomers, ${of.asked} asked for, ${of.pushed} pushed to roots and orphans`],
    ['peers serve a newcomer after', all(result.settled_ms)],
    ['connections', `${result.connects} tried, ${result.connects_failed} failed`],
    ['complaints', complaints.join(', ') || 'none'],
    ['took', `${result.seconds} s, ${(result.events / 1e6).toFixed(1)} million events`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = [
    `${result.viewers} viewers, ${result.minutes} min, seed ${result.seed}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    `  ${'phase'.padEnd(14)} ${'seconds'.padEnd(9)} ${'viewers'.padStart(7)} ${'offload'.padStart(10)} ${'copies'.padStart(8)} ${'late'.padStart(9)}  needed latency p50/p95/p99`,
    ...result.phases.map(
      part =>
        `  ${part.phase.padEnd(14)} ${`${part.from_s}–${part.to_s}`.padEnd(9)} ${String(part.viewers).padStart(7)} ${percent(part.offload, 3).padStart(10)} ${String(part.relay_copies).padStart(8)} ${percent(part.late, 3).padStart(9)}  ${all(part.latency_ms)}`,
    ),
  ];
  return lines.join('\n');
}
