// One person's visit to one room: the place among the others, and what is published there.

import type { Publication, PublicationOptions, PublishSettings } from '../publish/engine/publication.ts';
import { copyOf } from './copy-of.ts';
import { type Device, type LocalMedia, mediaKind } from './local-media.ts';
import type { RoomConnection, RoomConnectionOptions } from './room-connection.ts';

/** What the visit uses of a RoomConnection. */
export type RoomDoor = Pick<
  RoomConnection,
  'state' | 'error' | 'members' | 'token' | 'enter' | 'leave' | 'setState' | 'send' | keyof EventTarget
>;

/** What the visit uses of a Publication. */
export type RoomPublication = Pick<
  Publication,
  'state' | 'error' | 'start' | 'stop' | 'setTrack' | 'setMuted' | 'setToken' | keyof EventTarget
>;

/** Makes what the visit is made of; tests put stand-ins here. */
export interface RoomMakers {
  readonly door: (options: RoomConnectionOptions) => RoomDoor;
  readonly publication: (options: PublicationOptions) => RoomPublication;
}

/** Where to, and who. */
export interface RoomVisitOptions {
  /** The relay's absolute URL. */
  readonly relay: string;
  /** Without `room/`. */
  readonly name: string;
  readonly user: string;
  readonly token: string;
  readonly media: LocalMedia;
  readonly makers: RoomMakers;
  readonly settings: PublishSettings;
  readonly muted: boolean;
  readonly cameraOff: boolean;
}

const DEVICES = ['camera', 'microphone'] as const;

/** Fires `members`, `change` whenever anything else is different, and the `message` and `warning` events of its door again. Over after `leave()`; the media stay the caller's. */
export class RoomVisit extends EventTarget {
  readonly user: string;
  #token: string;
  readonly #options: RoomVisitOptions;
  readonly #door: RoomDoor;
  readonly #listeners = new AbortController();
  readonly #off: Record<Device, boolean>;
  #publication: RoomPublication | undefined;
  #speaking = false;
  #over = false;

  constructor(options: RoomVisitOptions) {
    super();
    this.#options = options;
    this.user = options.user;
    this.#token = options.token;
    this.#off = { camera: options.cameraOff, microphone: options.muted };
    const { relay, name, user, token, media, makers } = options;
    this.#door = makers.door({ relay, room: `room/${name}`, user, token });
    const { signal } = this.#listeners;
    this.#door.addEventListener('statechange', () => this.#onDoor(), { signal });
    this.#door.addEventListener('members', () => this.dispatchEvent(new Event('members')), { signal });
    for (const type of ['message', 'warning']) {
      this.#door.addEventListener(type, event => this.dispatchEvent(copyOf(event)), { signal });
    }
    media.addEventListener('change', () => this.#onMedia(), { signal });
  }

  get token(): string {
    return this.#token;
  }

  /** Another one is shown at once, so nobody has to leave when a token ends. */
  set token(token: string) {
    if (token === this.#token) return;
    this.#token = token;
    this.#door.token = token;
    this.#publication?.setToken(token);
  }

  get door(): Pick<RoomDoor, 'state' | 'error' | 'members'> {
    return this.#door;
  }

  /** Why others see and hear nothing of this person, in English; null when they do. */
  get publishError(): RoomPublication['error'] {
    return this.#publication?.state === 'failed' ? this.#publication.error : null;
  }

  enter(): void {
    this.#say();
    this.#door.enter();
  }

  /** Stops publishing, then leaves; resolves when the relay knows. */
  async leave(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#listeners.abort();
    const publication = this.#publication;
    this.#publication = undefined;
    await Promise.all([publication?.stop(), this.#door.leave()]);
  }

  /** Throws as RoomConnection's does. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#door.send(data);
  }

  /** Others get silence, or no picture, instead. */
  setOff(device: Device, isOff: boolean): void {
    if (this.#off[device] === isOff) return;
    this.#off[device] = isOff;
    this.#feed();
    this.#say();
  }

  setSpeaking(isSpeaking: boolean): void {
    if (this.#speaking === isSpeaking) return;
    this.#speaking = isSpeaking;
    this.#say();
  }

  #onDoor(): void {
    if (this.#door.state === 'inside') this.#publish();
    if (this.#door.state === 'refused') {
      void this.#publication?.stop();
      this.#publication = undefined;
    }
    this.#tell();
  }

  #onMedia(): void {
    if (this.#publication) this.#feed();
    else if (this.#door.state === 'inside') this.#publish();
    this.#say();
  }

  /** A camera that is off has no track: what is sent meanwhile is black, and the stream goes on. */
  #feed(): void {
    for (const device of DEVICES) {
      const track = this.#options.media.track(device);
      if (track) this.#publication?.setTrack(mediaKind(device), track);
      this.#publication?.setMuted(mediaKind(device), this.#off[device] || !track);
    }
  }

  /** Whoever has neither camera nor microphone only listens. */
  #publish(): void {
    const { relay, name, user, media, makers, settings } = this.#options;
    const { token } = this;
    const video = media.track('camera');
    const audio = media.track('microphone');
    if (this.#publication) {
      if (this.#publication.state === 'failed') this.#publication.start();
      return;
    }
    if (!video && !audio) return;
    const publication = makers.publication({ relay, channel: `room/${name}/${user}`, token, video, audio, settings });
    this.#publication = publication;
    const { signal } = this.#listeners;
    for (const type of ['statechange', 'error']) publication.addEventListener(type, () => this.#tell(), { signal });
    this.#feed();
    publication.start();
  }

  #say(): void {
    const { media } = this.#options;
    const microphone = media.track('microphone') !== null && !this.#off.microphone;
    const camera = media.track('camera') !== null && !this.#off.camera;
    this.#door.setState({ microphone, camera, speaking: microphone && this.#speaking });
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
