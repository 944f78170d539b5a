// Reads the relay's clock from pings and pongs: of the last few, the fastest answer is the one to trust.

import type { Millis } from '../../core/time.ts';

/** One ping and its pong. */
interface Sample {
  readonly roundTripMs: Millis;
  readonly offset: Millis;
}

const SAMPLES = 12;

/** How far the relay's clock is ahead of our own. */
export class RelayClock {
  readonly #samples: Sample[] = [];

  /** Takes an answer: our clock when the ping left and when the pong came, and what the relay's clock said. */
  take(sentAt: Millis, receivedAt: Millis, clock: Millis): void {
    const roundTripMs = Math.max(0, receivedAt - sentAt);
    this.#samples.push({ roundTripMs, offset: clock + roundTripMs / 2 - receivedAt });
    if (this.#samples.length > SAMPLES) this.#samples.shift();
  }

  /** Relay's clock minus our own; undefined before the first answer. */
  get offset(): Millis | undefined {
    return this.#best?.offset;
  }

  /** Of the fastest answer of late. */
  get roundTripMs(): Millis | undefined {
    return this.#best?.roundTripMs;
  }

  get #best(): Sample | undefined {
    let best: Sample | undefined;
    for (const sample of this.#samples) if (!best || sample.roundTripMs < best.roundTripMs) best = sample;
    return best;
  }

  /** Forgets: another relay, another clock. */
  reset(): void {
    this.#samples.length = 0;
  }
}
