// Brings together what the viewer wants, what the browser allows and what the player does.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PlayerStats } from './engine/player-stats.ts';
import { forwardMediaEvents } from './media-events.ts';
import type { Player, PlayerError, PlayerSource, PlayerState } from './player.ts';
import { relayUrl } from './relay-url.ts';
import { strings } from './strings.ts';

/** The element, as its playback sees it. */
export interface PlaybackHost extends ReactiveControllerHost, EventTarget {
  readonly relay: string;
  readonly name: string;
  readonly targetLatency: number;
  readonly isConnected: boolean;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (cause: DOMException) => void;
}

/** Owns the player and decides when there is one; fires `play`, `pause`, `error`, `statechange`, `stats`, `metadata` and `warning` on the host. */
export class Playback implements ReactiveController {
  readonly #host: PlaybackHost;
  readonly #video: HTMLVideoElement;
  readonly #createPlayer: PlayerSource;
  #player: Player | undefined;
  #detach = new AbortController();
  #waiters: Waiter[] = [];
  #wanted = false;
  /** Nobody touched anything: the page has `autoplay`, so sound may be given up in order to play at all. */
  #byItself = false;
  #state: PlayerState = 'idle';
  #error: PlayerError | null = null;
  #soundBlocked = false;
  #playBlocked = false;
  #hasShown = false;
  #inTrouble = false;
  /** The host's properties are all there: before its first update some may be missing. */
  #ready = false;

  constructor(host: PlaybackHost, video: HTMLVideoElement, createPlayer: PlayerSource) {
    this.#host = host;
    this.#video = video;
    this.#createPlayer = createPlayer;
    host.addController(this);
    for (const type of ['loadedmetadata', 'canplay']) video.addEventListener(type, () => void this.#begin());
    video.addEventListener('playing', () => this.#onPlaying());
    video.addEventListener('pause', () => this.#onVideoPause());
    video.addEventListener('volumechange', () => this.#onVolume());
    for (const type of ['timeupdate', 'waiting', 'ended', 'emptied'])
      video.addEventListener(type, () => host.requestUpdate());
    // Whoever hears an event finds the state as the event says, and play() is settled after it.
    forwardMediaEvents(video, host);
    video.addEventListener('playing', () => this.#settle());
  }

  get state(): PlayerState {
    return this.#state;
  }
  get error(): PlayerError | null {
    return this.#error;
  }
  get stats(): PlayerStats | null {
    return this.#player?.stats ?? null;
  }
  /** Whether it should be playing, as far as the viewer and the page go. */
  get wanted(): boolean {
    return this.#wanted;
  }
  /** It plays, but muted, as the browser allows sound only after a touch. */
  get soundBlocked(): boolean {
    return this.#soundBlocked;
  }
  /** The browser lets it play only after a touch. */
  get playBlocked(): boolean {
    return this.#playBlocked;
  }
  /** The relay does not answer, and is tried again. */
  get inTrouble(): boolean {
    return this.#inTrouble;
  }
  /** Pictures of this channel have been seen. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  hostConnected(): void {
    if (this.#wanted) this.#ensurePlayer();
  }

  /** An element that is only moved is back within the same task, and plays on. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#close('idle');
      this.#settle(new DOMException('The element was removed from the page.', 'AbortError'));
    });
  }

  /** Plays without anybody's touch, muted if need be. */
  autoplay(): void {
    if (this.#wanted) return;
    this.#byItself = true;
    this.#want(true);
    this.#ensurePlayer();
  }

  /** Plays; settles as HTMLMediaElement's does: at the first picture, or with NotAllowedError or AbortError. */
  play(): Promise<void> {
    this.#byItself = false;
    const playing = this.#wanted && this.#state === 'playing' && !this.#video.paused;
    this.#want(true);
    if (playing) return Promise.resolve();
    const started = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    if (this.#state === 'failed') this.#close('idle');
    this.#ensurePlayer();
    return started;
  }

  /** Freezes the picture; before the first picture it gives up. */
  pause(): void {
    if (!this.#hasShown) {
      this.stop();
      return;
    }
    this.#want(false);
    this.#video.pause();
  }

  /** Leaves the broadcast. */
  stop(): void {
    this.#want(false);
    this.#close('idle');
  }

  /** Starts afresh with the host's present relay and name, if it is to play. The host calls it at its first update, too. */
  reopen(): void {
    this.#ready = true;
    this.#close(this.#wanted ? undefined : 'idle');
    if (this.#wanted) this.#ensurePlayer();
  }

  seekToLive(): void {
    this.#player?.seekToLive();
  }

  retarget(seconds: number): void {
    if (this.#player) this.#player.targetLatency = seconds;
  }

  #want(wanted: boolean): void {
    this.#playBlocked = false;
    if (wanted !== this.#wanted) {
      this.#wanted = wanted;
      this.#host.dispatchEvent(new Event(wanted ? 'play' : 'pause'));
    }
    if (!wanted) this.#settle(new DOMException('The play() request was interrupted.', 'AbortError'));
    this.#host.requestUpdate();
  }

  #ensurePlayer(): void {
    if (!this.#player && this.#ready && this.#host.isConnected) this.#open();
    if (this.#player) void this.#begin();
  }

  #open(): void {
    const { relay, name, targetLatency } = this.#host;
    this.#error = null;
    const url = relayUrl(relay);
    if (!url) this.#fail({ code: 'bad-relay', message: strings.badRelay(relay) });
    else if (!name) this.#fail({ code: 'bad-name', message: strings.missingName });
    else this.#run(this.#createPlayer(this.#video, { relay: url, name, targetLatency }));
  }

  #run(player: Player): void {
    this.#player = player;
    this.#detach = new AbortController();
    const { signal } = this.#detach;
    player.addEventListener('statechange', () => this.#onState(player), { signal });
    player.addEventListener('error', () => this.#onError(player), { signal });
    player.addEventListener('stats', () => this.#relayEvent('stats', player.stats), { signal });
    for (const type of ['metadata', 'warning']) player.addEventListener(type, event => this.#pass(event), { signal });
    player.start();
    this.#onState(player);
  }

  /** Without `next` the state is left to the player that follows. */
  #close(next?: PlayerState): void {
    this.#detach.abort();
    this.#player?.stop();
    this.#player = undefined;
    this.#hasShown = false;
    this.#error = null;
    if (next) this.#enter(next);
  }

  #onState(player: Player): void {
    if (player !== this.#player) return;
    if (player.state === 'failed') {
      this.#onError(player);
      return;
    }
    this.#enter(player.state);
    void this.#begin();
  }

  /** The player tells of its end by state and by event, in either order. */
  #onError(player: Player): void {
    if (player === this.#player && player.state === 'failed' && player.error) this.#fail(player.error);
  }

  #fail(error: PlayerError): void {
    if (this.#error) return;
    this.#detach.abort();
    this.#player?.stop();
    this.#player = undefined;
    this.#error = error;
    this.#enter('failed');
    this.#settle(new DOMException(error.message, 'NotSupportedError'));
    this.#relayEvent('error', error);
  }

  #enter(state: PlayerState): void {
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    this.#inTrouble = false;
    this.#host.requestUpdate();
    this.#relayEvent('statechange', { state, previous });
  }

  #pass(event: Event): void {
    if (!(event instanceof CustomEvent)) return;
    if (event.type === 'warning' && event.detail.code === 'relay' && this.#state === 'connecting') {
      this.#inTrouble = true;
      this.#host.requestUpdate();
    }
    this.#relayEvent(event.type, event.detail);
  }

  #relayEvent(type: string, detail: unknown): void {
    if (type === 'stats') this.#host.requestUpdate();
    this.#host.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Lets the video play, as far as the browser allows it. */
  async #begin(): Promise<void> {
    if (!this.#wanted || !this.#player) return;
    const { muted, ended } = this.#video;
    // A video that has ended would start over.
    if (ended) return;
    try {
      await this.#video.play();
    } catch (cause) {
      const blocked = cause instanceof DOMException && cause.name === 'NotAllowedError';
      // Anything else is a load or a pause that came between; the next `canplay` tries again, and the player tells of errors.
      if (!blocked || !this.#wanted || !this.#player) return;
      if (muted || !this.#byItself) this.#block(cause);
      else this.#giveUpSound();
    }
  }

  #giveUpSound(): void {
    this.#video.muted = true;
    this.#soundBlocked = true;
    this.#host.requestUpdate();
    void this.#begin();
  }

  #block(cause: DOMException): void {
    this.#settle(cause);
    this.stop();
    this.#playBlocked = true;
  }

  #onPlaying(): void {
    this.#hasShown = true;
    this.#host.requestUpdate();
  }

  /** A media key, a headset or the browser itself has paused it. */
  #onVideoPause(): void {
    const { paused, ended, isConnected } = this.#video;
    if (this.#player && paused && !ended && isConnected) this.#want(false);
  }

  #onVolume(): void {
    if (!this.#video.muted) this.#soundBlocked = false;
    this.#host.requestUpdate();
  }

  #settle(cause?: DOMException): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { resolve, reject } of waiters) cause ? reject(cause) : resolve();
  }
}
