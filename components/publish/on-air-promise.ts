// The promise that `start()` gives back.

/** Settles once; whoever does not wait for it is not told of its rejection. */
export class OnAirPromise {
  #promise: Promise<void> = Promise.resolve();
  #resolve: () => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;

  get promise(): Promise<void> {
    return this.#promise;
  }

  /** Starts over. */
  renew(): void {
    this.#promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#promise.catch(() => undefined);
  }

  resolve(): void {
    this.#resolve();
  }

  reject(reason: unknown): void {
    this.#reject(reason);
  }
}
