// What was asked for by play() and pause(), and what play() has promised.

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (cause: DOMException) => void;
}

/** Fires `play` and `pause` on its target. */
export class PlayIntent {
  readonly #target: EventTarget;
  #wanted = false;
  #resting = false;
  #waiters: Waiter[] = [];

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** It should be playing, as far as the viewer and the page go. */
  get wanted(): boolean {
    return this.#wanted;
  }

  get paused(): boolean {
    return !this.#wanted || this.#resting;
  }

  want(wanted: boolean): void {
    this.#become(wanted, false);
  }

  /** The broadcast has ended: what should be playing is paused until there is more. */
  rest(resting: boolean): void {
    if (this.#wanted) this.#become(true, resting);
  }

  /** The promise of a play(). */
  promise(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Keeps all promises, or breaks them for a cause. */
  settle(cause?: DOMException): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve, reject } of waiters) cause ? reject(cause) : resolve();
  }

  abort(why: string): void {
    this.settle(new DOMException(why, 'AbortError'));
  }

  /** Later, as who calls play() or pause() does not expect events before it goes on. */
  fire(type: string): void {
    queueMicrotask(() => this.#target.dispatchEvent(new Event(type)));
  }

  #become(wanted: boolean, resting: boolean): void {
    const { paused } = this;
    this.#wanted = wanted;
    this.#resting = resting;
    if (this.paused !== paused) this.fire(this.paused ? 'pause' : 'play');
    if (this.paused) this.abort('The play() request was interrupted.');
  }
}
