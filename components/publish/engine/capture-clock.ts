// When a frame was captured: its own timestamp, of whatever clock, put on ours.

import type { Millis } from '../../../core/time.ts';

/** Clocks drift: the fastest way of about this time is what counts. */
const SPAN_MS: Millis = 10_000;
/** Where the reading of their clock moves, time runs at most so much slower or faster. */
const SLEW = 0.1;
/** A timestamp that is off by more is another clock's. */
const JUMP_MS: Millis = 1_000;
/** And where for so long every frame comes so much late, their clock has stood still a while. */
const LATE_SPAN_MS: Millis = 500;
const LATE_MS: Millis = 120;

/**
 * Frames take a while to get here, never less than no time: the fastest of late tells how the clocks differ. What is left of
 * the way (about 10 ms) is the same for sound and picture. Holds no clock.
 */
export class CaptureClock {
  /** The fastest of the current and of the previous span: arrival minus timestamp. */
  #fastest: Millis | undefined;
  #before: Millis | undefined;
  #spanEnd: Millis = 0;
  /** The fastest of a short while. */
  #recent: Millis = Number.POSITIVE_INFINITY;
  #recentEnd: Millis = 0;
  #offset: Millis = 0;
  #last: Millis | undefined;

  /** Another source, with another clock. */
  restart(): void {
    this.#fastest = undefined;
    this.#before = undefined;
  }

  /** Our time of a frame that came at `arrivedAt`; later than that of the frame before. `timestamp` in microseconds. */
  place(timestamp: number, arrivedAt: Millis): Millis {
    const difference = arrivedAt - timestamp / 1_000;
    if (this.#fastest === undefined || Math.abs(difference - this.#offset) > JUMP_MS) {
      this.#begin(difference, arrivedAt);
    } else if (arrivedAt >= this.#spanEnd) {
      this.#before = this.#fastest;
      this.#fastest = difference;
      this.#spanEnd = arrivedAt + SPAN_MS;
    } else this.#fastest = Math.min(this.#fastest, difference);
    this.#recent = Math.min(this.#recent, difference);
    if (arrivedAt >= this.#recentEnd) {
      if (this.#recent - this.#offset > LATE_MS) this.#begin(this.#recent, arrivedAt);
      this.#recent = difference;
      this.#recentEnd = arrivedAt + LATE_SPAN_MS;
    }
    const aim = Math.min(this.#fastest ?? difference, this.#before ?? Number.POSITIVE_INFINITY);
    const elapsed = this.#last === undefined ? 0 : Math.max(0, timestamp / 1_000 + this.#offset - this.#last);
    const most = elapsed * SLEW;
    this.#offset += Math.max(-most, Math.min(most, aim - this.#offset));
    const at = timestamp / 1_000 + this.#offset;
    this.#last = this.#last === undefined ? at : Math.max(at, this.#last + 1);
    return this.#last;
  }

  #begin(difference: Millis, arrivedAt: Millis): void {
    this.#fastest = difference;
    this.#before = undefined;
    this.#offset = difference;
    this.#spanEnd = arrivedAt + SPAN_MS;
    this.#recent = difference;
    this.#recentEnd = arrivedAt + LATE_SPAN_MS;
  }
}
