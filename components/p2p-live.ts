// The element <p2p-live>: a video element that is fed by a relay and by the other viewers.

import { html, nothing, type PropertyValues } from 'lit';
import { Attention } from './attention.ts';
import { attributes, DEFAULT_REWIND, DEFAULT_TARGET_LATENCY } from './attributes.ts';
import { Captions } from './captions.ts';
import { ControlBar } from './control-bar.ts';
import { LATE } from './controls/rewind.ts';
import type { Wish } from './controls/wish.ts';
import { createPlayer } from './create-player.ts';
import type { MessageData } from './engine/outgoing-message.ts';
import type { PlayerStats } from './engine/player-stats.ts';
import { Fullscreen } from './fullscreen.ts';
import { grantWish } from './grant-wish.ts';
import { isTakenByFocus, wishForKey } from './hotkeys.ts';
import { addStrings, Localization } from './localization.ts';
import { MediaElement } from './media-element.ts';
import { p2pLiveStyles } from './p2p-live-styles.ts';
import { PictureInPicture } from './picture-in-picture.ts';
import { Playback } from './playback.ts';
import type { PlaybackError } from './playback-error.ts';
import type { PlayerFactory, PlayerSource, PlayerState, SeekableSpan } from './player.ts';
import { screenFor, screenTemplate, startButton, unmutePill } from './screens.ts';
import { SwarmTerms } from './swarm-terms.ts';
import { TimeSpan } from './time-span.ts';
import { TrackChildren } from './track-children.ts';
import { ViewerRate } from './viewer-rate.ts';

/** Seconds before the live edge from which on it is live. */
const AT_EDGE = 1;

const P2P_WISHES = ['p2p', 'maxUploadKbps', 'maxUploadMb', 'p2pCellular', 'p2pPrivacy'] as const;

/**
 * Plays one live channel, or a recording of one. Its events are HTMLMediaElement's, and `statechange`, `stats`, `metadata`, `warning` (CustomEvents with a `detail`);
 * `message` brings what somebody on the channel has sent. `error` comes once per failure, and `error` tells why. `stats` comes once a second with a PlayerStats. `p2pconsent` comes before the first
 * peer connection: a page that calls its `preventDefault()` answers later, by `detail.allow()` or `detail.deny()`; the picture doesn't wait.
 * Importing the class registers nothing.
 */
export class P2pLive extends MediaElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override styles = p2pLiveStyles;
  static override properties = attributes;

  /** Makes what plays behind the video; tests put a stand-in here. */
  static createPlayer: PlayerFactory = createPlayer;
  /** Teaches the elements another language, or other words. */
  static addStrings: typeof addStrings = addStrings;

  /** The relay's address; without one, the page's own origin. */
  declare relay: string;
  /** The channel to play. */
  declare name: string;
  /** The recording to play in place of a channel, `<channel>/<stamp>`. */
  declare recording: string;
  /** What lets the viewer watch where a token is needed: a JSON Web Token or a key of the channel. Another one may be set while it plays. */
  declare token: string;
  /** The address of a picture that is shown while nothing plays. */
  declare poster: string;
  /** Plays as soon as it is on the page: with sound if the browser allows it, else muted. Without it nothing is connected before `play()`. */
  declare autoplay: boolean;
  declare controls: boolean;
  /** As on `<video>`: `metadata` and `auto` connect at once and show the first picture; without it nothing is connected before `play()`. */
  declare preload: 'none' | 'metadata' | 'auto';
  /** A recording that has ended starts over; a broadcast doesn't. */
  declare loop: boolean;
  /** For the `<track>` children's files. */
  declare crossOrigin: string | null;
  declare disablePictureInPicture: boolean;
  /** Seconds that the viewer may go back, as far as the relay keeps them; 600 by default, 0 for not at all. */
  declare rewind: number;
  /** Kept as `<video>` keeps it; live begins with 1. */
  defaultPlaybackRate = 1;
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

  readonly #switches = {
    captions: new Captions(this, this.video),
    fullscreen: new Fullscreen(this, this.video),
    pip: new PictureInPicture(this, this.video),
  };
  readonly #rate = new ViewerRate(this.video, {
    atEdge: () => (this.#playback.player?.liveEdge ?? Number.NaN) - this.video.currentTime < AT_EDGE,
    goLive: () => this.seekToLive(),
    onChange: () => this.dispatchEvent(new Event('ratechange')),
  });
  readonly #bar = new ControlBar(this);
  readonly #localization = new Localization(this);
  readonly #terms = new SwarmTerms(this);
  readonly #playback: Playback;
  readonly #attention: Attention;

  constructor() {
    super();
    this.relay = '';
    this.name = '';
    this.recording = '';
    this.token = '';
    this.poster = '';
    this.autoplay = false;
    this.controls = false;
    this.preload = 'none';
    this.loop = false;
    this.crossOrigin = null;
    this.disablePictureInPicture = false;
    this.rewind = DEFAULT_REWIND;
    this.targetLatency = DEFAULT_TARGET_LATENCY;
    this.p2p = 'on';
    this.maxUploadKbps = null;
    this.maxUploadMb = null;
    this.p2pCellular = false;
    this.p2pPrivacy = false;
    // Whoever subclasses the element may bring another player.
    const create: PlayerFactory = (video, options) => P2pLive.createPlayer(video, options);
    const admit: PlayerSource = (video, target) => this.#terms.admit(create, video, target);
    this.#playback = new Playback(this, this.video, admit, () => this.#localization.strings);
    this.#attention = new Attention(this, () => this.#bar.held);
    new TrackChildren(this, this.video);
    this.addEventListener('keydown', this.#onKey);
  }

  /** Where it is on its way to playing; `statechange` tells of changes. */
  get state(): PlayerState {
    return this.#playback.state;
  }
  /** Why it failed, or null. */
  get error(): PlaybackError | null {
    return this.#playback.error;
  }
  /** The player's present figures, or null while there is no player. */
  get stats(): PlayerStats | null {
    return this.#playback.player?.stats ?? null;
  }
  /** As controls read it. */
  get streamType(): 'live' | 'on-demand' {
    return this.recording ? 'on-demand' : 'live';
  }
  get paused(): boolean {
    return this.#playback.paused;
  }
  get ended(): boolean {
    return this.#playback.state === 'ended';
  }
  get networkState(): number {
    if (this.error) return this.NETWORK_NO_SOURCE;
    const { networkState } = this.video;
    return this.#playback.player && networkState === this.NETWORK_EMPTY ? this.NETWORK_LOADING : networkState;
  }
  /** Seconds on the video's own clock; can be set within `seekable`, and what is nearly live goes live. */
  get currentTime(): number {
    return this.video.currentTime;
  }
  set currentTime(time: number) {
    if (!Number.isFinite(Number(time))) throw new TypeError(`currentTime is a number of seconds, not ${time}`);
    const span = this.#span;
    if (span && time > span.end - LATE && !this.recording) this.seekToLive();
    else this.#playback.player?.seek(Math.max(span?.start ?? 0, time));
  }
  /** What the relay keeps, within `rewind` of the live edge. */
  get seekable(): TimeRanges {
    const span = this.#span;
    return new TimeSpan(span && [span.start, span.end]);
  }
  /** Seconds on the video's clock from which on it is as good as live; NaN before the first picture. */
  get liveEdgeStart(): number {
    return (this.#playback.player?.liveEdge ?? Number.NaN) - LATE;
  }
  /** As controls read it: 0 where there is no going back, else the seconds of `rewind`; NaN in a recording. */
  get targetLiveWindow(): number {
    return this.recording ? Number.NaN : Math.max(0, this.rewind);
  }
  /** Seconds from capture to showing; NaN while unknown. */
  get latency(): number {
    return this.stats?.latency ?? Number.NaN;
  }
  /** What the viewer wants; at the live edge always 1. `ratechange` tells of it, not of what keeps the latency. */
  get playbackRate(): number {
    return this.#rate.value;
  }
  set playbackRate(rate: number) {
    this.#rate.value = rate;
  }

  /** Connects and plays. Resolves with the first picture; rejects as HTMLMediaElement's does. */
  play(): Promise<void> {
    const span = this.#span;
    if (span && (this.video.currentTime < span.start || (this.recording && this.ended))) this.currentTime = span.start;
    return this.#playback.play();
  }
  /** Freezes the picture; `play()` goes on from there, as far as `rewind` reaches. */
  pause(): void {
    this.#playback.pause();
  }
  /** Leaves the broadcast and lets go of everything. */
  stop(): void {
    this.#playback.stop();
  }
  /** Starts over, as at the beginning: plays with `autoplay`, else loads what `preload` says. */
  load(): void {
    this.#playback.load();
  }
  /** Says something to everybody on the channel, here as well. Throws RangeError above 16 KiB, InvalidStateError while not connected. */
  send(data: MessageData): void {
    if (!this.#playback.player?.send(data)) throw new DOMException('not connected to the channel', 'InvalidStateError');
  }
  /** Jumps to the newest picture. */
  seekToLive(): void {
    if (this.#rate.value !== 1) this.#rate.value = 1;
    this.#playback.player?.seekToLive();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('poster') && (this.poster || this.video.poster)) this.video.poster = this.poster;
    if (changed.has('crossOrigin') && this.crossOrigin !== this.video.crossOrigin)
      this.video.crossOrigin = this.crossOrigin;
    this.video.loop = this.loop && this.recording !== '';
    if (changed.has('disablePictureInPicture')) this.video.disablePictureInPicture = this.disablePictureInPicture;
    const { player } = this.#playback;
    if (changed.has('targetLatency') && player) player.targetLatency = this.targetLatency;
    if (P2P_WISHES.some(wish => changed.has(wish))) this.#terms.renew();
    const isOther = changed.has('relay') || changed.has('name') || changed.has('recording');
    if (isOther) this.#playback.reopen();
    else if (changed.has('preload')) this.#playback.prepare();
    if (changed.has('token') && !isOther) this.#playback.renew();
    if (this.autoplay && (changed.has('autoplay') || isOther)) this.#playback.autoplay();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('rewind')) this.dispatchEvent(new Event('targetlivewindowchange'));
    if (changed.has('recording')) this.dispatchEvent(new Event('streamtypechange'));
  }

  protected override render() {
    const { strings } = this.#localization;
    const { state, paused, playBlocked, hasShown, soundBlocked, trouble, error } = this.#playback;
    const wanted = !paused;
    const recorded = this.recording !== '';
    const starved = this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !this.video.paused;
    const screen = screenFor({ state, wanted, playBlocked, hasShown, controls: this.controls, starved, recorded });
    const shown = this.controls && (this.#attention.present || !wanted || screen !== 'none');
    return html`
      <div
        class="frame ${shown || !this.controls ? '' : 'quiet'}" part="frame" role="group" aria-label=${recorded ? strings.recorded : strings.player(this.name)}
        tabindex=${this.controls ? 0 : nothing} lang=${strings.locale}
      >
        <div class="surface" @click=${this.#onClick} @dblclick=${this.#onDoubleClick}>${this.video}</div>
        <div class="overlay" part="overlay"><slot name="overlay"></slot></div>
        <div class="screen ${screen}" part="screen" role="status">
          ${screenTemplate(screen, { strings, name: this.name, error, trouble, retry: () => this.#grant({ to: 'retry' }) })}
        </div>
        ${screen === 'start' ? startButton(strings, () => this.#grant({ to: 'play' })) : nothing}
        ${soundBlocked && wanted && hasShown ? unmutePill(strings, () => this.#grant({ to: 'unmute' })) : nothing}
        ${this.controls ? this.#controls(shown) : nothing}
      </div>
    `;
  }

  #controls(shown: boolean) {
    const { state, paused, hasShown, player } = this.#playback;
    return this.#bar.template({
      shown,
      strings: this.#localization.strings,
      state,
      wanted: !paused,
      hasShown,
      video: this.video,
      stats: this.stats,
      targetLatency: this.targetLatency,
      recorded: this.recording !== '',
      seekable: this.#span,
      liveEdge: player?.liveEdge ?? null,
      ...this.#switches,
      grant: wish => this.#grant(wish),
    });
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.controls || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTakenByFocus(event)) return;
    const paused = this.paused || this.state === 'failed';
    const wish = wishForKey(event.key, { paused, muted: this.muted, volume: this.volume, rewind: this.#bar.rewind });
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
    grantWish(wish, this, this.#switches);
  }

  get #span(): SeekableSpan | null {
    const seekable = this.#playback.player?.seekable ?? null;
    const isWhole = !seekable || this.recording;
    return isWhole ? seekable : { ...seekable, start: Math.max(seekable.start, seekable.end - this.targetLiveWindow) };
  }
}
