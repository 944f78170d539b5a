// A room: who is in it, under which name, and how each of them is. Tells all of them whatever changes.

import { timingSafeEqual } from 'node:crypto';
import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { roomState } from '../../core/wire/index.ts';
import type { MemberState } from '../../core/wire/member-state.ts';
import { MAX_MEMBERS, type RoomMember } from '../../core/wire/room-state.ts';

/** A member, as its room sees it: a link. */
export interface Occupant {
  /** Sends the whole state. */
  tell(state: Bytes): void;
  /** The same member has come by a newer link. */
  replace(): void;
}

export interface RoomOptions {
  readonly maxMembers: number;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
}

interface Seat {
  occupant: Occupant;
  /** SHA-256 of the member's secret. */
  readonly secret: Uint8Array;
  readonly joinedAt: Millis;
  state: MemberState;
}

/** Whoever publishes below the room without being in it (an encoder, say) is heard and seen. */
const GUEST: MemberState = { microphone: true, camera: true, speaking: false };

/** Changes are told at once, and then no more often than this, and so much later for each member there is. */
const LEAST_INTERVAL: Millis = 100;
const INTERVAL_PER_MEMBER: Millis = 10;

export class Room {
  readonly name: string;
  readonly #options: RoomOptions;
  readonly #seats = new Map<string, Seat>();
  /** Users whose channels are on air, and since when. */
  readonly #live = new Map<string, Millis>();
  /** Users who have left while their channels are still on air: they are no guests. */
  readonly #left = new Set<string>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #isWaiting = false;

  constructor(name: string, options: RoomOptions) {
    this.name = name;
    this.#options = options;
  }

  /** How many are in it. */
  get size(): number {
    return this.#seats.size;
  }

  /** Lets somebody in, whose secret has this SHA-256, or says why not. The same secret takes over the seat of an older link. */
  enter(user: string, secret: Uint8Array, occupant: Occupant): 'taken' | 'too-many' | undefined {
    const seat = this.#seats.get(user);
    if (seat && !timingSafeEqual(seat.secret, secret)) return 'taken';
    if (seat) {
      const older = seat.occupant;
      seat.occupant = occupant;
      older.replace();
    } else {
      if (this.#seats.size >= this.#options.maxMembers) return 'too-many';
      const state = { microphone: false, camera: false, speaking: false };
      this.#seats.set(user, { occupant, secret, joinedAt: this.#options.clock(), state });
      this.#left.delete(user);
    }
    occupant.tell(this.stateMessage());
    this.#changed();
    return undefined;
  }

  /** Frees the seat, unless a newer link has taken it over. */
  leave(user: string, occupant: Occupant): void {
    if (this.#seats.get(user)?.occupant !== occupant) return;
    this.#seats.delete(user);
    if (this.#live.has(user)) this.#left.add(user);
    this.#changed();
  }

  setState(user: string, occupant: Occupant, state: MemberState): void {
    const seat = this.#seats.get(user);
    if (seat?.occupant !== occupant) return;
    const { microphone, camera, speaking } = seat.state;
    if (state.microphone === microphone && state.camera === camera && state.speaking === speaking) return;
    seat.state = state;
    this.#changed();
  }

  /** The channel of this user began, or is no longer on air. */
  setLive(user: string, isLive: boolean): void {
    if (isLive === this.#live.has(user)) return;
    if (isLive) this.#live.set(user, this.#options.clock());
    else {
      this.#live.delete(user);
      this.#left.delete(user);
    }
    this.#changed();
  }

  /** The `room-state` message of this moment. */
  stateMessage(): Bytes {
    return encodeMessage(roomState, { members: [...this.#members()].slice(0, MAX_MEMBERS) });
  }

  *#members(): Generator<RoomMember> {
    for (const [user, { joinedAt, state }] of this.#seats) {
      yield { user, ...state, channelIsLive: this.#live.has(user), joinedAt };
    }
    for (const [user, joinedAt] of this.#live) {
      if (!this.#seats.has(user) && !this.#left.has(user)) yield { user, ...GUEST, channelIsLive: true, joinedAt };
    }
  }

  #changed(): void {
    if (this.#isWaiting) return;
    const { steady, after } = this.#options;
    const interval = Math.max(LEAST_INTERVAL, this.size * INTERVAL_PER_MEMBER);
    const wait = this.#toldAt + interval - steady();
    if (wait <= 0) this.#tell();
    else {
      this.#isWaiting = true;
      after(wait, () => this.#tell());
    }
  }

  #tell(): void {
    this.#isWaiting = false;
    this.#toldAt = this.#options.steady();
    if (this.size === 0) return;
    const state = this.stateMessage();
    for (const { occupant } of this.#seats.values()) occupant.tell(state);
  }
}
