// One person's place in a room: enters it at the relay, keeps it through lost links, and tells who else is there.

import type { Bytes } from '../../core/bytes.ts';
import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { ROOM_SECRET_SIZE } from '../../core/wire/enter-room.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import {
  enterRoom,
  leaveRoom,
  memberState,
  messageLoss,
  renewAccess,
  roomState,
  message as wireMessage,
} from '../../core/wire/index.ts';
import type { Refused } from '../../core/wire/refused.ts';
import { channelMessage } from '../channel-message.ts';
import type { EngineFault } from '../engine/engine-messages.ts';
import { heardMessage, lossWarning } from '../engine/heard-message.ts';
import { type MessageData, outgoingMessage } from '../engine/outgoing-message.ts';
import { RelayConnection, type RelayConnectionOwner } from '../engine/relay-connection.ts';

/** How long the relay may take to hear that somebody leaves. */
const LEAVE_MS: Millis = 1_000;

/** Somebody in the room, oneself included. */
export interface RoomMember {
  /** Unique in the room; what it publishes is the channel `room/<name>/<user>`. */
  readonly user: string;
  /** Whether its channel is on air. */
  readonly channelIsLive: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly speaking: boolean;
  /** Unix milliseconds of the relay's clock. */
  readonly joinedAt: Millis;
}

/** What a member tells about itself. */
export type MemberState = Pick<RoomMember, 'microphone' | 'camera' | 'speaking'>;

/** `refused` is final, `error` says why; `enter()` tries again. */
export type RoomState = 'idle' | 'connecting' | 'inside' | 'reconnecting' | 'left' | 'refused';

/** Why the relay did not let somebody in, or let it stay no longer: a literal `code`, and one sentence for people. */
export interface RoomError {
  readonly code: 'taken' | 'not-allowed' | 'bad-name' | 'bad-relay' | 'bad-version' | 'too-many';
  readonly message: string;
}

export interface RoomConnectionOptions {
  /** The relay's absolute URL. */
  readonly relay: string;
  /** `room/<name>`. */
  readonly room: string;
  /** Letters, digits and `. _ ~ -`. */
  readonly user: string;
  /** Empty where the room is open to all. */
  readonly token: string;
  /** Makes the link, where it isn't to be found by the relay's document; tests do. */
  readonly createLink?: (signal: AbortSignal) => Promise<Link>;
}

/** Refusals after which there is no point in coming back. */
const FINAL: readonly string[] = ['taken', 'not-allowed', 'bad-name', 'bad-version', 'too-many'];

/**
 * Events: `statechange`, `members`, `message` (a MessageEvent with `data`, `from` and `own`), `warning` (a CustomEvent with `code` and `message`
 * in its detail: `message-…`, messages were dropped or missed; `relay`, it can't be reached for the moment).
 */
export class RoomConnection extends EventTarget {
  #token: string;
  readonly #options: RoomConnectionOptions;
  /** Tells the relay that it is the same member who comes back. */
  readonly #secret = crypto.getRandomValues(new Uint8Array(ROOM_SECRET_SIZE));
  #state: RoomState = 'idle';
  #error: RoomError | null = null;
  #members: readonly RoomMember[] = [];
  #own: MemberState = { microphone: false, camera: false, speaking: false };
  #connection: RelayConnection | undefined;
  #listeners = new AbortController();
  #whenLost: () => void = () => {};

  constructor(options: RoomConnectionOptions) {
    super();
    this.#options = options;
    this.#token = options.token;
  }

  /** `room/<name>`. */
  get room(): string {
    return this.#options.room;
  }

  get user(): string {
    return this.#options.user;
  }

  /** Another one is shown at once, and when it enters again: so nobody has to leave when a token ends. */
  get token(): string {
    return this.#token;
  }

  set token(token: string) {
    this.#token = token;
    this.#connection?.send(encodeMessage(renewAccess, { token }));
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Why the state is `refused`; null otherwise. */
  get error(): RoomError | null {
    return this.#error;
  }

  /** By the time they came; what was known last while it reconnects. */
  get members(): readonly RoomMember[] {
    return this.#members;
  }

  /** Connects, and again whenever the link is lost. Does nothing while it is doing that. */
  enter(): void {
    if (this.#connection) return;
    const { relay, room: name, createLink } = this.#options;
    this.#error = null;
    this.#become('connecting');
    if (!createLink && !URL.canParse(relay)) {
      this.#refuse({ code: 'bad-relay', message: `${JSON.stringify(relay)} is no relay's address` });
      return;
    }
    const transports = ['webtransport', 'websocket'] as const;
    this.#connection = new RelayConnection({ relay, name, transports, createLink }, this.#owner);
    this.#listen();
  }

  /** Leaves; resolves when the relay has been told. */
  async leave(): Promise<void> {
    const connection = this.#connection;
    this.#forget();
    const wasInside = this.#state === 'inside';
    this.#become('left');
    if (connection && wasInside) {
      connection.send(encodeMessage(leaveRoom, {}));
      // The relay ends the link then.
      await new Promise<void>(resolve => {
        this.#whenLost = resolve;
        setTimeout(resolve, LEAVE_MS);
      });
    }
    connection?.close();
  }

  /** What others see of this member; kept through reconnections, and said on entering. */
  setState({ microphone, camera, speaking }: MemberState): void {
    const own = this.#own;
    if (microphone === own.microphone && camera === own.camera && speaking === own.speaking) return;
    this.#own = { microphone, camera, speaking };
    this.#connection?.send(encodeMessage(memberState, this.#own));
  }

  /** To everybody in the room, oneself included. Throws RangeError above 16 KiB, and an InvalidStateError while not inside. */
  send(message: MessageData): void {
    const { data, isText } = outgoingMessage(message);
    if (this.#state !== 'inside') throw new DOMException('not inside the room', 'InvalidStateError');
    this.#connection?.send(encodeMessage(wireMessage, { from: '', own: false, isText, data }));
  }

  readonly #owner: RelayConnectionOwner = {
    greeting: () => {
      const { room, user } = this.#options;
      return encodeMessage(enterRoom, { version: WIRE_VERSION, room, user, secret: this.#secret, token: this.token });
    },
    opened: () => this.#connection?.send(encodeMessage(memberState, this.#own)),
    received: (type, body) => this.#take(type, body),
    clock: () => {},
    lost: reason => this.#lost(reason),
    refused: ({ code, message }: EngineFault) =>
      this.#refuse({ code: code === 'not-allowed' ? code : 'bad-name', message }),
    isFinal: refusal => this.#isFinal(refusal),
  };

  #take(type: number, body: Bytes): void {
    if (!this.#connection) return; // it is leaving
    if (type === roomState.type) {
      this.#members = decodeBody(roomState, body).members;
      this.#become('inside');
      this.dispatchEvent(new Event('members'));
    } else if (type === wireMessage.type) this.dispatchEvent(channelMessage(heardMessage(body)));
    else if (type === messageLoss.type) this.#warn(lossWarning(body));
  }

  #lost(reason: string | undefined): void {
    this.#whenLost();
    if (!this.#connection) return;
    if (this.#state === 'inside') this.#become('reconnecting');
    if (reason !== undefined) this.#warn({ code: 'relay', message: reason });
  }

  #isFinal({ code, reason }: Refused): boolean {
    if (!FINAL.includes(code)) return false;
    this.#refuse({ code: code as RoomError['code'], message: reason }); // one of those named in FINAL
    return true;
  }

  #refuse(error: RoomError): void {
    const wasLeaving = this.#state === 'left';
    this.#forget();
    if (wasLeaving) return;
    this.#error = error;
    this.#become('refused');
  }

  /** A page that is left for good, or put aside, leaves the room; one that is shown again comes back. */
  #listen(): void {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const listen = (type: string, listener: (event: Event) => void) =>
      globalThis.addEventListener(type, listener, { signal });
    listen('pagehide', () => {
      this.#connection?.send(encodeMessage(leaveRoom, {}));
      this.#connection?.sleep(true);
    });
    listen('pageshow', () => this.#connection?.sleep(false));
    listen('online', () => this.#connection?.wake());
  }

  #forget(): void {
    this.#listeners.abort();
    this.#connection = undefined;
    this.#members = [];
  }

  #become(state: RoomState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  #warn(detail: { readonly code: string; readonly message: string }): void {
    this.dispatchEvent(new CustomEvent('warning', { detail }));
  }
}
