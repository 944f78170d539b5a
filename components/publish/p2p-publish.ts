// The element <p2p-publish>: a camera, a microphone or a screen to a channel, straight from a page.

import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { isTakenByFocus } from '../hotkeys.ts';
import { Speech } from '../vocabulary.ts';
import { Broadcast } from './broadcast.ts';
import type { PublicationFactory, TokenProvider } from './broadcast-host.ts';
import { canShareScreen } from './capture-failure.ts';
import { DeviceList } from './device-list.ts';
import { Publication, type PublishStats } from './engine/publication.ts';
import { grantPublishWish } from './grant-publish-wish.ts';
import { LevelMeter } from './level-meter.ts';
import { NO_MICROPHONE } from './media-wish.ts';
import { p2pPublishStyles } from './p2p-publish-styles.ts';
import { bitrateFor, PUBLISH_DEFAULTS, publishAttributes } from './publish-attributes.ts';
import { publishBadge } from './publish-badge.ts';
import { publishBar } from './publish-bar.ts';
import { publishNotice } from './publish-notice.ts';
import { publishScreen } from './publish-screens.ts';
import { publishSettings } from './publish-settings.ts';
import type { PublishError, PublishSource, PublishState } from './publish-state.ts';
import type { PublishStrings } from './publish-strings.ts';
import type { PublishView, PublishWish } from './publish-view.ts';
import { publishVocabulary } from './publish-vocabulary.ts';
import { WakeLock } from './wake-lock.ts';

/**
 * Broadcasts to one channel. Nothing is asked of the browser before the user chooses, or the page calls `prepare()` or `start()`, and nothing is sent
 * before `start()`. Devices are given back by `stop()` and when the element leaves the page. Importing the class registers nothing.
 */
export class P2pPublish extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override styles = p2pPublishStyles;
  static override properties = publishAttributes;

  /** Makes what carries the tracks to the relay; tests put a stand-in here. */
  static createPublication: PublicationFactory = options => new Publication(options);
  /** Teaches the elements another language, or other words. */
  static addStrings(language: string, words: Partial<PublishStrings>): void {
    publishVocabulary.add(language, words);
  }

  /** The relay's address; without one, the page's own origin. */
  declare relay: string;
  /** Where to broadcast. */
  declare channel: string;
  /** Proves to the relay that one may: from the page's server, see `p2p-live-relay token`. */
  declare token: string;
  /** Instead of `token`: gets a fresh one from the page's server, each time that one is needed. */
  declare tokenProvider: TokenProvider | null;
  /** A stream of the page's own to send instead of a device; its tracks are never stopped here. */
  declare srcObject: MediaStream | null;
  declare source: Exclude<PublishSource, 'own'>;
  /** The camera's deviceId; empty for the browser's choice. */
  declare camera: string;
  /** The microphone's deviceId; empty for the browser's choice, `none` for none. */
  declare microphone: string;
  /** Sends silence. */
  declare muted: boolean;
  /** Sends no picture; a camera is turned off, too. */
  declare cameraOff: boolean;
  /** Only the preview, for pages that bring controls of their own. */
  declare noControls: boolean;
  /** Lines of the picture: 720 if not given. */
  declare resolution: number;
  /** Frames a second: 30 if not given. */
  declare frameRate: number;
  /** kbit/s at most for the picture; null: as its size says. A slow uplink takes less by itself. */
  declare maxVideoKbps: number | null;
  /** kbit/s: 96 if not given. */
  declare audioKbps: number;

  readonly #speech = new Speech(this, publishVocabulary);
  readonly #devices = new DeviceList(this);
  readonly #broadcast: Broadcast;
  readonly #meter = new LevelMeter(level => this.#showLevel(level));
  readonly #wakeLock = new WakeLock();
  #settingsOpen = false;
  #sourceTaken: P2pPublish['source'] = 'camera';
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    Object.assign(this, PUBLISH_DEFAULTS);
    const create: PublicationFactory = options => P2pPublish.createPublication(options);
    this.#broadcast = new Broadcast(this, create, () => this.#speech.strings);
    this.addEventListener('statechange', () => this.#onState());
    this.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    this.#clock = undefined;
    this.#wakeLock.hold(false);
    this.#meter.close();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#onState();
    this.requestUpdate();
  }

  /** Where it is on its way on air; `statechange` tells of changes. */
  get state(): PublishState {
    return this.#broadcast.state;
  }
  /** Why it failed, or null. */
  get error(): PublishError | null {
    return this.#broadcast.error;
  }
  /** The figures of the last second; zeros while nothing is sent. */
  get stats(): PublishStats {
    return this.#broadcast.stats;
  }
  /** What is captured now: for a preview or a recording of the page's own. The same object all the time. */
  get stream(): MediaStream {
    return this.#broadcast.stream;
  }
  /** How loud the sound is now, 0–1. */
  get level(): number {
    return this.#meter.level;
  }
  /** kbit/s that the picture may take. */
  get videoKbps(): number {
    return this.maxVideoKbps ?? bitrateFor(this.resolution);
  }

  /** Asks for the devices and shows them to their user alone. Rejects as getUserMedia does. */
  prepare(): Promise<void> {
    return this.#broadcast.prepare();
  }
  /** Goes on air, with `prepare()` first if need be. Resolves when the relay takes it; a screen wants to be chosen right after a click. */
  start(): Promise<void> {
    return this.#broadcast.start();
  }
  /** Tells the viewers that it is over, and gives the devices back. */
  stop(): Promise<void> {
    return this.#broadcast.stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.hasUpdated) return;
    if (changed.has('muted')) this.#broadcast.setMuted(this.muted);
    if (changed.has('cameraOff')) this.#quietly(this.#broadcast.setCameraOff(this.cameraOff));
    if (changed.has('token') && !this.tokenProvider) this.#broadcast.setToken(this.token);
    const isOpen = this.state === 'ready' || this.#broadcast.isPublishing;
    if (!isOpen) return;
    if (changed.has('srcObject')) this.#quietly(this.#broadcast.changeSource());
    if (changed.has('source') && this.source !== this.#sourceTaken) this.#changeSource();
    if (changed.has('camera') && this.source === 'camera' && !this.cameraOff)
      this.#quietly(this.#broadcast.choose('camera'));
    if (changed.has('microphone')) this.#quietly(this.#broadcast.choose('microphone'));
    if (changed.has('resolution') && this.state === 'ready') this.#quietly(this.#broadcast.resize());
  }

  protected override updated(): void {
    const { video, audio } = this.#broadcast.capture;
    const preview = this.renderRoot.querySelector('video');
    const stream = video ? this.stream : null;
    if (preview && preview.srcObject !== stream) preview.srcObject = stream;
    this.#meter.follow(this.noControls || this.muted || !this.isConnected ? null : audio);
  }

  protected override render() {
    const view = this.#view();
    const { strings, state, hasVideo } = view;
    const isOpen = state === 'ready' || this.#broadcast.isPublishing;
    const isFront = this.#broadcast.capture.settings('camera')?.facingMode !== 'environment';
    const isMirrored = view.source === 'camera' && isFront;
    return html`<div class="frame ${state}" part="frame" role="group" aria-label=${strings.broadcast(this.channel)} lang=${strings.locale}>
      <video
        class="${isMirrored ? 'mirrored' : ''} ${hasVideo && !this.cameraOff ? '' : 'hidden'} ${view.source}"
        part="video" .muted=${true} autoplay playsinline disablepictureinpicture aria-hidden="true"
      ></video>
      <div class="overlay" part="overlay"><slot name="overlay"></slot></div>
      <div class="screen" part="screen">${this.noControls ? nothing : publishScreen(view)}</div>
      ${isOpen && !this.noControls ? html`${publishBadge(view)}${publishNotice(view)}${publishBar(view)}` : nothing}
      ${isOpen && this.#settingsOpen && !this.noControls ? publishSettings(view) : nothing}
    </div>`;
  }

  #view(): PublishView {
    const { capture, state, error, warning, source, stats, seconds } = this.#broadcast;
    return {
      strings: this.#speech.strings,
      ...{ state, error, warning, source, stats, seconds },
      muted: this.muted,
      cameraOff: this.cameraOff,
      hasVideo: capture.video !== null,
      hasAudio: capture.audio !== null,
      canShareScreen: canShareScreen(),
      settingsOpen: this.#settingsOpen,
      cameras: this.#devices.cameras,
      microphones: this.#devices.microphones,
      camera: capture.settings('camera')?.deviceId ?? this.camera,
      microphone: capture.settings('microphone')?.deviceId ?? NO_MICROPHONE,
      resolution: this.resolution,
      chosenKbps: this.maxVideoKbps,
      videoKbps: this.videoKbps,
      grant: this.#grant,
    };
  }

  readonly #grant = (wish: PublishWish): void => {
    if (wish.to === 'start' || wish.to === 'stop') this.#quietly(this[wish.to]());
    else if (wish.to === 'retry') this.#quietly(this.prepare());
    else if (wish.to === 'settings') this.#toggleSettings();
    else if (wish.to === 'dismiss') this.#broadcast.dismiss();
    else {
      if (wish.to === 'source') this.#chooseSource(wish.source);
      else grantPublishWish(wish, this);
      this.dispatchEvent(new Event('change'));
    }
  };

  #chooseSource(source: P2pPublish['source']): void {
    this.source = source;
    // At once: a choice of screens must follow the click.
    if (this.state === 'ready' || this.#broadcast.isPublishing) this.#changeSource();
    else this.#quietly(this.prepare());
  }

  /** When the other can't be had, all stays as it was. */
  #changeSource(): void {
    const before = this.#sourceTaken;
    this.#sourceTaken = this.source;
    this.#broadcast.changeSource().catch(() => {
      this.#sourceTaken = this.source = before;
    });
  }

  #toggleSettings(): void {
    this.#settingsOpen = !this.#settingsOpen;
    this.requestUpdate();
    const where = this.#settingsOpen ? '.settings select' : '[part~="settings-button"]';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(where)?.focus());
  }

  #onState(): void {
    const { state } = this;
    if (state === 'asking') this.#sourceTaken = this.source;
    if (state === 'ready') void this.#devices.renew();
    if (state === 'live') this.#clock ??= setInterval(() => this.requestUpdate(), 1_000);
    else if (state !== 'reconnecting') {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    if (state !== 'ready' && !this.#broadcast.isPublishing) this.#settingsOpen = false;
    this.#wakeLock.hold(this.#broadcast.isPublishing);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.noControls || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape' && this.#settingsOpen) this.#toggleSettings();
    else if (isTakenByFocus(event) || !(this.state === 'ready' || this.#broadcast.isPublishing)) return;
    else if (event.key === 'm') this.#grant({ to: 'mute' });
    else if (event.key === 'v') this.#grant({ to: 'picture' });
    else return;
    event.preventDefault();
  };

  /** The meter is drawn without an update of the rest. */
  #showLevel(level: number): void {
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame');
    frame?.style.setProperty('--level', level.toFixed(3));
    const meter = this.renderRoot.querySelector('.meter');
    const spoken = `${Math.round(level * 10) * 10}`;
    if (meter && meter.getAttribute('aria-valuenow') !== spoken) meter.setAttribute('aria-valuenow', spoken);
  }

  /** Failures are told by `error` and on the screen. */
  #quietly(promise: Promise<void>): void {
    promise.catch(() => undefined);
  }
}
