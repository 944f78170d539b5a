// Which words an element speaks: those of its place's language, English until others are there.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type Strings, strings } from './strings.ts';

/** Follows the `lang` of the host or its surroundings; updates the host when other words are to be shown. */
export class Localization implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  /** The host's words. */
  get strings(): Strings {
    return strings;
  }
}
