// One member of a room on a link: let in by its token, told who is there, and gone soon after it falls silent.

import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { CloseCode, type Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import type { EnterRoom } from '../../core/wire/enter-room.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import {
  chunk,
  enterRoom,
  init,
  leaveRoom,
  memberState,
  ping,
  prove,
  publish,
  subscribe,
  unpublish,
} from '../../core/wire/index.ts';
import type { MemberState } from '../../core/wire/member-state.ts';
import type { RefusalCode } from '../../core/wire/refused.ts';
import { verifyAccess } from '../access/access.ts';
import type { Channel } from '../channels/channel.ts';
import type { Occupant } from '../rooms/room.ts';
import type { Role } from './role.ts';
import type { SessionContext } from './session-context.ts';

const NOT_FROM_MEMBERS = new Set(
  [subscribe, publish, prove, init, chunk, unpublish, enterRoom].map(codec => codec.type),
);

/** A person who is gone must not stay on the others' screens: members are asked more often than other links. */
const PING_EVERY_MS: Millis = 500;
const SILENT_MS: Millis = 2_500;

/** The part of a session that its member uses. */
interface Host {
  readonly link: Link;
  refuse(code: RefusalCode, reason: string): void;
}

type Context = Pick<SessionContext, 'rooms' | 'publishKeys' | 'clock' | 'steady' | 'after' | 'log'>;

export class MemberSession implements Role, Occupant {
  readonly kind = 'member';
  readonly channel: Channel;
  readonly user: string;
  readonly #host: Host;
  readonly #context: Context;
  #state: 'asking' | 'inside' | 'over' = 'asking';
  /** Said before it was let in. */
  #early: MemberState | undefined;
  #expiresAt = Number.POSITIVE_INFINITY;
  #heardAt: Millis;
  /** The link was full when the room's state changed. */
  #isStale = false;

  constructor(host: Host, channel: Channel, request: EnterRoom, context: Context) {
    this.#host = host;
    this.channel = channel;
    this.user = request.user;
    this.#context = context;
    this.#heardAt = context.steady();
    host.link.drained = () => this.#refresh();
    void this.#ask(request.token, request.secret.slice());
  }

  /** Whether it has been let in and is still there. */
  get isInside(): boolean {
    return this.#state === 'inside';
  }

  receive(type: number, body: Bytes): void {
    if (NOT_FROM_MEMBERS.has(type)) throw new ProtocolViolation(`a member sent message type ${type}`);
    if (type === memberState.type) this.#say(decodeBody(memberState, body));
    else if (type === leaveRoom.type) {
      this.#leave();
      this.#host.link.close(CloseCode.done, 'left the room');
    }
  }

  heard(): void {
    this.#heardAt = this.#context.steady();
  }

  pong(): void {}

  ended(): void {
    this.#leave();
  }

  tell(state: Bytes): void {
    this.#isStale = !this.#host.link.writable(0);
    if (!this.#isStale) this.#host.link.send(state);
  }

  replace(): void {
    this.#refuse('replaced', 'the same member has come by another link');
  }

  async #ask(token: string, secret: Bytes): Promise<void> {
    const { rooms, log } = this.#context;
    const room = this.channel.name;
    const fault = await this.#faultOfToken(token).catch(() => 'the token can not be read');
    if (this.#state !== 'asking') return; // the link has ended meanwhile
    if (fault !== undefined) {
      this.#refuse('not-allowed', fault);
      return;
    }
    this.#state = 'inside';
    const refusal = rooms.enter(room, this.user, secret, this);
    if (refusal) {
      this.#refuse(refusal.code, refusal.reason);
      return;
    }
    if (this.#early) this.#say(this.#early);
    log.info({ channel: room, user: this.user }, 'entered');
    this.#watch();
  }

  async #faultOfToken(token: string): Promise<string | undefined> {
    const { rooms, publishKeys, clock } = this.#context;
    if (!rooms.settings.enabled) return 'this relay has no rooms';
    if (token === '') return rooms.settings.open ? undefined : `${this.channel.name} needs a token`;
    const room = this.channel.name;
    const ask = (channel: string) => verifyAccess(publishKeys, token, { action: 'enter', channel, now: clock() });
    const forRoom = await ask(room);
    // A token for room/<name>/*, or for the member's own channel, is one for the room.
    const answer = forRoom.ok ? forRoom : await ask(`${room}/${this.user}`);
    if (!answer.ok) return answer.reason;
    if (answer.user !== undefined && answer.user !== this.user) {
      return `the token is ${answer.user}'s, who can't enter as ${this.user}`;
    }
    this.#expiresAt = answer.expiresAt;
    return undefined;
  }

  #say(state: MemberState): void {
    this.#early = state;
    if (this.isInside) this.#context.rooms.find(this.channel.name)?.setState(this.user, this, state);
  }

  #watch(): void {
    if (!this.isInside) return;
    const { steady, clock, after } = this.#context;
    const now = steady();
    if (clock() >= this.#expiresAt) this.#refuse('not-allowed', 'the token has expired');
    else if (now - this.#heardAt > SILENT_MS) {
      this.#leave();
      this.#host.link.close(CloseCode.failed, `silent for ${SILENT_MS / 1_000} s`);
    } else {
      this.#host.link.send(encodeMessage(ping, { sentAt: now }));
      after(PING_EVERY_MS, () => this.#watch());
    }
  }

  #refresh(): void {
    const state = this.#isStale && this.isInside && this.#context.rooms.find(this.channel.name)?.stateMessage();
    if (state) this.tell(state);
  }

  #refuse(code: RefusalCode, reason: string): void {
    this.#leave();
    this.#host.refuse(code, reason);
  }

  #leave(): void {
    if (this.isInside) this.#context.rooms.leave(this.channel.name, this.user, this);
    this.#state = 'over';
  }
}
