// How old what is shown is: the relay's clock now, less the time at which the shown media came from the source.

import type { Millis } from '../../core/time.ts';
import { CaptureTimes } from './capture-times.ts';
import type { Seconds } from './live-controller.ts';

/** Of one player. */
export class LatencyMeter {
  readonly #captures = new CaptureTimes();
  #clock: { readonly offset: Millis; readonly roundTripMs: Millis } | undefined;

  /** What is shown at `mediaTime` came from the source at `capturedAt`, by the relay's clock. */
  capture(mediaTime: Seconds, capturedAt: Millis): void {
    this.#captures.add(mediaTime, capturedAt);
  }

  /** The relay's clock is `offset` ahead of ours. */
  clock(offset: Millis, roundTripMs: Millis): void {
    this.#clock = { offset, roundTripMs };
  }

  /** To the relay and back; null while unknown. */
  get roundTripMs(): Millis | null {
    return this.#clock?.roundTripMs ?? null;
  }

  /** Of what is shown at `mediaTime` when our clock says `now` (Unix milliseconds); null while unknown. */
  at(mediaTime: Seconds, now: Millis): Seconds | null {
    const capturedAt = this.#captures.at(mediaTime);
    const relayNow = this.relayTime(now);
    return capturedAt === undefined || relayNow === undefined ? null : (relayNow - capturedAt) / 1_000;
  }

  /** What the relay's clock says when ours says `now`; undefined while unknown. */
  relayTime(now: Millis): Millis | undefined {
    return this.#clock && now + this.#clock.offset;
  }

  /** A new timeline begins. */
  restart(): void {
    this.#captures.clear();
  }

  reset(): void {
    this.#captures.clear();
    this.#clock = undefined;
  }
}
