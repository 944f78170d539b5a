// All rooms of a relay, by name. A room exists while somebody is in it.

import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from '../../core/bytes.ts';
import { channelNameFault } from '../../core/channel-name.ts';
import type { Channel } from '../channels/channel.ts';
import type { RelayConfig } from '../config/config.ts';
import { type Occupant, Room, type RoomOptions } from './room.ts';

export interface RoomsOptions extends Omit<RoomOptions, 'maxMembers'> {
  readonly settings: RelayConfig['rooms'];
  /** The channels that there are. */
  readonly channels: () => Iterable<Channel>;
}

/** Why somebody is not let in. */
export interface RoomRefusal {
  readonly code: 'taken' | 'too-many';
  readonly reason: string;
}

/** `room/<name>`, and below it one channel a user. */
const ROOM = /^room\/[^/]+$/;
const BELOW = /^(room\/[^/]+)\/([^/]+)$/;

/** Whether a (valid) channel name is that of a room. */
export function isRoomName(channel: string): boolean {
  return ROOM.test(channel);
}

/** Says what is wrong with a room's name or a user's in it, or nothing. */
export function roomFault(room: string, user: string): string | undefined {
  if (!isRoomName(room)) return `a room's name is room/<name>, not ${JSON.stringify(room)}`;
  if (user.includes('/')) return 'a user of a room has no / in the name';
  if (user === '') return "a user's name has at least one character";
  return channelNameFault(`${room}/${user}`);
}

export class Rooms {
  readonly #options: RoomsOptions;
  readonly #byName = new Map<string, Room>();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  get settings(): RelayConfig['rooms'] {
    return this.#options.settings;
  }

  /** How many there are. */
  get size(): number {
    return this.#byName.size;
  }

  /** Lets somebody into a room (both names are valid), or says why not. */
  enter(name: string, user: string, secret: Bytes, occupant: Occupant): RoomRefusal | undefined {
    const { maxMembers, maxRooms } = this.#options.settings;
    const room = this.#byName.get(name) ?? this.#make(name);
    if (!room) return { code: 'too-many', reason: `this relay has at most ${maxRooms} rooms` };
    const code = room.enter(user, sha256(secret), occupant);
    if (code === 'taken') return { code, reason: `somebody else is ${user} in ${name}: take another name` };
    if (code === 'too-many') return { code, reason: `${name} is full: at most ${maxMembers} members` };
    return undefined;
  }

  /** The room of this name, if somebody is in it. */
  find(name: string): Room | undefined {
    return this.#byName.get(name);
  }

  leave(name: string, user: string, occupant: Occupant): void {
    const room = this.#byName.get(name);
    room?.leave(user, occupant);
    if (room?.size === 0) this.#byName.delete(name);
  }

  /** To be told of every channel that began, paused or ended. */
  channelChanged({ name, state }: Pick<Channel, 'name' | 'state'>): void {
    const [, room = '', user = ''] = BELOW.exec(name) ?? [];
    this.#byName.get(room)?.setLive(user, state === 'live');
  }

  #make(name: string): Room | undefined {
    const { settings, channels } = this.#options;
    if (this.#byName.size >= settings.maxRooms) return undefined;
    const room = new Room(name, { ...this.#options, maxMembers: settings.maxMembers });
    for (const channel of channels()) {
      const [, of, user = ''] = BELOW.exec(channel.name) ?? [];
      if (of === name && channel.state === 'live') room.setLive(user, true);
    }
    this.#byName.set(name, room);
    return room;
  }
}
