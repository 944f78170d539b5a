// Everybody in the swarm, by id and in a row.

import type { PeerId } from '../peer-id.ts';
import type { Member } from './member.ts';

/** Members can be added, removed and looked at in turn, each at a constant cost. */
export class Roster {
  /** In no order. */
  readonly list: Member[] = [];
  readonly #byPeer = new Map<PeerId, Member>();
  #viewers = 0;
  #cursor = 0;

  /** How many of them are viewers. */
  get viewers(): number {
    return this.#viewers;
  }

  get(peer: PeerId): Member | undefined {
    return this.#byPeer.get(peer);
  }

  add(member: Member): void {
    member.listed = this.list.length;
    this.list.push(member);
    this.#byPeer.set(member.peer, member);
    if (member.role === 'viewer') this.#viewers++;
  }

  remove(member: Member): void {
    const last = this.list.pop()!;
    if (last !== member) {
      this.list[member.listed] = last;
      last.listed = member.listed;
    }
    member.gone = true;
    this.#byPeer.delete(member.peer);
    if (member.role === 'viewer') this.#viewers--;
  }

  /** The next ones in a round through all, at most `count`. */
  *round(count: number): Generator<Member> {
    for (let left = Math.min(count, this.list.length); left > 0; left--) {
      this.#cursor = (this.#cursor + 1) % this.list.length;
      yield this.list[this.#cursor]!;
    }
  }
}
