// Asks the page before the first peer connection.

/** `detail` of the `p2pconsent` event: for pages that called `preventDefault()`, now or later. Only the first answer counts. */
export interface P2pConsentDetail {
  /** Peers may be connected. */
  readonly allow: () => void;
  /** Everything comes from the relay. */
  readonly deny: () => void;
}

/** Asks at most once, and remembers the answer. */
export class P2pConsent {
  readonly #target: EventTarget;
  #answer: Promise<boolean> | undefined;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** True at once unless the page takes the question upon itself: then when, and as, it answers. */
  ask(): Promise<boolean> {
    this.#answer ??= new Promise(resolve => {
      const detail: P2pConsentDetail = { allow: () => resolve(true), deny: () => resolve(false) };
      if (this.#target.dispatchEvent(new CustomEvent('p2pconsent', { cancelable: true, detail }))) resolve(true);
    });
    return this.#answer;
  }
}
