// How the viewers of a relay fare: by channel, and all together.

import type { Millis } from '../../core/time.ts';
import type { QualityReport } from '../../core/wire/quality-report.ts';
import { percentile } from './percentile.ts';
import { QualitySums } from './quality-sums.ts';
import { ViewerQuality, type ViewerQualityOwner } from './viewer-quality.ts';

/** Of one channel or of all, at one moment. Null: nobody has told. */
export interface QualitySummary {
  readonly stallsPerViewerMinute: number | null;
  /** Capture to showing, over the viewers. */
  readonly latencyMs: { readonly p50: Millis | null; readonly p95: Millis | null };
  /** To the first picture: the median over those who came in the last hour. */
  readonly startupMs: Millis | null;
  /** Viewers by kind, and by time zone. */
  readonly nat: Readonly<Record<string, number>>;
  readonly places: Readonly<Record<string, number>>;
}

export interface QualityBoardOptions {
  readonly clock: () => Millis;
  readonly steady: () => Millis;
}

/** What was reported of a channel that nobody watches any more is kept for so long. */
const KEEP_MS: Millis = 600_000;

export class QualityBoard implements ViewerQualityOwner {
  readonly clock: () => Millis;
  readonly steady: () => Millis;
  /** Told of each report, as far as it is believed. */
  onReport: (channel: string, report: QualityReport) => void = () => {};
  readonly #viewers = new Map<string, Set<ViewerQuality>>();
  readonly #sums = new Map<string, QualitySums>();
  #number = 0;

  constructor({ clock, steady }: QualityBoardOptions) {
    this.clock = clock;
    this.steady = steady;
  }

  /** A viewer comes. */
  enter(channel: string): ViewerQuality {
    const viewer = new ViewerQuality(++this.#number, channel, this);
    const viewers = this.#viewers.get(channel);
    if (viewers) viewers.add(viewer);
    else this.#viewers.set(channel, new Set([viewer]));
    return viewer;
  }

  left(viewer: ViewerQuality): void {
    const viewers = this.#viewers.get(viewer.channel);
    if (viewers?.delete(viewer) && viewers.size === 0) this.#viewers.delete(viewer.channel);
  }

  reported({ channel }: ViewerQuality, report: QualityReport): void {
    let sums = this.#sums.get(channel);
    if (!sums) {
      sums = new QualitySums();
      this.#sums.set(channel, sums);
    }
    sums.add(report, this.steady());
    this.onReport(channel, report);
  }

  /** Of one channel. Looks at each of its viewers. */
  of(channel: string): QualitySummary {
    const sums = this.#sums.get(channel);
    return this.#sumUp([...(this.#viewers.get(channel) ?? [])], sums ? [sums] : []);
  }

  /** Of all channels. Looks at each viewer. */
  get total(): QualitySummary {
    const viewers = [...this.#viewers.values()].flatMap(some => [...some]);
    return this.#sumUp(viewers, [...this.#sums.values()]);
  }

  /** Forgets what nobody needs any more. */
  sweep(): void {
    const now = this.steady();
    for (const [channel, { usedAt }] of this.#sums) {
      if (now - usedAt > KEEP_MS && !this.#viewers.has(channel)) this.#sums.delete(channel);
    }
  }

  #sumUp(viewers: readonly ViewerQuality[], all: readonly QualitySums[]): QualitySummary {
    const now = this.steady();
    let [stalls, watchedMs] = [0, 0];
    for (const sums of all) {
      const recent = sums.recent(now);
      stalls += recent.stalls;
      watchedMs += recent.watchedMs;
    }
    const latencies = viewers.flatMap(({ latencyMs }) => latencyMs ?? []);
    const told = viewers.filter(viewer => viewer.stalls !== undefined);
    return {
      stallsPerViewerMinute: watchedMs > 0 ? stalls / (watchedMs / 60_000) : null,
      latencyMs: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) },
      startupMs: percentile(
        all.flatMap(sums => sums.startups(now)),
        0.5,
      ),
      nat: countBy(told.map(({ nat }) => nat)),
      places: countBy(told.flatMap(({ place }) => place || [])),
    };
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
