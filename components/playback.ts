// Brings together what the viewer wants, what the browser allows and what the player does.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { recordingSwarm } from '../core/recording/recording-id.ts';
import { channelMessage } from './channel-message.ts';
import { forwardMediaEvents } from './media-events.ts';
import { PageSight } from './page-sight.ts';
import { PlayIntent } from './play-intent.ts';
import { type PlaybackError, playbackError } from './playback-error.ts';
import type { Player, PlayerError, PlayerSource, PlayerState } from './player.ts';
import { relayUrl } from './relay-url.ts';
import type { Strings } from './strings.ts';
import { TimedMetadata } from './timed-metadata.ts';
import { VideoStarter } from './video-starter.ts';

/** The element, as its playback sees it. */
export interface PlaybackHost extends ReactiveControllerHost, EventTarget {
  readonly relay: string;
  readonly name: string;
  readonly recording: string;
  readonly token: string;
  readonly targetLatency: number;
  readonly autoplay: boolean;
  readonly preload: string;
  readonly isConnected: boolean;
}

/** Owns the player and decides when there is one; fires the media events and `statechange`, `stats`, `metadata`, `warning` and `message` on the host. */
export class Playback implements ReactiveController {
  readonly #host: PlaybackHost;
  readonly #video: HTMLVideoElement;
  readonly #createPlayer: PlayerSource;
  readonly #words: () => Strings;
  #player: Player | undefined;
  #detach = new AbortController();
  readonly #intent: PlayIntent;
  readonly #sight: PageSight;
  readonly #starter: VideoStarter;
  readonly #metadata: TimedMetadata;
  /** Paused by the browser, as nobody sees it. */
  #isUnseen = false;
  #state: PlayerState = 'idle';
  #error: PlaybackError | null = null;
  #playBlocked = false;
  #hasShown = false;
  #trouble: string | null = null;
  /** The host's properties are all there: before its first update some may be missing. */
  #ready = false;

  constructor(host: PlaybackHost, video: HTMLVideoElement, createPlayer: PlayerSource, words: () => Strings) {
    this.#words = words;
    this.#host = host;
    this.#video = video;
    this.#createPlayer = createPlayer;
    host.addController(this);
    this.#intent = new PlayIntent(host);
    this.#sight = new PageSight(host, () => this.#onSeen());
    this.#metadata = new TimedMetadata(video, metadata => this.#relayEvent('metadata', metadata));
    this.#starter = new VideoStarter(video, {
      isWanted: () => this.#intent.wanted && this.#player !== undefined,
      onChange: () => host.requestUpdate(),
      onBlocked: cause => this.#block(cause),
    });
    video.addEventListener('playing', () => this.#onPlaying());
    video.addEventListener('pause', () => this.#onVideoPause());
    video.addEventListener('play', () => this.#onVideoPlay());
    for (const type of ['timeupdate', 'progress', 'waiting', 'ended', 'emptied'])
      video.addEventListener(type, () => host.requestUpdate());
    // Whoever hears an event finds the state as the event says, and play() is settled after it.
    forwardMediaEvents(video, host);
    video.addEventListener('playing', () => this.#intent.settle());
  }

  get state(): PlayerState {
    return this.#state;
  }
  get error(): PlaybackError | null {
    return this.#error;
  }
  /** What plays now; undefined while nothing is to be loaded. */
  get player(): Player | undefined {
    return this.#player;
  }
  get paused(): boolean {
    return this.#intent.paused;
  }
  /** It plays, but muted, as the browser allows sound only after a touch. */
  get soundBlocked(): boolean {
    return this.#starter.soundBlocked;
  }
  /** The browser lets it play only after a touch. */
  get playBlocked(): boolean {
    return this.#playBlocked;
  }
  /** Why there is no connection, while it is tried again: in the relay's words, or empty where it does not answer; null while nothing is known. */
  get trouble(): string | null {
    return this.#trouble;
  }
  /** Pictures of this channel have been seen. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  hostConnected(): void {
    this.prepare();
  }

  /** An element that is only moved is back within the same task, and plays on. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#close('idle');
      this.#intent.abort('The element was removed from the page.');
    });
  }

  /** Plays without anybody's touch, muted if need be. */
  autoplay(): void {
    if (this.#intent.wanted) return;
    this.#starter.byItself = true;
    this.#want(true);
    this.#ensurePlayer();
  }

  /** Plays; settles as HTMLMediaElement's does: at the first picture, or with NotAllowedError or AbortError. */
  play(): Promise<void> {
    this.#starter.byItself = false;
    const playing = !this.paused && this.#state === 'playing' && !this.#video.paused;
    this.#want(true);
    if (playing) return Promise.resolve();
    const started = this.#intent.promise();
    if (this.#state === 'failed') this.#close('idle');
    this.#ensurePlayer();
    return started;
  }

  /** Freezes the picture; before the first picture it gives up. */
  pause(): void {
    if (this.#hasShown || this.#preloads) {
      this.#want(false);
      this.#video.pause();
    } else this.stop();
  }

  /** Leaves the broadcast. */
  stop(): void {
    this.#want(false);
    this.#close('idle');
  }

  /** Starts over as if the page had just been opened. */
  load(): void {
    this.stop();
    if (this.#host.autoplay) this.autoplay();
    else this.prepare();
  }

  /** Starts afresh with the host's present relay and name, if it is to play. The host calls it at its first update, too. */
  reopen(): void {
    this.#ready = true;
    this.#close(this.#intent.wanted ? undefined : 'idle');
    this.prepare();
  }

  /** The host has another token: what plays goes on with it, what was kept out tries again. */
  renew(): void {
    const { token } = this.#host;
    if (this.#player) this.#player.token = token;
    else if (this.#error?.reason === 'not-allowed' && token) this.reopen();
  }

  #want(wanted: boolean): void {
    this.#playBlocked = false;
    this.#isUnseen = false;
    this.#intent.want(wanted);
    this.#host.requestUpdate();
  }

  get #preloads(): boolean {
    return this.#host.preload !== 'none' && this.#name !== '';
  }

  /** Connects if it is to play, or to show the first picture. */
  prepare(): void {
    if (this.#intent.wanted || this.#preloads) this.#ensurePlayer();
  }

  /** What the relay knows it by. */
  get #name(): string {
    const { recording, name } = this.#host;
    return recording ? recordingSwarm(recording) : name;
  }

  #ensurePlayer(): void {
    if (!this.#player && this.#ready && this.#host.isConnected) this.#open();
    if (this.#player) void this.#starter.begin();
  }

  #open(): void {
    const { relay, token, targetLatency } = this.#host;
    const name = this.#name;
    this.#error = null;
    const url = relayUrl(relay);
    if (!url) this.#fail({ code: 'bad-relay', message: this.#words().badRelay(relay) });
    else if (!name) this.#fail({ code: 'bad-name', message: this.#words().missingName });
    else this.#run(this.#createPlayer(this.#video, { relay: url, name, token, targetLatency }));
  }

  #run(player: Player): void {
    this.#player = player;
    this.#detach = new AbortController();
    const { signal } = this.#detach;
    player.addEventListener('statechange', () => this.#onState(player), { signal });
    player.addEventListener('error', () => this.#onError(player), { signal });
    player.addEventListener('stats', () => this.#relayEvent('stats', player.stats), { signal });
    for (const type of ['metadata', 'warning', 'message'])
      player.addEventListener(type, event => this.#pass(event), { signal });
    player.start();
    this.#onState(player);
  }

  /** Without `next` the state is left to the player that follows. */
  #close(next?: PlayerState): void {
    this.#detach.abort();
    this.#player?.stop();
    this.#player = undefined;
    this.#metadata.clear();
    this.#hasShown = false;
    // Controls ask then whether there is still an error.
    if (this.#error) this.#intent.fire('emptied');
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
    void this.#starter.begin();
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
    this.#error = playbackError(error);
    this.#enter('failed');
    this.#relayEvent('error', this.#error);
    this.#intent.settle(new DOMException(error.message, 'NotSupportedError'));
  }

  #enter(state: PlayerState): void {
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    this.#trouble = null;
    this.#host.requestUpdate();
    this.#relayEvent('statechange', { state, previous });
    if (state === 'failed' || state === 'idle') return;
    this.#intent.rest(state === 'ended');
    if (state === 'ended') this.#intent.fire('ended');
  }

  #pass(event: Event): void {
    if (!(event instanceof CustomEvent)) return;
    const { code, message } = event.detail;
    const isRefused = code === 'refused';
    if (event.type === 'warning' && (isRefused || code === 'relay') && this.#state === 'connecting') {
      this.#trouble = isRefused ? message : '';
      this.#host.requestUpdate();
    }
    if (event.type === 'metadata') this.#metadata.add(event.detail);
    else if (event.type === 'message') this.#host.dispatchEvent(channelMessage(event.detail));
    else this.#relayEvent(event.type, event.detail);
  }

  #relayEvent(type: string, detail: unknown): void {
    if (type === 'stats') this.#host.requestUpdate();
    this.#host.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #block(cause: DOMException): void {
    this.#intent.settle(cause);
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
    if (!this.#player || !paused || ended || !isConnected) return;
    const isUnseen = this.#intent.wanted && this.#sight.justHidden;
    this.#want(false);
    this.#isUnseen = isUnseen;
  }

  /** The same, or the picture's own window, lets it go on. */
  #onVideoPlay(): void {
    const { paused, ended } = this.#video;
    if (this.#player && !paused && !ended && !this.#intent.wanted) this.#want(true);
  }

  #onSeen(): void {
    if (!this.#isUnseen) return;
    this.#player?.seekToLive();
    this.play().catch(() => undefined);
  }
}
