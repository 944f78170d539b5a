// A relay that drains takes nobody new: who is there stays, and a balancer in front of it sends others elsewhere.

import { CloseCode, type Link } from '../core/link.ts';
import type { Millis } from '../core/time.ts';
import { encodeMessage } from '../core/wire/framing.ts';
import { goaway } from '../core/wire/index.ts';
import type { Log } from './log.ts';

/** Whoever is turned away is asked to wait between once and twice this long. */
const AWAY_MS: Millis = 1_500;
/** What is said on a link has this long to arrive before the link is closed. */
const TOLD_MS: Millis = 300;

/** Those who are there when the relay leaves come back after this long at the earliest… */
export const RETURN_MS: Millis = 500;
/** …each a little later than the other, so that they come one by one: within this long at most. */
const LONGEST_SPREAD: Millis = 4_000;

/** Over how many milliseconds so many sessions come back: a thousand a second. */
export function spreadOf(sessions: number): Millis {
  return Math.min(LONGEST_SPREAD, sessions);
}

export interface DrainOptions {
  readonly log: Log;
  readonly after: (ms: Millis, task: () => void) => void;
}

export class Drain {
  readonly #options: DrainOptions;
  #reason: string | undefined;
  #turnedAway = 0;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** Why nobody new is taken; undefined while the relay is open to all. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Takes nobody new from now on. */
  begin(reason: string): void {
    if (this.#reason === undefined) this.#options.log.info({ reason }, 'draining: nobody new is taken');
    this.#reason = reason;
  }

  /** Is open again. */
  end(): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.#options.log.info({ turnedAway: this.#turnedAway }, 'no longer draining');
    this.#turnedAway = 0;
  }

  /** Sends a new link away, if the relay drains; says whether it did. */
  turnsAway(link: Link): boolean {
    const reason = this.#reason;
    if (reason === undefined) return false;
    this.#turnedAway++;
    const retryAfterMs = Math.round(AWAY_MS * (1 + Math.random()));
    link.send(encodeMessage(goaway, { retryAfterMs, reason }));
    this.#options.after(TOLD_MS, () => link.close(CloseCode.goingAway, reason));
    return true;
  }
}
