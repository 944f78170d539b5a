// What one session has shown to be let in, and until when that is good; a newer token takes its place without a break.

import type { Millis } from '../../core/time.ts';
import { type AccessAnswer, denied } from './access-answer.ts';

/** What a token is good for, to whoever comes or is there already. */
type AskWith = (token: string | undefined, isThere: boolean) => Promise<AccessAnswer>;
type Denial = Extract<AccessAnswer, { ok: false }>;

const EXPIRED = denied('the token has expired');

/** `now` is the wall clock, Unix milliseconds. */
export class Pass {
  readonly #ask: AskWith;
  #expiresAt: Millis = Number.POSITIVE_INFINITY;
  /** Shown, but not looked at yet. */
  #newer: string | undefined;
  #isAsking = false;
  #denial: Denial = EXPIRED;

  constructor(ask: AskWith) {
    this.#ask = ask;
  }

  /** Shows a token, or nothing, for the first time. */
  async show(token: string | undefined): Promise<AccessAnswer> {
    const answer = await this.#ask(token, false);
    if (answer.ok) this.#expiresAt = answer.expiresAt;
    return answer;
  }

  /** Shows another token, which is looked at soon; of several the last counts. One that is not good changes nothing before the end of the one in force. */
  renew(token: string): void {
    if (Number.isFinite(this.#expiresAt)) this.#newer = token;
  }

  /** Looks at a newer token; tells why the pass is no longer good, if so. To be called about once a second. */
  check(now: Millis): Denial | undefined {
    if (this.#newer !== undefined && !this.#isAsking) void this.#look(this.#newer);
    return now < this.#expiresAt || this.#isAsking ? undefined : this.#denial;
  }

  async #look(token: string): Promise<void> {
    this.#isAsking = true;
    const answer = await this.#ask(token, true);
    this.#isAsking = false;
    if (answer.ok) {
      this.#expiresAt = answer.expiresAt;
      this.#denial = EXPIRED;
    } else this.#denial = answer;
    // What can't be checked now is asked again.
    if (this.#newer === token && (answer.ok || answer.code !== 'unavailable')) this.#newer = undefined;
  }
}
