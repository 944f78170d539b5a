// Asks for something again and again while its host is on the page and the page is seen.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { AdminFailure } from './admin-api.ts';

/** `ask` may answer null: there is nothing to ask for at the moment. A failure leaves the last answer where it is. */
export class Poll<Answer> implements ReactiveController {
  /** The newest answer. */
  value: Answer | null = null;
  /** Why there is no newer one. */
  failure: AdminFailure | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #ask: () => Promise<Answer> | null;
  readonly #everyMs: number;
  #timer: number | undefined;
  #run = 0;

  constructor(host: ReactiveControllerHost, everyMs: number, ask: () => Promise<Answer> | null) {
    this.#host = host;
    this.#everyMs = everyMs;
    this.#ask = ask;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#onSight);
    // What is asked for is set by then.
    queueMicrotask(() => void this.refresh());
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#onSight);
    this.#run++;
    clearTimeout(this.#timer);
  }

  /** Forgets what it had: something else is asked for from now on. */
  restart(): void {
    this.value = this.failure = null;
    void this.refresh();
  }

  /** Asks at once; resolves with the answer in place. */
  async refresh(): Promise<void> {
    const run = ++this.#run;
    clearTimeout(this.#timer);
    const asked = this.#ask();
    if (!asked) return;
    try {
      const value = await asked;
      if (run !== this.#run) return;
      this.value = value;
      this.failure = null;
    } catch (error) {
      if (run !== this.#run) return;
      this.failure = error instanceof AdminFailure ? error : new AdminFailure('refused', String(error));
    }
    this.#host.requestUpdate();
    if (!document.hidden) this.#timer = window.setTimeout(() => void this.refresh(), this.#everyMs);
  }

  readonly #onSight = (): void => {
    if (document.hidden) clearTimeout(this.#timer);
    else void this.refresh();
  };
}
