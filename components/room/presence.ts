// From the lobby into a room and out again: camera, microphone and visit of one person.

import { channelNameFault } from '../../core/channel-name.ts';
import type { PublishSettings } from '../publish/engine/publication.ts';
import { relayUrl } from '../relay-url.ts';
import { TokenRenewal } from '../token-renewal.ts';
import { copyOf } from './copy-of.ts';
import { type Device, LocalMedia } from './local-media.ts';
import type { RoomMember } from './room-connection.ts';
import { isUserName, publishFailure, type RoomElementState, type RoomFailure, STATES } from './room-state.ts';
import type { RoomStrings } from './room-strings.ts';
import { type RoomMakers, RoomVisit } from './room-visit.ts';

/** Gets a token for somebody of this name. */
export type RoomTokenProvider = (user: string) => string | Promise<string>;

/** What the page wants. */
export interface PresenceWish {
  readonly relay: string;
  readonly name: string;
  readonly user: string;
  readonly token: string;
  readonly settings: PublishSettings;
  readonly tokenProvider: RoomTokenProvider | null;
  readonly strings: RoomStrings;
  readonly makers: RoomMakers;
}

/** Fires `statechange` (a CustomEvent with `state` and `previous`), `members`, `error`, `change` (anything else), and the visit's `message` and `warning`. */
export class Presence extends EventTarget {
  readonly media: LocalMedia = new LocalMedia();
  readonly #wish: () => PresenceWish;
  readonly #off: Record<Device, boolean> = { camera: false, microphone: false };
  #state: RoomElementState = 'lobby';
  #error: RoomFailure | null = null;
  #visit: RoomVisit | undefined;
  readonly #renewal = new TokenRenewal(token => this.setToken(token));
  /** Camera and microphone are wanted. */
  #isAwake = false;
  /** Grows with every beginning and end: what was begun before is stale then. */
  #turn = 0;
  /** Since it was begun last. */
  #wasInside = false;
  #arrival: Promise<void> | undefined;
  #arrive: { readonly resolve: () => void; readonly reject: (cause: DOMException) => void } | undefined;

  constructor(wish: () => PresenceWish) {
    super();
    this.#wish = wish;
    this.media.addEventListener('change', () => this.dispatchEvent(new Event('change')));
  }

  get state(): RoomElementState {
    return this.#state;
  }
  get error(): RoomFailure | null {
    return this.#error;
  }
  get members(): readonly RoomMember[] {
    return this.#visit?.door.members ?? [];
  }
  /** Who one is in the room; undefined outside. */
  get user(): string | undefined {
    return this.#visit?.user;
  }
  /** With which the room was entered; empty for none. */
  get token(): string {
    return this.#visit?.token ?? '';
  }
  get isAwake(): boolean {
    return this.#isAwake;
  }

  /** Whether a device is to be heard or seen now. */
  isOn(device: Device): boolean {
    return !this.#off[device] && this.media.track(device) !== null;
  }

  /** Opens camera and microphone, except those that are to be off. */
  async wake(): Promise<void> {
    this.#isAwake = true;
    this.dispatchEvent(new Event('change'));
    await this.media.open((['camera', 'microphone'] as const).filter(device => !this.#off[device]));
  }

  /** Switches one of them off or on; resolves with whether it is as was asked. */
  async setOff(device: Device, isOff: boolean): Promise<boolean> {
    this.#off[device] = isOff;
    const track = this.media.track(device);
    // A microphone stays open, so that it is there at once; a camera's light goes out.
    if (track && device === 'microphone') track.enabled = !isOff;
    if (isOff && device === 'camera') this.media.close(device);
    if (!isOff && !track && this.#isAwake) await this.media.open([device]);
    this.#visit?.setOff(device, this.#off[device]);
    this.dispatchEvent(new Event('change'));
    return isOff || this.isOn(device);
  }

  /** Enters; the same promise while that is under way. */
  join(): Promise<void> {
    this.#arrival ??= new Promise((resolve, reject) => {
      this.#arrive = { resolve, reject };
      void this.#begin('joining');
    });
    return this.#arrival;
  }

  /** Leaves, and lets go of everything. */
  async end(state: 'left' | 'lobby'): Promise<void> {
    this.#turn++;
    this.#settle(new DOMException('left before one was in the room', 'AbortError'));
    const visit = this.#visit;
    this.#visit = undefined;
    this.#renewal.end();
    this.#isAwake = false;
    this.#error = null;
    this.media.release();
    this.#become(state);
    this.dispatchEvent(new Event('members'));
    await visit?.leave();
  }

  setSpeaking(isSpeaking: boolean): void {
    this.#visit?.setSpeaking(isSpeaking);
  }

  /** Throws as RoomConnection's does. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (!this.#visit) throw new DOMException('nothing can be sent before one is in the room', 'InvalidStateError');
    this.#visit.send(data);
  }

  async #begin(state: 'joining' | 'reconnecting'): Promise<void> {
    this.#wasInside = false;
    const turn = ++this.#turn;
    const wish = this.#wish();
    const relay = relayUrl(wish.relay);
    this.#error = null;
    this.#become(state);
    const fault = this.#faultOf(wish, relay);
    if (fault || !relay) {
      if (fault) this.#refuse(fault);
      return;
    }
    try {
      const [token] = await Promise.all([wish.tokenProvider?.(wish.user) ?? wish.token, this.wake()]);
      if (turn === this.#turn) this.#visitRoom({ ...wish, relay, token });
    } catch (error) {
      if (turn === this.#turn) this.#refuse({ code: 'not-allowed', message: String(error) });
    }
  }

  #faultOf({ name, user, strings, relay }: PresenceWish, url: string | undefined): RoomFailure | undefined {
    if (!name) return { code: 'bad-room', message: strings.missingRoom };
    if (channelNameFault(`room/${name}/x`)) return { code: 'bad-room', message: strings.badRoom(name) };
    if (!url) return { code: 'bad-relay', message: strings.badRelay(relay) };
    if (!user) return { code: 'no-name', message: strings.noName };
    return isUserName(user) ? undefined : { code: 'bad-name', message: strings.badName };
  }

  #visitRoom({ relay, name, user, token, settings, makers }: PresenceWish): void {
    const { media } = this;
    const { camera: cameraOff, microphone: muted } = this.#off;
    const visit = new RoomVisit({ relay, name, user, token, media, makers, settings, muted, cameraOff });
    this.#visit = visit;
    visit.addEventListener('change', () => this.#onVisit(visit));
    visit.addEventListener('members', () => this.dispatchEvent(new Event('members')));
    for (const type of ['message', 'warning']) {
      visit.addEventListener(type, event => this.dispatchEvent(copyOf(event)));
    }
    const { tokenProvider } = this.#wish();
    if (tokenProvider) this.#renewal.begin(token, () => tokenProvider(user));
    visit.enter();
  }

  /** Shows another token while one is inside; the others' pictures are watched with it, too. */
  setToken(token: string): void {
    if (!this.#visit || token === this.#visit.token) return;
    this.#visit.token = token;
    this.dispatchEvent(new Event('members'));
  }

  #onVisit(visit: RoomVisit): void {
    if (visit !== this.#visit) return;
    const { state, error } = visit.door;
    if (state === 'refused') {
      this.#visit = undefined;
      this.#renewal.end();
      void visit.leave();
      // Its token has ended: the page has another.
      if (error?.code === 'not-allowed' && this.#wasInside && this.#wish().tokenProvider) {
        void this.#begin('reconnecting');
        return;
      }
      this.dispatchEvent(new Event('members'));
      this.#refuse(error ?? { code: 'failed', message: this.#wish().strings.failed });
      return;
    }
    if (state === 'inside') {
      this.#settle();
      this.#wasInside = true;
    }
    this.#fail(publishFailure(visit.publishError));
    const isBack = this.#state === 'reconnecting' && STATES[state] === 'joining';
    if (!isBack) this.#become(STATES[state]);
    this.dispatchEvent(new Event('change'));
  }

  #refuse(failure: RoomFailure): void {
    this.#fail(failure);
    this.#settle(new DOMException(failure.message, 'NotAllowedError'));
    this.#become('refused');
  }

  /** Told once, as long as it is the same. */
  #fail(failure: RoomFailure | null): void {
    const isNew = failure !== null && failure.code !== this.#error?.code;
    this.#error = failure;
    if (isNew) this.dispatchEvent(new Event('error'));
  }

  #settle(cause?: DOMException): void {
    const arrive = this.#arrive;
    this.#arrive = undefined;
    if (cause) {
      arrive?.reject(cause);
      this.#arrival = undefined;
    } else arrive?.resolve();
  }

  #become(state: RoomElementState): void {
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    this.dispatchEvent(new CustomEvent('statechange', { detail: { state, previous } }));
  }
}
