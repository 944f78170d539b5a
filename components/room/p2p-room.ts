// The element <p2p-room>: everybody in a room sees and hears everybody else.

import { html, LitElement, type PropertyValues } from 'lit';
import { Publication, type PublishSettings } from '../publish/engine/publication.ts';
import { relayUrl } from '../relay-url.ts';
import { copyOf } from './copy-of.ts';
import { Crowd } from './crowd.ts';
import { lobbyStyles } from './lobby-styles.ts';
import type { Device, PictureWish } from './local-media.ts';
import { Mirror } from './mirror.ts';
import { OwnVoice } from './own-voice.ts';
import { Presence, type RoomTokenProvider } from './presence.ts';
import { deviceForKey } from './room-bar.ts';
import { RoomConnection, type RoomMember } from './room-connection.ts';
import { roomInside } from './room-inside.ts';
import { roomLobby } from './room-lobby.ts';
import { RoomNews } from './room-news.ts';
import { addRoomStrings, RoomSpeech } from './room-speech.ts';
import type { RoomElementState, RoomFailure } from './room-state.ts';
import { roomStyles } from './room-styles.ts';
import type { RoomMakers } from './room-visit.ts';
import { TileGrid } from './tile-grid.ts';

/** Seconds from one person's camera to another's screen that are aimed at. */
const TARGET_LATENCY = 0.4;
/** Short chunks, and pictures that a dozen people can send, carry and show. */
const SETTINGS: PublishSettings = { videoKbps: 700, audioKbps: 32, keyframeSeconds: 1, chunkMs: 40 };

/**
 * One person's place in a room. Events: `statechange`, `memberschange`, `message` (a MessageEvent with `data`, `from` and `own`), `warning`, and
 * `error` (once a failure; `error` tells why). Importing the class registers nothing.
 */
export class P2pRoom extends LitElement {
  static override styles = [roomStyles, lobbyStyles];
  static override properties = {
    name: {},
    relay: {},
    user: {},
    token: {},
    p2p: {},
    autojoin: { type: Boolean },
    muted: { type: Boolean },
    cameraOff: { type: Boolean, attribute: 'camera-off' },
  };

  /** Makes what is behind the element; tests put stand-ins here. */
  static makers: RoomMakers = {
    door: options => new RoomConnection(options),
    publication: options => new Publication(options),
  };

  /** Teaches the rooms another language, or other words. */
  static addStrings: typeof addRoomStrings = addRoomStrings;

  /** The room's name: people publish in `room/<name>/…`. */
  declare name: string;
  /** The relay's address; without one, the page's own origin. */
  declare relay: string;
  /** What one is called in the room; the lobby asks for it, too. */
  declare user: string;
  /** Admits to the room, and to publish in it. */
  declare token: string;
  /** `on`: people carry the pictures for each other, too. Else all come from the relay, which is faster. */
  declare p2p: string;
  /** Enters as soon as it is on the page, without a lobby. */
  declare autojoin: boolean;
  /** Others don't hear this person. */
  declare muted: boolean;
  /** Others don't see this person, and the camera is closed. */
  declare cameraOff: boolean;
  /** What is sent at most, where that is to differ: 700 kbit/s of picture, 32 of sound. To be set before joining. */
  settings: PublishSettings = {};
  /** Instead of `token`: gets one from the page's server before each entering, for the name that was chosen. */
  tokenProvider: RoomTokenProvider | null = null;

  readonly #speech = new RoomSpeech(this);
  readonly #mirror = new Mirror();
  readonly #crowd = new Crowd(() => this.requestUpdate());
  readonly #news = new RoomNews(this);
  readonly #presence: Presence;
  readonly #voice: OwnVoice;
  #isSpeaking = false;

  constructor() {
    super();
    this.name = this.relay = this.user = this.token = '';
    this.p2p = 'off';
    this.autojoin = this.muted = this.cameraOff = false;
    this.#presence = new Presence(() => this.#wish);
    this.#voice = new OwnVoice(this, (level, isSpeaking) => this.#onVoice(level, isSpeaking));
    new TileGrid(this);
    this.#presence.addEventListener('change', () => this.requestUpdate());
    this.#presence.addEventListener('members', () => this.#onMembers());
    for (const type of ['message', 'warning', 'statechange'])
      this.#presence.addEventListener(type, event => this.dispatchEvent(copyOf(event)));
    this.#presence.addEventListener('error', () =>
      this.dispatchEvent(new CustomEvent('error', { detail: this.error })),
    );
    this.#presence.addEventListener('statechange', () => this.requestUpdate());
    this.addEventListener('keydown', event => this.#onKey(event));
  }

  /** Where it is; `statechange` tells of changes. */
  get state(): RoomElementState {
    return this.#presence.state;
  }
  /** Why one did not get in, or is neither seen nor heard; null while all is well. */
  get error(): RoomFailure | null {
    return this.#presence.error;
  }
  /** Everybody in the room, oneself included, by the time they came. */
  get members(): readonly RoomMember[] {
    return this.#presence.members;
  }
  /** What is asked of the camera. To be set before it is opened. */
  get picture(): PictureWish {
    return this.#presence.media.picture;
  }
  set picture(picture: PictureWish) {
    this.#presence.media.picture = picture;
  }

  /** Enters, with camera and microphone as far as they may be used. Rejects when one is refused, or leaves before. */
  async join(): Promise<void> {
    // Attributes of a moment ago count.
    await this.updateComplete;
    return this.#presence.join();
  }

  /** Leaves, and lets go of camera and microphone; resolves when the relay knows. */
  async leave(): Promise<void> {
    if (this.state !== 'lobby' && this.state !== 'left') await this.#presence.end('left');
  }

  /** To everybody in the room, oneself included. Throws RangeError above 16 KiB, and an InvalidStateError while not inside. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#presence.send(data);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#arrive());
  }

  /** An element that is only moved is back within the same task, and stays in the room. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (!this.isConnected) void this.#presence.end('lobby');
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('muted')) void this.#setOff('microphone', this.muted);
    if (changed.has('token') && !this.tokenProvider) this.#presence.setToken(this.token);
    if (changed.has('cameraOff')) void this.#setOff('camera', this.cameraOff);
    this.#voice.listen(this.isConnected && !this.muted ? this.#presence.media.track('microphone') : null);
  }

  protected override updated(): void {
    this.#mirror.show(this.#presence.isOn('camera') ? this.#presence.media.track('camera') : null);
  }

  protected override render() {
    const { strings } = this.#speech;
    return html`<div class="frame" part="frame" role="group" aria-label=${strings.room(this.name)} lang=${strings.locale}>
      ${this.#screen()}
      <p class="spoken" role="status">${this.#news.text}</p>
    </div>`;
  }

  #screen() {
    const { strings } = this.#speech;
    const { state, error } = this;
    if (state === 'inside' || state === 'reconnecting') return this.#inside();
    if (state === 'left')
      return html`<div class="middle"><p>${strings.left}</p>
        <button type="button" class="join" part="join-button" @click=${this.#join}>${strings.joinAgain}</button></div>`;
    if (state === 'joining' && this.autojoin)
      return html`<div class="middle" role="status"><span class="spinner"></span>${strings.joining}</div>`;
    const code = error?.code ?? '';
    return roomLobby({
      ...this.#own,
      name: this.name,
      media: this.#presence.media,
      isAsleep: !this.#presence.isAwake,
      isJoining: state === 'joining',
      refusal: error ? (strings.refusals[code]?.(this.user) ?? error.message) : '',
      nameIsWrong: ['taken', 'bad-name', 'no-name'].includes(code),
      wake: () => void this.#presence.wake(),
      choose: (device, id) => void this.#presence.media.choose(device, id),
      join: user => {
        this.user = user;
        this.#join();
      },
    });
  }

  #inside() {
    const { strings } = this.#speech;
    const { error } = this;
    return roomInside({
      ...this.#own,
      speaking: this.#isSpeaking,
      crowd: this.#crowd,
      isReconnecting: this.state === 'reconnecting',
      notice: error ? strings.unseen(error.message) : this.#news.notice,
      hear: () => this.#crowd.allow(),
      leave: () => void this.leave(),
    });
  }

  /** What lobby and inside have in common. */
  get #own() {
    const { strings } = this.#speech;
    const presence = this.#presence;
    return {
      strings,
      user: presence.user ?? this.user,
      mirror: this.#mirror.video,
      microphone: presence.isOn('microphone'),
      camera: presence.isOn('camera'),
      toggle: (device: Device) => this.#toggle(device),
    };
  }

  get #wish() {
    const { relay, name, user, token, tokenProvider } = this;
    const settings = { ...SETTINGS, ...this.settings };
    // Whoever subclasses the element may bring another world.
    return { relay, name, user, token, settings, tokenProvider, strings: this.#speech.strings, makers: P2pRoom.makers };
  }

  #arrive(): void {
    if (!this.isConnected || this.state !== 'lobby') return;
    if (this.autojoin) this.#join();
    else void this.#presence.media.isAllowed().then(isAllowed => this.#wakeIf(isAllowed));
  }

  #wakeIf(isAllowed: boolean): void {
    if (isAllowed && this.isConnected && this.state === 'lobby') void this.#presence.wake();
  }

  /** Rejections are told by `error`, and on the screen. */
  readonly #join = (): void => {
    this.join().catch(() => undefined);
  };

  #toggle(device: Device): void {
    const isOff = this.#presence.isOn(device);
    const property = device === 'camera' ? 'cameraOff' : 'muted';
    // What was wished on before, and could not be had, is tried again.
    if (this[property] === isOff) void this.#setOff(device, isOff);
    else this[property] = isOff;
  }

  async #setOff(device: Device, isOff: boolean): Promise<void> {
    const isDone = await this.#presence.setOff(device, isOff);
    const fault = this.#presence.media.fault(device);
    if (!isDone && fault) this.#news.notify(this.#speech.strings.faults[device][fault]);
  }

  #onMembers(): void {
    const own = this.#presence.user;
    const others = this.members.filter(({ user }) => user !== own);
    const relay = relayUrl(this.relay) ?? '';
    const p2p = this.p2p === 'on' ? 'on' : 'off';
    if (own === undefined) this.#crowd.close();
    else {
      const { token } = this.#presence;
      this.#crowd.update(others, { relay, name: this.name, p2p, token, targetLatency: TARGET_LATENCY });
    }
    this.#news.follow(own === undefined ? null : others.map(({ user }) => user), this.#speech.strings);
    this.requestUpdate();
    this.dispatchEvent(new Event('memberschange'));
  }

  #onVoice(level: number, isSpeaking: boolean): void {
    const meter = this.renderRoot.querySelector('.level');
    if (meter instanceof HTMLElement) {
      const share = Math.min(1, Math.sqrt(level * 4));
      meter.style.setProperty('--level', share.toFixed(2));
      meter.ariaValueNow = `${Math.round(share * 10) * 10}`;
    }
    if (isSpeaking === this.#isSpeaking) return;
    this.#isSpeaking = isSpeaking;
    this.#presence.setSpeaking(isSpeaking);
    this.requestUpdate();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const [target] = event.composedPath();
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
    const device = deviceForKey(event.key);
    if (!device || !this.#presence.isAwake) return;
    event.preventDefault();
    this.#toggle(device);
  }
}
