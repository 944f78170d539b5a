// How near is near enough to the live edge: what the live controller tolerates, for the latency that is aimed at.

/** Seconds, and milliseconds where the name says so; for a target of `MADE_FOR`. */
const MARGINS = {
  /** From so far behind on it is caught up with fast. */
  behind: 0.3,
  /** Nearer to the edge than aimed at by more than this, it slows down. */
  ahead: 0.15,
  /** Between this and `behind`, the rate is one that nobody notices. */
  slightlyBehind: 0.1,
  settled: 0.05,
  lowBuffer: 0.3,
  recoveredBuffer: 0.5,
  /** At the start, behind by more than this is jumped over at once rather than caught up with. */
  startBehind: 0.7,
  /** From so far behind on it jumps. */
  jumpBehind: 4,
  /** A stall adds so much to the target. */
  targetStep: 0.25,
  /** After this long without a stall the target comes down by a step again. */
  calmMs: 60_000,
  /** Buffer levels of this long ago still count: a source that comes in bursts must not be caught up with, and peers need their time now and then. */
  lowestMs: 12_000,
  /** The same before a jump. */
  lowestBeforeJumpMs: 6_000,
};

const MADE_FOR = 0.85;

/** What is tolerated, and for how long. */
export type LiveMargins = Readonly<typeof MARGINS>;

/** The margins for a target (seconds): whoever aims at less has less of each, in proportion, and less patience. */
export function marginsFor(target: number): LiveMargins {
  if (target >= MADE_FOR) return MARGINS;
  const share = target / MADE_FOR;
  return {
    behind: MARGINS.behind * share,
    ahead: MARGINS.ahead * share,
    slightlyBehind: MARGINS.slightlyBehind * share,
    settled: MARGINS.settled * share,
    lowBuffer: MARGINS.lowBuffer * share,
    recoveredBuffer: MARGINS.recoveredBuffer * share,
    startBehind: MARGINS.startBehind * share,
    // Whoever talks with others would rather miss a word than lag behind for half a minute.
    jumpBehind: MARGINS.jumpBehind * share * share,
    targetStep: MARGINS.targetStep * share,
    calmMs: MARGINS.calmMs * share,
    lowestMs: MARGINS.lowestMs * share,
    lowestBeforeJumpMs: MARGINS.lowestBeforeJumpMs * share,
  };
}
