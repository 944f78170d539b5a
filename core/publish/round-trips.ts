// How long the way to the relay and back takes, and how much of that is waiting: pings travel behind the chunks.

import type { Millis } from '../time.ts';

/** The shortest round trip of about this time is what the way itself takes. */
const KEEP_MS: Millis = 60_000;

/** Holds no clock. */
export class RoundTrips {
  readonly #unanswered: Millis[] = [];
  #best: { readonly at: Millis; readonly ms: Millis }[] = [];
  #latest: Millis | undefined;

  /** Another link. */
  restart(): void {
    this.#unanswered.length = 0;
    this.#best = [];
    this.#latest = undefined;
  }

  /** Of the latest answer; undefined before the first. */
  get latestMs(): Millis | undefined {
    return this.#latest;
  }

  /** A ping was sent. */
  asked(at: Millis): void {
    this.#unanswered.push(at);
  }

  /** The answer to the ping sent at `sentAt` came. */
  answered(sentAt: Millis, at: Millis): void {
    while (this.#unanswered.length > 0 && this.#unanswered[0]! <= sentAt) this.#unanswered.shift();
    const ms = Math.max(0, at - sentAt);
    this.#latest = ms;
    // Those that are older and slower can't be the best any more.
    this.#best = this.#best.filter(one => at - one.at < KEEP_MS && one.ms < ms);
    this.#best.push({ at, ms });
  }

  /** How much longer than at its best a round trip takes now; an answer that is overdue counts as it is. */
  waitingMs(now: Millis): Millis {
    const best = this.#best[0];
    if (!best) return 0;
    const pending = this.#unanswered[0] === undefined ? 0 : now - this.#unanswered[0];
    return Math.max(0, Math.max(this.#latest ?? 0, pending) - best.ms);
  }
}
