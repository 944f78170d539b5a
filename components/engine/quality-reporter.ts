// Tells the relay how playing goes: when the picture stands, every ten seconds from then on, and at the end.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { MAX_PLACE, qualityReport } from '../../core/wire/quality-report.ts';
import type { Seconds } from './live-controller.ts';
import { NatSense } from './nat-sense.ts';

/** How playback fares. */
export interface PlaybackQuality {
  readonly currentTime: Seconds;
  /** Capture to showing; null while unknown. */
  readonly latencyMs: Millis | null;
  /** Since the player's start. */
  readonly stalls: number;
  readonly stalledMs: Millis;
  /** From the player's start to the first picture. */
  readonly startupMs: Millis;
}

const REPORT_MS: Millis = 10_000;
/** Playback is never faster. */
const MAX_RATE = 1.25;

/** Of one session. `now` is of any steady clock. */
export class QualityReporter {
  readonly nat = new NatSense();
  readonly #tellRelay: (message: Bytes) => void;
  readonly #place: string;
  #isLinked = false;
  #figures: PlaybackQuality | undefined;
  /** What the relay has been told of. */
  #told = { stalls: 0, stalledMs: 0 };
  #isStartTold = false;
  #playedMs: Millis = 0;
  #seenAt: Millis = 0;
  #reportedAt: Millis | undefined;

  /** `place`: the name of the viewer's time zone. */
  constructor(tellRelay: (message: Bytes) => void, place = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.#tellRelay = tellRelay;
    this.#place = place?.length <= MAX_PLACE ? place : '';
  }

  /** There is a link to the relay, or none any more. What happens without one is told later. */
  linked(isLinked: boolean): void {
    this.#isLinked = isLinked;
  }

  /** To be told about once a second from the first picture on. */
  playback(figures: PlaybackQuality, now: Millis): void {
    const before = this.#figures;
    this.#figures = figures;
    if (before) {
      const played = (figures.currentTime - before.currentTime) * 1_000;
      this.#playedMs += Math.min(Math.max(0, played), (now - this.#seenAt) * MAX_RATE);
    }
    this.#seenAt = now;
    if (this.#reportedAt === undefined || now - this.#reportedAt >= REPORT_MS) this.report(now);
  }

  /** Tells what has come together, if there is anything and anybody to tell. */
  report(now: Millis): void {
    const figures = this.#figures;
    if (!figures || !this.#isLinked) return;
    this.#reportedAt = now;
    const { stalls, stalledMs, latencyMs, startupMs } = figures;
    const report = {
      stalls: Math.max(0, stalls - this.#told.stalls),
      stalledMs: Math.max(0, Math.round(stalledMs - this.#told.stalledMs)),
      playedMs: Math.round(this.#playedMs),
      latencyMs: Math.max(0, Math.round(latencyMs ?? 0)),
      startupMs: this.#isStartTold ? 0 : Math.max(1, Math.round(startupMs)),
      nat: this.nat.kind(now),
      place: this.#place,
    };
    this.#told = { stalls, stalledMs };
    this.#isStartTold = true;
    this.#playedMs = 0;
    this.#tellRelay(encodeMessage(qualityReport, report));
  }
}
