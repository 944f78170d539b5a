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
import { type AccessAnswer, ANYBODY, denied } from '../access/access-answer.ts';
import type { Pass } from '../access/pass.ts';
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
  /** Asks `mayEnter` with the token. */
  readonly pass: Pass;
}

type Context = Pick<SessionContext, 'rooms' | 'access' | 'steady' | 'after' | 'log'>;

export class MemberSession implements Role, Occupant {
  readonly kind = 'member';
  readonly channel: Channel;
  readonly user: string;
  readonly #host: Host;
  readonly #context: Context;
  #state: 'asking' | 'inside' | 'over' = 'asking';
  /** Said before it was let in. */
  #early: MemberState | undefined;
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
    const answer = await this.#host.pass.show(token);
    if (this.#state !== 'asking') return; // the link has ended meanwhile
    if (!answer.ok) {
      this.#refuse(answer.code === 'unavailable' ? answer.code : 'not-allowed', answer.reason);
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

  #say(state: MemberState): void {
    this.#early = state;
    if (this.isInside) this.#context.rooms.find(this.channel.name)?.setState(this.user, this, state);
  }

  #watch(): void {
    if (!this.isInside) return;
    const { steady, after } = this.#context;
    const now = steady();
    if (now - this.#heardAt > SILENT_MS) {
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

/** Whether somebody may be a member of a room, by this name. */
export async function mayEnter(
  { room, user, token }: Pick<EnterRoom, 'room' | 'user' | 'token'>,
  { rooms, access }: Pick<SessionContext, 'rooms' | 'access'>,
): Promise<AccessAnswer> {
  if (!rooms.settings.enabled) return denied('this relay has no rooms');
  if (token === '') return rooms.settings.open ? ANYBODY : denied(`${room} needs a token`);
  const forRoom = await access.allows('enter', room, token);
  // A token for room/<name>/*, or for the member's own channel, is one for the room.
  const answer = forRoom.ok ? forRoom : await access.allows('enter', `${room}/${user}`, token);
  if (answer.ok && answer.user !== undefined && answer.user !== user) {
    return denied(`the token is ${answer.user}'s, who can't enter as ${user}`);
  }
  return answer;
}
