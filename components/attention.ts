// Whether somebody is at the player: the controls hide when nobody is.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

const LINGER_MS = 3_000;

/** `present` from a pointer's or the keyboard's move on the host until 3 s later, or while `holds` says so. */
export class Attention implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #holds: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #present = false;

  constructor(host: ReactiveControllerHost & HTMLElement, holds: () => boolean) {
    this.#host = host;
    this.#holds = holds;
    host.addController(this);
    for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin']) host.addEventListener(type, this.#notice);
    host.addEventListener('pointerleave', event => event.pointerType === 'mouse' && this.#leave());
  }

  get present(): boolean {
    return this.#present;
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#present = false;
  }

  /** Shows the controls for 3 s, or hides them at once. */
  set(present: boolean): void {
    clearTimeout(this.#timer);
    if (present) this.#timer = setTimeout(this.#leave, LINGER_MS);
    if (present === this.#present) return;
    this.#present = present;
    this.#host.requestUpdate();
  }

  readonly #notice = (event: Event): void => {
    // A finger's tap is the element's to interpret: it may hide the controls as well.
    if (event instanceof PointerEvent && event.pointerType === 'touch') return;
    this.set(true);
  };

  readonly #leave = (): void => {
    this.set(this.#holds());
  };
}
