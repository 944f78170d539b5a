// Sums a run up: the figures that are printed, and the bounds that no plan can beat.

import { USE_MS } from './figures.ts';
import { Histogram } from './histogram.ts';
import type { Phase } from './scenario.ts';
import type { Simulation } from './simulation.ts';

/** Percentiles in ms; 8,191 stands for whatever took longer or never came, null for nothing measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Figures of one phase. */
export interface PhaseResult {
  readonly phase: Phase['name'];
  readonly from_s: number;
  readonly to_s: number;
  readonly viewers: number;
  readonly offload: number | null;
  readonly relay_copies: number;
  readonly latency_ms: Percentiles;
  readonly late: number | null;
}

/** The last line of `--json`. */
export interface Result {
  /** Chunks from peers ÷ all chunks that viewers got, after the start phase. */
  readonly offload: number | null;
  /** Chunks that the relay sent ÷ chunks of the stream, after the start phase. */
  readonly relay_copies: number;
  /** Over viewers and seconds: with this latency the viewer would have played everything captured in that second: longest delay + 100 ms. */
  readonly latency_ms: Percentiles;
  /** Share of chunks that weren't there 100 ms before their time. */
  readonly late: number | null;
  readonly depth: { readonly p50: number | null; readonly max: number };
  readonly control_bytes_per_viewer_second: number;
  /** Wall time. */
  readonly seconds: number;
  readonly seed: number;
  readonly viewers: number;
  readonly minutes: number;
  /** `late` without the chunks captured from 1 s before a restart of the relay until it is there again: they can't be passed on in time. */
  readonly late_without_restart: number | null;
  /** Capture to arrival, over all chunks. */
  readonly chunk_delay_ms: Percentiles & { readonly p999: number | null };
  /** Over viewers: with this latency the viewer would have played its whole stay. */
  readonly stay_latency_ms: Percentiles;
  readonly relay_copies_whole_run: number;
  readonly relay_peak_mbps: number;
  /** What `relay_copies` consists of: newcomers before peers serve them, chunks asked for, and the rest: the trees' roots, and orphans. */
  readonly relay_copies_of: { readonly newcomers: number; readonly asked: number; readonly pushed: number };
  /** From subscribing until peers push all stripes to a newcomer. */
  readonly settled_ms: Percentiles;
  readonly duplicates: number;
  readonly connects: number;
  readonly connects_failed: number;
  readonly complaints: Readonly<Record<string, number>>;
  /** Copies per chunk that the relay has to send whatever the plan: max(r, N·r − Σ uploads) ÷ r. */
  readonly bound_copies: number;
  /** ⌈log₂ N⌉. */
  readonly bound_depth: number;
  readonly phases: readonly PhaseResult[];
  readonly events: number;
}

/** Sums up a run that is over. `wallSeconds`: how long it took. */
export function summarize(simulation: Simulation, wallSeconds: number): Result {
  const { world, scenario } = simulation;
  const { figures, settings, stream } = world;
  const { seconds } = figures;
  const start = scenario.phases[0]?.to ?? 0;
  const perSecond = 1_000 / stream.intervalMs;
  const all = figuresOf(simulation, start, seconds.length);
  const whole = figuresOf(simulation, 0, seconds.length);
  const { restart } = scenario;
  const isDown = (second: number) => restart !== undefined && second >= restart.stop - 1 && second <= restart.start;
  const calm = seconds.filter((_, second) => second >= start && !isDown(second));
  const delay = figures.chunkDelays;
  const largest = Math.max(...seconds.map(second => second.viewers));
  return {
    offload: round(all.offload, 5),
    relay_copies: all.copies,
    latency_ms: percentiles(all.needed),
    late: round(all.late, 6),
    depth: { p50: figures.hops.percentile(0.5), max: figures.hops.max },
    control_bytes_per_viewer_second: Math.round(all.control / Math.max(1, all.viewerSeconds)),
    seconds: round(wallSeconds, 1) ?? 0,
    seed: settings.seed,
    viewers: settings.viewers,
    minutes: settings.minutes,
    late_without_restart: round(share(sum(calm, 'late'), sum(calm, 'due')), 6),
    chunk_delay_ms: { ...percentiles(delay), p999: delay.percentile(0.999) },
    stay_latency_ms: percentiles(staysOf(simulation)),
    relay_copies_whole_run: whole.copies,
    relay_peak_mbps: round((Math.max(...seconds.map(s => s.relayChunks)) * world.chunkBytes * 8) / 1e6, 1) ?? 0,
    relay_copies_of: { newcomers: all.newcomers, asked: all.asked, pushed: all.pushed },
    settled_ms: percentiles(figures.settled, 10),
    duplicates: round(share(all.duplicates, all.received), 6) ?? 0,
    connects: figures.connects,
    connects_failed: figures.connectsFailed,
    complaints: Object.fromEntries([...figures.complaints].sort()),
    bound_copies: boundCopies(simulation),
    bound_depth: Math.ceil(Math.log2(Math.max(2, largest))),
    phases: scenario.phases.map(phase => {
      const part = figuresOf(simulation, phase.from, phase.to);
      return {
        phase: phase.name,
        from_s: phase.from,
        to_s: phase.to,
        viewers: Math.round(part.viewerSeconds / Math.max(1, phase.to - phase.from)),
        offload: round(part.offload, 5),
        relay_copies: part.copies,
        latency_ms: percentiles(part.needed),
        late: round(part.late, 6),
      };
    }),
    events: world.wheel.handled,
  };

  function figuresOf(_: Simulation, from: number, to: number) {
    const rows = seconds.slice(from, to);
    const needed = new Histogram();
    for (const histogram of figures.needed.slice(from, to)) needed.merge(histogram);
    const fromPeers = sum(rows, 'fromPeers');
    const received = fromPeers + sum(rows, 'fromRelay');
    const copies = (chunks: number) => round(chunks / Math.max(1, rows.length * perSecond), 2) ?? 0;
    const [sent, asked, newcomers] = [sum(rows, 'relayChunks'), sum(rows, 'relayPulled'), sum(rows, 'relayFirst')];
    return {
      needed,
      received,
      offload: share(fromPeers, received),
      copies: copies(sent),
      asked: copies(asked),
      newcomers: copies(newcomers),
      pushed: copies(sent - asked - newcomers),
      late: share(sum(rows, 'late'), sum(rows, 'due')),
      control: sum(rows, 'controlBytes'),
      duplicates: sum(rows, 'duplicates'),
      viewerSeconds: sum(rows, 'viewers'),
    };
  }
}

type Counts = Simulation['world']['figures']['seconds'][number];
type CountName = { [Name in keyof Counts]: Counts[Name] extends number ? Name : never }[keyof Counts];

function sum(rows: readonly Counts[], name: CountName): number {
  return rows.reduce((total, row) => total + row[name], 0);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

function percentiles(histogram: Histogram, unit = 1): Percentiles {
  const at = (part: number) => {
    const value = histogram.percentile(part);
    return value === null ? null : value * unit;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function boundCopies({ world }: Simulation): number {
  const viewers = world.viewers.filter(viewer => viewer.isHere && viewer.role === 'viewer');
  const rate = world.settings.rateKbps;
  const uploads = viewers.reduce((total, { access }) => total + (access.uploads ? access.uplinkKbps : 0), 0);
  return round(Math.max(rate, viewers.length * rate - uploads) / rate, 2) ?? 1;
}

function staysOf({ world }: Simulation): Histogram {
  const stays = new Histogram();
  for (const { worstMs } of world.viewers) if (worstMs > 0) stays.add(worstMs + USE_MS);
  return stays;
}
