// The element <p2p-live>: a video element that is fed by a relay and by the other viewers.

import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { Attention } from './attention.ts';
import { attributes, DEFAULT_TARGET_LATENCY } from './attributes.ts';
import { ControlBar } from './control-bar.ts';
import { type Wish, WishEvent } from './controls/wish.ts';
import { createPlayer } from './create-player.ts';
import type { PlayerStats } from './engine/player-stats.ts';
import { Fullscreen } from './fullscreen.ts';
import { isTakenByFocus, wishForKey } from './hotkeys.ts';
import { Localization } from './localization.ts';
import { p2pLiveStyles } from './p2p-live-styles.ts';
import { Playback } from './playback.ts';
import type { PlayerError, PlayerFactory, PlayerState } from './player.ts';
import { screenFor, screenTemplate, startButton, unmutePill } from './screens.ts';
import { SwarmTerms } from './swarm-terms.ts';

const P2P_WISHES = ['p2p', 'maxUploadKbps', 'maxUploadMb', 'p2pCellular', 'p2pPrivacy'] as const;

/**
 * Plays one live channel. Its events are HTMLMediaElement's, and `statechange`, `stats`, `metadata`, `warning` (CustomEvents with a `detail`);
 * `error` comes once per failure, and `error` tells why. `stats` comes once a second with a PlayerStats. `p2pconsent` comes before the first
 * peer connection: a page that calls its `preventDefault()` answers later, by `detail.allow()` or `detail.deny()`; the picture doesn't wait.
 * Importing the class registers nothing.
 */
export class P2pLive extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override styles = p2pLiveStyles;
  static override properties = attributes;

  /** Makes what plays behind the video; tests put a stand-in here. */
  static createPlayer: PlayerFactory = createPlayer;

  /** The relay's address; without one, the page's own origin. */
  declare relay: string;
  /** The channel to play. */
  declare name: string;
  /** The address of a picture that is shown while nothing plays. */
  declare poster: string;
  /** Plays as soon as it is on the page: with sound if the browser allows it, else muted. Without it nothing is connected before `play()`. */
  declare autoplay: boolean;
  declare controls: boolean;
  /** Seconds between capture and showing that the player aims at; 0.85 by default. */
  declare targetLatency: number;
  /** Whether viewers carry the stream for each other here. `download-only` takes and gives nothing; anything unknown is `on`. */
  declare p2p: 'on' | 'off' | 'download-only';
  /** Uploads at most so many kbit/s; null (or 0) for no limit. */
  declare maxUploadKbps: number | null;
  /** Uploads at most so many megabytes (10⁶ bytes) while the element lives; null (or 0) for no limit. */
  declare maxUploadMb: number | null;
  /** Uploads even over cellular, metered and very slow connections, where viewers otherwise only take. */
  declare p2pCellular: boolean;
  /** Connects no peers at all, so that no other viewer learns this one's address. */
  declare p2pPrivacy: boolean;

  readonly #video = document.createElement('video');
  readonly #fullscreen = new Fullscreen(this, this.#video);
  readonly #bar = new ControlBar(this);
  readonly #localization = new Localization(this);
  readonly #terms = new SwarmTerms(this);
  readonly #playback: Playback;
  readonly #attention: Attention;

  constructor() {
    super();
    this.relay = '';
    this.name = '';
    this.poster = '';
    this.autoplay = false;
    this.controls = false;
    this.targetLatency = DEFAULT_TARGET_LATENCY;
    this.p2p = 'on';
    this.maxUploadKbps = null;
    this.maxUploadMb = null;
    this.p2pCellular = false;
    this.p2pPrivacy = false;
    this.#video.playsInline = true;
    this.#video.part.add('video');
    // Whoever subclasses the element may bring another player.
    const create: PlayerFactory = (video, options) => P2pLive.createPlayer(video, options);
    this.#playback = new Playback(this, this.#video, (video, target) => this.#terms.admit(create, video, target));
    this.#attention = new Attention(this, () => this.#bar.held);
    this.addEventListener('keydown', this.#onKey);
  }

  /** 0–1; throws as HTMLMediaElement does outside of that. */
  get volume(): number {
    return this.#video.volume;
  }
  set volume(volume: number) {
    this.#video.volume = volume;
  }
  get muted(): boolean {
    return this.#video.muted;
  }
  set muted(muted: boolean) {
    this.#video.muted = muted;
  }
  /** Where it is on its way to playing; `statechange` tells of changes. */
  get state(): PlayerState {
    return this.#playback.state;
  }
  /** Why it failed, or null. */
  get error(): PlayerError | null {
    return this.#playback.error;
  }
  /** The player's present figures, or null while there is no player. */
  get stats(): PlayerStats | null {
    return this.#playback.stats;
  }
  get paused(): boolean {
    return !this.#playback.wanted;
  }
  get ended(): boolean {
    return this.#playback.state === 'ended';
  }
  /** Seconds on the video's own clock; can be set within `buffered`. */
  get currentTime(): number {
    return this.#video.currentTime;
  }
  set currentTime(time: number) {
    this.#video.currentTime = time;
  }
  get readyState(): number {
    return this.#video.readyState;
  }
  get buffered(): TimeRanges {
    return this.#video.buffered;
  }
  get videoWidth(): number {
    return this.#video.videoWidth;
  }
  get videoHeight(): number {
    return this.#video.videoHeight;
  }

  /** Connects and plays. Resolves with the first picture; rejects as HTMLMediaElement's does. */
  play(): Promise<void> {
    return this.#playback.play();
  }
  /** Freezes the picture; `play()` goes on at the live edge. */
  pause(): void {
    this.#playback.pause();
  }
  /** Leaves the broadcast and lets go of everything. */
  stop(): void {
    this.#playback.stop();
  }
  /** Jumps to the newest picture. */
  seekToLive(): void {
    this.#playback.seekToLive();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('poster') && (this.poster || this.#video.poster)) this.#video.poster = this.poster;
    if (changed.has('targetLatency')) this.#playback.retarget(this.targetLatency);
    if (P2P_WISHES.some(wish => changed.has(wish))) this.#terms.renew();
    if (changed.has('relay') || changed.has('name')) this.#playback.reopen();
    if (this.autoplay && (changed.has('autoplay') || changed.has('relay') || changed.has('name')))
      this.#playback.autoplay();
  }

  protected override render() {
    const { strings } = this.#localization;
    const { state, wanted, playBlocked, hasShown, soundBlocked, inTrouble, error } = this.#playback;
    const starved = this.#video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !this.#video.paused;
    const screen = screenFor({ state, wanted, playBlocked, hasShown, controls: this.controls, starved });
    const shown = this.controls && (this.#attention.present || !wanted || screen !== 'none');
    return html`
      <div
        class="frame ${shown || !this.controls ? '' : 'quiet'}" part="frame" role="group" aria-label=${strings.player(this.name)}
        tabindex=${this.controls ? 0 : nothing} @p2p-live-wish=${this.#onWish}
      >
        <div class="surface" @click=${this.#onClick} @dblclick=${this.#onDoubleClick}>${this.#video}</div>
        <div class="screen ${screen}" part="screen" role="status">
          ${screenTemplate(screen, { strings, name: this.name, error, inTrouble, retry: () => this.#grant({ to: 'retry' }) })}
        </div>
        ${screen === 'start' ? startButton(strings, () => this.#grant({ to: 'play' })) : nothing}
        ${soundBlocked && wanted && hasShown ? unmutePill(strings, () => this.#grant({ to: 'unmute' })) : nothing}
        ${this.controls ? this.#controls(shown) : nothing}
      </div>
    `;
  }

  #controls(shown: boolean) {
    const { state, wanted, hasShown, stats } = this.#playback;
    return this.#bar.template({
      shown,
      strings: this.#localization.strings,
      state,
      wanted,
      hasShown,
      video: this.#video,
      stats,
      targetLatency: this.targetLatency,
      seekable: null,
      liveEdge: null,
      fullscreen: this.#fullscreen,
      pictureInPicture: { available: false, active: false },
      grant: wish => this.#grant(wish),
    });
  }

  #onWish(event: Event): void {
    event.stopPropagation();
    if (event instanceof WishEvent) this.#grant(event.wish);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.controls || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTakenByFocus(event)) return;
    const { muted, volume, state } = this;
    const wish = wishForKey(event.key, { paused: this.paused || state === 'failed', muted, volume });
    if (!wish) return;
    event.preventDefault();
    this.#grant(wish);
  };

  #onClick(event: MouseEvent): void {
    const touch = event instanceof PointerEvent && event.pointerType === 'touch';
    if (this.#playback.soundBlocked) this.#grant({ to: 'unmute' });
    else if (!this.controls) return;
    else if (touch) this.#attention.set(!this.#attention.present);
    else if (this.paused || this.state === 'playing' || this.state === 'buffering')
      this.#grant({ to: this.paused ? 'play' : 'pause' });
  }

  #onDoubleClick(): void {
    if (this.controls) this.#grant({ to: 'fullscreen' });
  }

  #grant(wish: Wish): void {
    switch (wish.to) {
      case 'play':
      case 'retry':
        this.#playQuietly();
        break;
      case 'pause':
        this.pause();
        break;
      case 'stop':
        this.stop();
        break;
      case 'mute':
        this.muted = true;
        break;
      case 'unmute':
        this.muted = false;
        if (this.volume === 0) this.volume = 0.5;
        break;
      case 'volume':
        this.volume = wish.volume;
        this.muted = wish.volume === 0;
        break;
      case 'live':
        this.seekToLive();
        this.#playQuietly();
        break;
      case 'fullscreen':
        // Refused by the browser (no touch, no permission): nothing changes, and the button shows so.
        this.#fullscreen.toggle().catch(() => undefined);
        break;
    }
  }

  /** A viewer's wish has nobody to reject to: the element shows what became of it. */
  #playQuietly(): void {
    this.play().catch(() => undefined);
  }
}
