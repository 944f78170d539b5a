// When a frame was captured: its own timestamp, of whatever clock, put on ours.

import type { Millis } from '../../../core/time.ts';

/** Clocks drift: the fastest way of about this time is what counts. */
const SPAN_MS: Millis = 10_000;
/** Where the reading of their clock moves, time runs at most so much slower or faster. */
const SLEW = 0.1;
/** A timestamp that is off by more is another clock's. */
const JUMP_MS: Millis = 1_000;

/**
 * Frames take a while to get here, never less than no time: the fastest of late tells how the clocks differ. What is left of
 * the way (about 10 ms) is the same for sound and picture. Holds no clock.
 */
export class CaptureClock {
  /** The fastest of the current and of the previous span: arrival minus timestamp. */
  #fastest: Millis | undefined;
  #before: Millis | undefined;
  #spanEnd: Millis = 0;
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
    const isNew = this.#fastest === undefined || Math.abs(difference - this.#offset) > JUMP_MS;
    if (isNew) {
      this.#fastest = difference;
      this.#before = undefined;
      this.#offset = difference;
      this.#spanEnd = arrivedAt + SPAN_MS;
    } else if (arrivedAt >= this.#spanEnd) {
      this.#before = this.#fastest;
      this.#fastest = difference;
      this.#spanEnd = arrivedAt + SPAN_MS;
    } else this.#fastest = Math.min(this.#fastest!, difference); // set unless new
    const aim = Math.min(this.#fastest, this.#before ?? this.#fastest);
    const elapsed = this.#last === undefined ? 0 : Math.max(0, timestamp / 1_000 + this.#offset - this.#last);
    const most = elapsed * SLEW;
    this.#offset += Math.max(-most, Math.min(most, aim - this.#offset));
    const at = timestamp / 1_000 + this.#offset;
    this.#last = this.#last === undefined ? at : Math.max(at, this.#last + 1);
    return this.#last;
  }
}
