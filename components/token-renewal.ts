// Gets another token from the page's server before the one in force ends, so that nothing is interrupted.

import { fromBase64Url } from '../core/bytes.ts';
import type { Millis } from '../core/time.ts';

/** Another is fetched when this share of a token's time has passed. */
const SHARE = 0.8;
/** A server that has none to give is asked again after this time. */
const RETRY_MS: Millis = 5_000;
/** Timers take no more. */
const LONGEST_MS: Millis = 2 ** 31 - 1;

/** How long a token is good for that was issued just now: RFC 7519 §4.1.4 and §4.1.6; undefined where it doesn't tell, or has no end. */
export function lifetimeOf(token: string): Millis | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(fromBase64Url(token.split('.')[1] ?? '')));
    const [from, to] = ['iat', 'exp'].map(name =>
      typeof claims === 'object' && claims !== null ? Number(Reflect.get(claims, name)) : Number.NaN,
    );
    // The page's clock may be wrong: only the difference counts.
    const seconds = Number(to) - Number(from);
    return seconds > 0 ? seconds * 1_000 : undefined;
  } catch {
    return undefined; // a key, or another kind of token
  }
}

export class TokenRenewal {
  readonly #give: (token: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What was begun before the latest end is void. */
  #turn = 0;

  /** `give` gets each new token. */
  constructor(give: (token: string) => void) {
    this.#give = give;
  }

  /** A token that was just fetched is in force; `fetch` gets another, and may reject. */
  begin(token: string, fetch: () => string | Promise<string>): void {
    this.end();
    const lifetime = lifetimeOf(token);
    if (lifetime !== undefined) this.#wait(lifetime * SHARE, fetch);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#turn++;
  }

  #wait(ms: Millis, fetch: () => string | Promise<string>): void {
    this.#timer = setTimeout(() => void this.#renew(fetch), Math.min(ms, LONGEST_MS));
  }

  async #renew(fetch: () => string | Promise<string>): Promise<void> {
    const turn = this.#turn;
    let token: string;
    try {
      token = await fetch();
    } catch {
      // The one in force may last until there is another; whoever is put out is told by the relay.
      if (turn === this.#turn) this.#wait(RETRY_MS, fetch);
      return;
    }
    if (turn !== this.#turn) return;
    this.#give(token);
    this.begin(token, fetch);
  }
}
