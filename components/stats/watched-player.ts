// Finds the <p2p-live> that a `for` attribute names, follows it when it is replaced, and tells of its news.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PlayerStats } from '../engine/player-stats.ts';
import type { SwarmStats } from '../engine/swarm-stats.ts';

/** What is read of a <p2p-live>. An element that isn't defined yet has none of it. */
export interface PlayerElement extends HTMLElement {
  readonly stats?: PlayerStats | null;
  readonly p2pPrivacy?: boolean;
}

interface Host extends ReactiveControllerHost, HTMLElement {
  readonly htmlFor: string;
}

const NEWS = ['stats', 'statechange'];

/** `onNews` is called when the player has figures or a new state, and when it is another one. */
export class WatchedPlayer implements ReactiveController {
  readonly #host: Host;
  readonly #onNews: () => void;
  readonly #observer = new MutationObserver(() => this.find());
  #element: PlayerElement | null = null;

  constructor(host: Host, onNews: () => void) {
    this.#host = host;
    this.#onNews = onNews;
    host.addController(this);
  }

  get element(): PlayerElement | null {
    return this.#element;
  }

  /** The figures of its swarm; null while nothing plays. A player without a swarm still has a relay. */
  get swarm(): SwarmStats | null {
    const stats = this.#element?.stats;
    if (!stats) return null;
    const { swarm, bytesFromRelay } = stats;
    return swarm.state === 'off' && swarm.bytesFromRelay === 0 ? { ...swarm, bytesFromRelay } : swarm;
  }

  hostConnected(): void {
    // The player may come later, go, or give its id to another.
    const root = this.#host.getRootNode();
    this.#observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['id'] });
    this.find();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#follow(null);
  }

  /** Looks again. The host calls it when its `for` changes. */
  find(): void {
    const { htmlFor, isConnected } = this.#host;
    const root = this.#host.getRootNode();
    const within = root instanceof Document || root instanceof ShadowRoot ? root : null;
    this.#follow(isConnected && htmlFor ? (within?.getElementById(htmlFor) ?? null) : null);
  }

  #follow(element: PlayerElement | null): void {
    if (element === this.#element) return;
    for (const type of NEWS) this.#element?.removeEventListener(type, this.#onNews);
    this.#element = element;
    for (const type of NEWS) element?.addEventListener(type, this.#onNews);
    this.#onNews();
  }
}
