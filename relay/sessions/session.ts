// One link on the relay: its first message says what it is; pings tell when it is dead.

import { type Bytes, toBase64Url } from '../../core/bytes.ts';
import { channelNameFault } from '../../core/channel-name.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { CloseCode, type Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import type { EnterRoom } from '../../core/wire/enter-room.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { enterRoom, goaway, message, ping, pong, publish, refused, subscribe } from '../../core/wire/index.ts';
import type { Publish } from '../../core/wire/publish.ts';
import type { RefusalCode } from '../../core/wire/refused.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import type { Channel } from '../channels/channel.ts';
import { Voice, type VoiceOptions } from '../messages/voice.ts';
import { isRoomName, roomFault } from '../rooms/rooms.ts';
import { MemberSession } from './member-session.ts';
import { PublisherSession } from './publisher-session.ts';
import type { Role } from './role.ts';
import type { SessionContext } from './session-context.ts';
import { ViewerSession } from './viewer-session.ts';

/** A link must say within this time what it is. */
const FIRST_MESSAGE_MS: Millis = 5_000;
const PING_EVERY_MS: Millis = 5_000;
/** A link that was silent for so long is dead. */
const SILENT_MS: Millis = 15_000;
/** How long a refusal has to reach the other side before the link is closed. */
const REFUSAL_MS: Millis = 300;
/** A reason may quote what came, so it is cut to this many characters: some transports refuse to close with more than 1,024 bytes. */
const MAX_REASON = 300;

export class Session {
  readonly link: Link;
  readonly address: string;
  role: Role | undefined;
  #voice: Voice | undefined;
  readonly #context: SessionContext;
  readonly #openedAt: Millis;
  #heardAt: Millis;
  #pingedAt: Millis;
  #refused = false;

  constructor(link: Link, address: string, context: SessionContext) {
    this.link = link;
    this.address = address;
    this.#context = context;
    this.#openedAt = this.#heardAt = this.#pingedAt = context.steady();
    link.receive = (type, body) => this.#receive(type, body);
    void link.closed.then(close => {
      this.#voice?.ended();
      this.role?.ended();
      context.log.debug({ address, transport: link.transport, kind: this.role?.kind, ...close }, 'link ended');
    });
  }

  /** Says no, and closes the link when that had time to arrive. */
  refuse(code: RefusalCode, why: string): void {
    if (this.#refused) return;
    this.#refused = true;
    const reason = why.slice(0, MAX_REASON);
    const { log, after } = this.#context;
    log.info({ address: this.address, channel: this.role?.channel.name, code, reason }, 'refused');
    this.link.send(encodeMessage(refused, { code, reason }));
    after(REFUSAL_MS, () => this.link.close(CloseCode.refused, reason));
  }

  /** Tells the other side to come back later. */
  goaway(retryAfterMs: Millis, reason: string): void {
    this.link.send(encodeMessage(goaway, { retryAfterMs, reason }));
  }

  /** Pings, and ends what is dead; called about once a second. */
  tick(): void {
    const now = this.#context.steady();
    if (!this.role && now - this.#openedAt > FIRST_MESSAGE_MS) {
      this.link.close(CloseCode.protocolViolation, 'neither subscribe nor publish nor enter-room came within 5 s');
    } else if (now - this.#heardAt > SILENT_MS) {
      this.link.close(CloseCode.failed, `silent for ${SILENT_MS / 1_000} s`);
    } else if (now - this.#pingedAt >= PING_EVERY_MS) {
      this.#pingedAt = now;
      this.link.send(encodeMessage(ping, { sentAt: now }));
    }
  }

  #receive(type: number, body: Bytes): void {
    if (this.#refused) return;
    this.#heardAt = this.#context.steady();
    this.role?.heard();
    if (type === ping.type) {
      const { sentAt } = decodeBody(ping, body);
      // Whoever asks without reading the answers must not make them pile up.
      if (this.link.writable(0)) this.link.send(encodeMessage(pong, { sentAt, clock: this.#context.clock() }));
    } else if (type === pong.type) {
      const { sentAt } = decodeBody(pong, body);
      this.role?.pong(sentAt);
      this.#voice?.pong(sentAt);
    } else if (this.#voice && type === message.type) {
      this.#voice.speak(body);
    } else if (this.role) {
      this.role.receive(type, body);
    } else {
      this.#begin(type, body);
    }
  }

  #begin(type: number, body: Bytes): void {
    if (type === subscribe.type) {
      const { version, channel, resume } = decodeBody(subscribe, body);
      if (this.#mayBegin(version, channelNameFault(channel))) this.#view(this.#open(channel), resume);
    } else if (type === publish.type) {
      const request = decodeBody(publish, body);
      if (this.#mayBegin(request.version, channelNameFault(request.channel))) this.#publish(request);
    } else if (type === enterRoom.type) {
      const request = decodeBody(enterRoom, body);
      if (this.#mayBegin(request.version, roomFault(request.room, request.user))) this.#enter(request);
    } else throw new ProtocolViolation(`message type ${type} came before subscribe, publish or enter-room`);
  }

  #mayBegin(version: number, fault: string | undefined): boolean {
    if (version !== WIRE_VERSION) {
      this.refuse('bad-version', `wire version ${version}: this relay speaks ${WIRE_VERSION}`);
    } else if (fault) this.refuse('bad-name', fault);
    return !this.#refused;
  }

  #open(name: string): Channel {
    const { channels, log } = this.#context;
    log.debug({ channel: name, address: this.address, transport: this.link.transport }, 'link began');
    return channels.get(name);
  }

  #view(channel: Channel, resume: Resume | undefined): void {
    const { enabled, open } = this.#context.rooms.settings;
    const isOutside = enabled && !open && isRoomName(channel.name);
    this.role = new ViewerSession(this, channel, this.#context, resume);
    this.#speak(channel, {
      isThere: () => true,
      ...(isOutside && { silence: `only its members send to ${channel.name}` }),
    });
  }

  #publish(request: Publish): void {
    const channel = this.#open(request.channel);
    const role = new PublisherSession(this, channel, request, this.#context);
    this.role = role;
    this.#speak(channel, { isThere: () => channel.publisher === role });
  }

  #enter(request: EnterRoom): void {
    const channel = this.#open(request.room);
    const role = new MemberSession(this, channel, request, this.#context);
    this.role = role;
    this.#speak(channel, { name: role.user, isThere: () => role.isInside });
  }

  #speak(channel: Channel, part: Pick<VoiceOptions, 'isThere' | 'silence'> & { readonly name?: string }): void {
    const terms = this.#context.messages;
    const name = nameOfLink();
    this.#voice = new Voice({ link: this.link, audience: channel.audience, terms, name, ...part });
  }
}

/** What others hear somebody called who is not in a room: no user's name begins with #. */
function nameOfLink(): string {
  return `#${toBase64Url(crypto.getRandomValues(new Uint8Array(6)))}`;
}
