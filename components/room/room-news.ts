// Who came and who went, for those who listen to the page; and what went wrong, for a while.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomStrings } from './room-strings.ts';

const NOTICE_MS = 6_000;

/** Updates the host when there is something else to tell. */
export class RoomNews implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #present: ReadonlySet<string> | null = null;
  #text = '';
  #notice = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** The last to come or go, in words. */
  get text(): string {
    return this.#text;
  }

  /** What went wrong just now; empty after some seconds. */
  get notice(): string {
    return this.#notice;
  }

  hostDisconnected(): void {
    this.#clear();
  }

  /** Takes the names of the others; null outside of a room. Those who were there first are no news. */
  follow(users: readonly string[] | null, strings: RoomStrings): void {
    const before = this.#present;
    this.#present = users && new Set(users);
    if (!users || !before) {
      this.#text = '';
      return;
    }
    const came = users.filter(user => !before.has(user)).map(strings.joined);
    const gone = [...before].filter(user => !users.includes(user)).map(strings.gone);
    if (came.length + gone.length > 0) this.#text = [...came, ...gone].join(', ');
  }

  /** Shows a sentence for a while. */
  notify(notice: string): void {
    this.#clear();
    this.#notice = notice;
    this.#timer = setTimeout(() => this.#clear(), NOTICE_MS);
    this.#host.requestUpdate();
  }

  #clear(): void {
    clearTimeout(this.#timer);
    if (!this.#notice) return;
    this.#notice = '';
    this.#host.requestUpdate();
  }
}
