// Units of time, and conversions between them.

/** Milliseconds: of a wall clock since 1970 where it says so, otherwise of any steady clock. */
export type Millis = number;

/** Ticks of 1/90,000 s, unwrapped: an integer that fits a double exactly. */
export type Ticks = number;

/** Ticks in a second. */
export const TICKS_PER_SECOND = 90_000;

/** Ticks in a millisecond. */
export const TICKS_PER_MILLI = 90;

/** Returns the value congruent to `value` modulo `period` that lies nearest to `reference`: undoes the wrap of a counter. */
export function unwrapNear(value: number, reference: number, period: number): number {
  return value + Math.round((reference - value) / period) * period;
}
