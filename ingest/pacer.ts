// When a unit of media that was there all at once is due, as if it were live.

import { type Millis, TICKS_PER_MILLI, type Ticks } from '../core/time.ts';

/** Time that goes back by more, or on by more, is a jump; less is interleaving, or a hole to be waited through. */
const BACK: Ticks = 90_000;
const AHEAD: Ticks = 10 * 90_000;
/** What a unit is taken to last where its time says nothing. */
const STEP_MS: Millis = 40;
/** A source that is later than this is not hurried after: from there on all is due that much later. */
const LATE_MS: Millis = 250;

/** Turns decode times into due times. Holds no clock. */
export class Pacer {
  #last: { dts: Ticks; due: Millis } | undefined;
  #restarted = false;

  /** Another recording follows, one step later, whatever its times. */
  restart(): void {
    this.#restarted = true;
  }

  /** When the unit with this decode time is due; `rate` above 1 runs faster than time. */
  due(dts: Ticks, now: Millis, rate = 1): Millis {
    const last = this.#last;
    const ahead = last ? dts - last.dts : 0;
    let due = last?.due ?? now;
    const jumped = this.#restarted || ahead > AHEAD || ahead < -BACK;
    this.#restarted = false;
    if (last && jumped) due += STEP_MS;
    else if (ahead > 0) due += ahead / TICKS_PER_MILLI / rate;
    if (due < now - LATE_MS) due = now;
    if (!last || ahead > 0 || jumped) this.#last = { dts, due };
    else last.due = Math.max(last.due, due);
    return due;
  }
}
