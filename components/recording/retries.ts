// Waits between attempts at something that failed; whoever knows that it is worth trying ends the wait.

import type { Millis } from '../../core/time.ts';
import { backoff } from '../engine/backoff.ts';

/** Of one recording. */
export class Retries {
  readonly #wakes = new Set<() => void>();
  #failures = 0;

  /** Whether the last attempt failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Waits before the next attempt, longer each time. */
  failed(): Promise<void> {
    return this.rest(backoff(this.#failures++, Math.random()));
  }

  /** Waits for so long. */
  rest(ms: Millis): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wakes.add(wake);
    });
  }

  /** Nobody waits any longer. */
  wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}
