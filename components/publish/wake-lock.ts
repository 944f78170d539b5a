// Keeps a screen from going dark while somebody is on air: with it a phone's camera would stop.

/** One lock at a time (https://w3c.github.io/screen-wake-lock/); where browsers have none, it does nothing. */
export class WakeLock {
  #isWanted = false;
  #sentinel: WakeLockSentinel | undefined;

  /** Holds the screen awake from now on, or no longer. */
  hold(wanted: boolean): void {
    if (wanted === this.#isWanted) return;
    this.#isWanted = wanted;
    if (wanted) {
      // Browsers take it back whenever the page is hidden.
      document.addEventListener('visibilitychange', this.#renew);
      void this.#renew();
    } else {
      document.removeEventListener('visibilitychange', this.#renew);
      this.#release();
    }
  }

  readonly #renew = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    // Refused when the battery is low.
    const sentinel = await navigator.wakeLock.request('screen').catch(() => undefined);
    this.#release();
    this.#sentinel = sentinel;
    if (!this.#isWanted) this.#release();
  };

  #release(): void {
    void this.#sentinel?.release().catch(() => undefined); // released already
    this.#sentinel = undefined;
  }
}
