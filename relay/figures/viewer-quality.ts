// How one viewer fares as it tells itself, believed as far as that can be. Forgotten when it leaves.

import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { type NatKind, type QualityReport, qualityReport } from '../../core/wire/quality-report.ts';
import { RateCap } from '../sessions/rate-cap.ts';
import { placeOf } from './place-names.ts';

/** Reports that one viewer may send a second, and seconds' worth at once. */
const REPORTS = { perSecond: 0.5, burstSeconds: 10 } as const;
/** A report covers the time since the one before, and as much as a viewer may have been without a link. */
const SLACK_MS: Millis = 30_000;
const MAX_STALLS_PER_SECOND = 4;
/** More is a mistake: nobody waits so long. */
const MAX_TOLD: Millis = 600_000;

export interface ViewerQualityOwner {
  readonly clock: () => Millis;
  readonly steady: () => Millis;
  reported(viewer: ViewerQuality, report: QualityReport): void;
  left(viewer: ViewerQuality): void;
}

export class ViewerQuality {
  /** Names it while the relay runs. */
  readonly number: number;
  readonly channel: string;
  /** When it came, Unix milliseconds. */
  readonly since: Millis;
  nat: NatKind = 'unknown';
  /** A time zone; empty while unknown. */
  place = '';
  /** Capture to showing; undefined while unknown. */
  latencyMs: Millis | undefined;
  /** Since it came; undefined before its first report. */
  stalls: number | undefined;
  readonly #owner: ViewerQualityOwner;
  readonly #rate: RateCap;
  #reportedAt: Millis;

  constructor(number: number, channel: string, owner: ViewerQualityOwner) {
    const now = owner.steady();
    this.number = number;
    this.channel = channel;
    this.since = owner.clock();
    this.#owner = owner;
    this.#rate = new RateCap(REPORTS.perSecond, now, REPORTS.burstSeconds);
    this.#reportedAt = now;
  }

  /** Takes a `quality-report`. Throws `ProtocolViolation`. */
  receive(body: Bytes): void {
    const told = decodeBody(qualityReport, body);
    const now = this.#owner.steady();
    if (!this.#rate.take(1, now)) return; // what is reported too often doesn't count
    const ms = now - this.#reportedAt + SLACK_MS;
    this.#reportedAt = now;
    const report: QualityReport = {
      stalls: Math.min(told.stalls, Math.ceil((ms / 1_000) * MAX_STALLS_PER_SECOND)),
      stalledMs: Math.min(told.stalledMs, ms),
      playedMs: Math.min(told.playedMs, ms),
      latencyMs: told.latencyMs > MAX_TOLD ? 0 : told.latencyMs,
      startupMs: told.startupMs > MAX_TOLD ? 0 : told.startupMs,
      nat: told.nat,
      place: placeOf(told.place),
    };
    this.nat = report.nat;
    this.place = report.place;
    this.latencyMs = report.latencyMs || undefined;
    this.stalls = (this.stalls ?? 0) + report.stalls;
    this.#owner.reported(this, report);
  }

  /** The viewer has gone. */
  leave(): void {
    this.#owner.left(this);
  }
}
