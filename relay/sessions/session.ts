// One link on the relay: its first message says what it is; pings tell when it is dead.

import { type Bytes, toBase64Url } from '../../core/bytes.ts';
import { channelNameFault } from '../../core/channel-name.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { CloseCode, type Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import type { EnterRoom } from '../../core/wire/enter-room.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import {
  enterRoom,
  goaway,
  message,
  ping,
  pong,
  publish,
  refused,
  renewAccess,
  subscribe,
} from '../../core/wire/index.ts';
import type { Publish } from '../../core/wire/publish.ts';
import type { RefusalCode } from '../../core/wire/refused.ts';
import type { Subscribe } from '../../core/wire/subscribe.ts';
import { type AccessAnswer, ANYBODY } from '../access/access-answer.ts';
import { Pass } from '../access/pass.ts';
import type { Channel } from '../channels/channel.ts';
import { Voice, type VoiceOptions } from '../messages/voice.ts';
import { publishedNameFault } from '../recording/published-name.ts';
import { isRoomName, roomFault } from '../rooms/rooms.ts';
import type { LinkPage } from '../runtime/runtime.ts';
import type { AddressBook } from './address-book.ts';
import { EarlyMessages } from './early-messages.ts';
import { MemberSession, mayEnter } from './member-session.ts';
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

/** Who has made a link. */
export interface Guest {
  readonly address: string;
  /** Undefined where the transport doesn't tell. */
  readonly page: LinkPage | undefined;
  /** Where its channels are counted, if they are. */
  readonly book: AddressBook | undefined;
}

export class Session {
  readonly link: Link;
  readonly address: string;
  role: Role | undefined;
  /** What it has shown to be what it is. */
  pass = new Pass(async () => ANYBODY);
  #voice: Voice | undefined;
  /** It has said what it wants to be; whether it may is being found out. */
  #early: EarlyMessages | undefined;
  readonly #guest: Guest;
  readonly #context: SessionContext;
  readonly #openedAt: Millis;
  #heardAt: Millis;
  #pingedAt: Millis;
  #refused = false;
  #isOver = false;

  constructor(link: Link, guest: Guest, context: SessionContext) {
    this.link = link;
    this.address = guest.address;
    this.#guest = guest;
    this.#context = context;
    this.#openedAt = this.#heardAt = this.#pingedAt = context.steady();
    link.receive = (type, body) => this.#receive(type, body);
    void link.closed.then(close => {
      this.#isOver = true;
      this.#voice?.ended();
      this.role?.ended();
      const { address } = guest;
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
    const denial = this.pass.check(this.#context.clock());
    if (denial) this.refuse(codeOf(denial), denial.reason);
    else if (!this.role && !this.#early && now - this.#openedAt > FIRST_MESSAGE_MS) {
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
    } else if (this.#early) {
      this.#early.hold(type, body);
    } else if (this.role && type === renewAccess.type) {
      this.pass.renew(decodeBody(renewAccess, body).token);
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
      const request = decodeBody(subscribe, body);
      if (this.#mayBegin(request.version, channelNameFault(request.channel), request.channel)) this.#subscribe(request);
    } else if (type === publish.type) {
      const request = decodeBody(publish, body);
      if (this.#mayBegin(request.version, publishedNameFault(request.channel), request.channel)) this.#publish(request);
    } else if (type === enterRoom.type) {
      const request = decodeBody(enterRoom, body);
      if (this.#mayBegin(request.version, roomFault(request.room, request.user), request.room)) this.#enter(request);
    } else throw new ProtocolViolation(`message type ${type} came before subscribe, publish or enter-room`);
  }

  // As the link does for what it hands on itself.
  #guard(task: () => void): void {
    try {
      task();
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.link.close(CloseCode.protocolViolation, error.message);
    }
  }

  #mayBegin(version: number, fault: string | undefined, channel: string): boolean {
    if (version !== WIRE_VERSION) {
      this.refuse('bad-version', `wire version ${version}: this relay speaks ${WIRE_VERSION}`);
      return false;
    }
    if (fault) {
      this.refuse('bad-name', fault);
      return false;
    }
    const unknown = this.#context.access.channelFault(channel);
    if (unknown !== undefined) {
      this.refuse('not-allowed', unknown);
      return false;
    }
    const { book, address } = this.#guest;
    const surplus = book?.open(address, channel);
    if (surplus !== undefined) this.refuse('too-many', surplus);
    else void this.link.closed.then(() => book?.close(address, channel));
    return surplus === undefined;
  }

  #open(name: string): Channel {
    const { channels, log } = this.#context;
    log.debug({ channel: name, address: this.address, transport: this.link.transport }, 'link began');
    return channels.get(name);
  }

  #subscribe(request: Subscribe): void {
    const { access } = this.#context;
    const { channel, token, ticket } = request;
    const { address, page } = this.#guest;
    this.pass = access.viewPass(channel, { address, ticket, isPageUnknown: page === undefined, origin: page?.origin });
    if (access.isOpen(channel)) {
      this.pass.keep(token);
      this.#view(request); // nothing to wait for
      return;
    }
    this.#early = new EarlyMessages();
    void this.pass.show(token).then(answer => {
      const early = this.#early;
      this.#early = undefined;
      if (this.#isOver) return;
      if (answer.ok) {
        this.#view(request);
        this.#guard(() => early?.deliver((type, body) => this.#receive(type, body)));
      } else this.refuse(codeOf(answer), answer.reason);
    });
  }

  #view({ channel: name, resume }: Subscribe): void {
    const full = this.#context.access.fullness(name);
    if (full !== undefined) {
      this.refuse('too-many', full);
      return;
    }
    const channel = this.#open(name);
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
    const { access } = this.#context;
    this.pass = access.passFor((token = '') => access.allows('publish', channel.name, token));
    const role = new PublisherSession(this, channel, request, this.#context);
    this.role = role;
    this.#speak(channel, { isThere: () => channel.publisher === role });
  }

  #enter(request: EnterRoom): void {
    const channel = this.#open(request.room);
    const { room, user } = request;
    this.pass = this.#context.access.passFor((token = '') => mayEnter({ room, user, token }, this.#context));
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

function codeOf({ code }: Extract<AccessAnswer, { ok: false }>): RefusalCode {
  return code === 'no-token' ? 'not-allowed' : code;
}
