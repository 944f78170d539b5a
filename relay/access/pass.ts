// What one session has shown to be let in, and until when that is good; a newer token takes its place without a break.

import type { Millis } from '../../core/time.ts';
import { type AccessAnswer, denied } from './access-answer.ts';

/** Why is asked: somebody comes, shows another token, or has been let in by other rules than those in force now. */
export type Occasion = 'arrival' | 'renewal' | 'recheck';

/** What a token is good for. */
type AskWith = (token: string | undefined, occasion: Occasion) => Promise<AccessAnswer>;
type Denial = Extract<AccessAnswer, { ok: false }>;

const EXPIRED = denied('the token has expired');

/** `now` is the wall clock, Unix milliseconds. */
export class Pass {
  readonly #ask: AskWith;
  readonly #rules: () => number;
  /** By which rules it was found good; undefined: nothing was shown. */
  #checkedBy: number | undefined;
  /** What it was found good for. */
  #shown: string | undefined;
  #expiresAt: Millis = Number.POSITIVE_INFINITY;
  /** Shown, but not looked at yet. */
  #newer: string | undefined;
  #asking: 'renewal' | 'recheck' | undefined;
  #denial: Denial = EXPIRED;

  /** `rules` is another number whenever what was good may be so no more. */
  constructor(ask: AskWith, rules: () => number = () => 0) {
    this.#ask = ask;
    this.#rules = rules;
  }

  /** Shows a token, or nothing, for the first time. */
  async show(token: string | undefined): Promise<AccessAnswer> {
    const rules = this.#rules();
    const answer = await this.#ask(token, 'arrival');
    if (answer.ok) this.#accept(token, answer.expiresAt, rules);
    return answer;
  }

  /** Shows a token, or nothing, where anybody may come: it is looked at if that is no longer so. */
  keep(token: string | undefined): void {
    this.#accept(token, Number.POSITIVE_INFINITY, this.#rules());
  }

  /** Shows another token, which is looked at soon; of several the last counts. One that is not good changes nothing before the end of the one in force. */
  renew(token: string): void {
    this.#newer = token;
  }

  /** Looks at what was shown, if need be; tells why the pass is no longer good, if so. To be called about once a second. */
  check(now: Millis): Denial | undefined {
    if (!this.#asking) {
      if (this.#checkedBy !== undefined && this.#checkedBy !== this.#rules()) void this.#lookAgain();
      else if (this.#newer !== undefined && Number.isFinite(this.#expiresAt)) void this.#look(this.#newer);
    }
    return now < this.#expiresAt || this.#asking === 'renewal' ? undefined : this.#denial;
  }

  async #look(token: string): Promise<void> {
    this.#asking = 'renewal';
    const rules = this.#rules();
    const answer = await this.#ask(token, 'renewal');
    this.#asking = undefined;
    if (answer.ok) this.#accept(token, answer.expiresAt, rules);
    else this.#denial = answer;
    // What can't be checked now is asked again.
    if (this.#newer === token && (answer.ok || answer.code !== 'unavailable')) this.#newer = undefined;
  }

  async #lookAgain(): Promise<void> {
    this.#asking = this.#newer === undefined ? 'recheck' : 'renewal';
    const rules = this.#rules();
    let token = this.#newer ?? this.#shown;
    let answer = await this.#ask(token, 'recheck');
    if (!answer.ok && token !== this.#shown) answer = await this.#ask((token = this.#shown), 'recheck');
    this.#asking = undefined;
    if (answer.ok) {
      this.#accept(token, answer.expiresAt, rules);
      if (this.#newer === token) this.#newer = undefined;
    } else if (answer.code !== 'unavailable') {
      this.#denial = answer;
      this.#expiresAt = Number.NEGATIVE_INFINITY;
      this.#checkedBy = rules;
    }
  }

  #accept(token: string | undefined, expiresAt: Millis, rules: number): void {
    this.#shown = token;
    this.#expiresAt = expiresAt;
    this.#checkedBy = rules;
    this.#denial = EXPIRED;
  }
}
