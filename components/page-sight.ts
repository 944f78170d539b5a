// Phones pause what nobody sees.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A pause this soon after the page was hidden is the browser's; a later one comes from a headset or a media key. */
const AT_ONCE_MS = 1_000;

/** Tells `onSeen` when the page is seen again, and whether it has just been hidden. */
export class PageSight implements ReactiveController {
  readonly #onSeen: () => void;
  #hiddenAt = Number.NEGATIVE_INFINITY;

  constructor(host: ReactiveControllerHost, onSeen: () => void) {
    this.#onSeen = onSeen;
    host.addController(this);
  }

  get justHidden(): boolean {
    return document.hidden && performance.now() - this.#hiddenAt < AT_ONCE_MS;
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#look);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#look);
  }

  readonly #look = (): void => {
    if (document.hidden) this.#hiddenAt = performance.now();
    else this.#onSeen();
  };
}
