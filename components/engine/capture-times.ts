// Which moment of the source a media time shows.

import type { Millis } from '../../core/time.ts';
import type { Seconds } from './live-controller.ts';

interface Pair {
  readonly mediaTime: Seconds;
  readonly capturedAt: Millis;
}

/** Enough for a minute and a half at ten pairs a second. */
const PAIRS = 900;

/** Remembers pairs of media time and capture time; media times ascend within an epoch. */
export class CaptureTimes {
  readonly #pairs: Pair[] = [];

  add(mediaTime: Seconds, capturedAt: Millis): void {
    while (this.#pairs.length > 0 && this.#pairs.at(-1)!.mediaTime >= mediaTime) this.#pairs.pop();
    this.#pairs.push({ mediaTime, capturedAt });
    if (this.#pairs.length > PAIRS) this.#pairs.shift();
  }

  /** When what is shown at `mediaTime` came from the source; undefined before the first pair. */
  at(mediaTime: Seconds): Millis | undefined {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pairs[middle]!.mediaTime <= mediaTime) low = middle + 1;
      else high = middle;
    }
    const pair = this.#pairs[low - 1] ?? this.#pairs[0];
    return pair && pair.capturedAt + (mediaTime - pair.mediaTime) * 1_000;
  }

  clear(): void {
    this.#pairs.length = 0;
  }
}
