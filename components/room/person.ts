// Somebody else in the room, as seen from here: a <p2p-live> of what that person publishes.

import type { P2pLive } from '../p2p-live.ts';

/** `absent`: publishes nothing. `trouble`: was to be seen, and is not for the moment. */
export type PersonState = 'absent' | 'connecting' | 'here' | 'trouble' | 'unplayable';

/** What to play, and how. */
export interface PersonOptions {
  readonly relay: string;
  /** The whole channel name. */
  readonly channel: string;
  readonly p2p: string;
  /** The one with which the room was entered: it lets watch who is there. */
  readonly token: string;
  /** Seconds. */
  readonly targetLatency: number;
}

/** A stall that is over sooner than this is not worth a word. */
const PATIENCE_MS = 1_500;
/** After a failure it tries again. */
const RETRY_MS = 3_000;

/** Calls `onChange` when its state or its sound is another. The player leaves the broadcast when its element leaves the page. */
export class Person {
  readonly player: P2pLive;
  readonly #onChange: () => void;
  readonly #listeners = new AbortController();
  #state: PersonState = 'connecting';
  #hasShown = false;
  #isStarted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ relay, channel, p2p, token, targetLatency }: PersonOptions, onChange: () => void) {
    this.#onChange = onChange;
    this.player = document.createElement('p2p-live');
    Object.assign(this.player, { relay, name: channel, p2p, token, targetLatency, rewind: 0, autoplay: true });
    const { signal } = this.#listeners;
    for (const type of ['statechange', 'playing']) this.player.addEventListener(type, () => this.#look(), { signal });
    this.player.addEventListener('volumechange', () => onChange(), { signal });
  }

  get state(): PersonState {
    return this.#state;
  }

  /** The browser allows sound, or even the picture, only after a touch. */
  get isBlocked(): boolean {
    return this.player.muted || (this.player.paused && this.player.state === 'idle' && this.#isStarted);
  }

  /** To be called in a touch. */
  allow(): void {
    this.player.muted = false;
    this.player.play().catch(() => undefined); // `statechange` tells of it
  }

  /** Nothing happens any more. */
  close(): void {
    this.#listeners.abort();
    clearTimeout(this.#timer);
    this.player.remove();
  }

  #look(): void {
    clearTimeout(this.#timer);
    const { state, error } = this.player;
    this.#isStarted = true;
    this.#onChange();
    if (state === 'playing') {
      this.#hasShown = true;
      this.#become('here');
    } else if (state === 'failed') {
      const isFinal = error?.reason === 'unsupported-codec' || error?.reason === 'no-media-source';
      this.#become(isFinal ? 'unplayable' : this.#hasShown ? 'trouble' : 'connecting');
      if (!isFinal) this.#timer = setTimeout(() => this.player.load(), RETRY_MS);
    } else if (state === 'ended' || state === 'waiting') {
      this.#hasShown = false;
      this.#become('absent');
    } else if (!this.#hasShown) this.#become('connecting');
    else this.#timer = setTimeout(() => this.#become('trouble'), PATIENCE_MS);
  }

  #become(state: PersonState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange();
  }
}
