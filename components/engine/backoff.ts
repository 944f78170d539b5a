// How long to wait before the next attempt to connect.

import type { Millis } from '../../core/time.ts';

const FIRST_MS = 250;
const GROWTH = 1.6;
/** A relay that was restarted is back within seconds: its viewers may not be asleep then. */
const CAP_MS = 2_000;
/** After this many attempts it is gone for longer. */
const PATIENT_AFTER = 15;
const PATIENT_CAP_MS = 4_000;

/** The wait before attempt number `attempt` (from 0). `random` in [0, 1) spreads the viewers of a relay that left. */
export function backoff(attempt: number, random: number): Millis {
  const cap = attempt < PATIENT_AFTER ? CAP_MS : PATIENT_CAP_MS;
  return Math.min(cap, FIRST_MS * GROWTH ** Math.min(attempt, 30)) * (0.5 + random / 2);
}
