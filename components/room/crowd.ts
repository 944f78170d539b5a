// The others in the room: who of them is seen, each with a player of its own.

import { Person } from './person.ts';
import type { RoomMember } from './room-connection.ts';
import { Stage } from './stage.ts';

/** Tiles that a room shows at most besides one's own: each is a stream and a decoder. */
const PLACES = 11;

/** What the players need. */
export interface CrowdOptions {
  readonly relay: string;
  /** Without `room/`. */
  readonly name: string;
  readonly p2p: string;
  readonly token: string;
  /** Seconds. */
  readonly targetLatency: number;
}

/** Somebody who is seen. */
export interface Seen {
  readonly member: RoomMember;
  readonly person: Person;
}

/** Makes players for those who come, and closes those of whoever goes. */
export class Crowd {
  readonly #onChange: () => void;
  readonly #people = new Map<string, Person>();
  #stage = new Stage(PLACES);
  #seen: readonly Seen[] = [];
  #listed: readonly RoomMember[] = [];

  /** `onChange`: somebody is to be drawn differently. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** With a tile, in order. */
  get seen(): readonly Seen[] {
    return this.#seen;
  }

  /** Those for whom there is no tile; they get one when they speak. */
  get listed(): readonly RoomMember[] {
    return this.#listed;
  }

  /** The browser holds somebody back until the page is touched. */
  get isBlocked(): boolean {
    return this.#seen.some(({ person }) => person.isBlocked);
  }

  /** To be called in a touch. */
  allow(): void {
    for (const { person } of this.#seen) person.allow();
  }

  /** Takes the others who are there now. */
  update(others: readonly RoomMember[], options: CrowdOptions): void {
    const shown = this.#stage.step(others, performance.now());
    for (const [user, person] of this.#people) {
      if (shown.includes(user)) continue;
      person.close();
      this.#people.delete(user);
    }
    const byName = new Map(others.map(member => [member.user, member]));
    this.#seen = shown.map(user => ({ member: byName.get(user)!, person: this.#person(user, options) })); // the stage shows those who are there
    this.#listed = others.filter(({ user }) => !shown.includes(user));
  }

  /** Nobody is there any more. */
  close(): void {
    for (const person of this.#people.values()) person.close();
    this.#people.clear();
    this.#seen = this.#listed = [];
    this.#stage = new Stage(PLACES);
  }

  #person(user: string, { name, ...options }: CrowdOptions): Person {
    const known = this.#people.get(user);
    if (known) {
      known.player.token = options.token;
      return known;
    }
    const person = new Person({ ...options, channel: `room/${name}/${user}` }, this.#onChange);
    this.#people.set(user, person);
    return person;
  }
}
