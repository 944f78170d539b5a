// Figures of an hour in steps of ten seconds, and of a day in minutes.

import type { AdminSeries } from '../../core/admin/answers.ts';
import type { Millis } from '../../core/time.ts';
import { OTHER, type Sample, SeriesRing } from './series-ring.ts';

/** How often a sample is due. */
export const SAMPLE_MS: Millis = 10_000;
const MINUTE: Millis = 60_000;
/** Places that have a column in an answer. */
const MAX_PLACES = 12;

/** Of one channel, or of the whole relay. */
export class TimeSeries {
  /** When it last took a sample in which something happened. */
  usedAt: Millis = 0;
  readonly #rings = [new SeriesRing(SAMPLE_MS, 360), new SeriesRing(MINUTE, 1_440)] as const;

  /** `now`: of a steady clock. */
  add(sample: Sample, now: Millis): void {
    for (const ring of this.#rings) ring.add(sample, now);
  }

  /** What came after `from`, in steps of about `stepMs`; `toWall` makes Unix milliseconds of the steady clock's. */
  read(from: Millis, stepMs: Millis, toWall: (steady: Millis) => Millis): AdminSeries {
    const ring = this.#rings[stepMs >= MINUTE ? 1 : 0];
    const gauge = (name: string, digits = 3) => ring.gauge(name, from).map(value => known(value, digits));
    const viewers = gauge('viewers', 1);
    const counts = (name: string) =>
      Object.fromEntries(
        [...ring.counts(name, from)].map(([kind, values]) => [
          kind,
          values.map((value, i) => (viewers[i] === null ? null : (known(value, 1) ?? 0))),
        ]),
      );
    return {
      stepMs: ring.stepMs,
      at: ring.times(from).map(time => Math.round(toWall(time))),
      viewers,
      bytesOutPerSecond: gauge('bytesOutPerSecond', 0),
      bitrateKbps: gauge('bitrateKbps', 1),
      peerShare: gauge('peerShare'),
      stallsPerViewerMinute: gauge('stallsPerViewerMinute'),
      latencyMs: { p50: gauge('latencyP50', 0), p95: gauge('latencyP95', 0) },
      timeOnRelay: gauge('timeOnRelay', 1),
      cpu: gauge('cpu'),
      nat: counts('nat'),
      places: mostOf(counts('places')),
    };
  }
}

function known(value: number, digits: number): number | null {
  return Number.isNaN(value) ? null : Number(value.toFixed(digits));
}

/** The columns with most in them; the rest as one. */
function mostOf(columns: Record<string, (number | null)[]>): Record<string, (number | null)[]> {
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const ordered = Object.entries(columns).sort(([, a], [, b]) => sum(b) - sum(a));
  const named = ordered.filter(([kind]) => kind !== OTHER).slice(0, MAX_PLACES);
  const rest = ordered.filter(entry => !named.includes(entry));
  if (rest.length === 0) return Object.fromEntries(named);
  const [[, first], ...others] = rest as [(typeof rest)[0], ...typeof rest]; // it isn't empty
  const all = first.map((value, i) =>
    others.reduce<number | null>((total, [, values]) => (total === null ? null : total + (values[i] ?? 0)), value),
  );
  return Object.fromEntries([...named, [OTHER, all]]);
}
