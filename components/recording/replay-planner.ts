// Decides where the next seconds of a recording come from: from peers where they hold them and there is time, else from the relay by byte range. Pure: time goes in.

import type { PeerId } from '../../core/peer-id.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { GroupStore } from './group-store.ts';
import type { ByteSpan, RecordingMap } from './recording-map.ts';

type Seconds = number;

/** So much is kept ahead of the playhead, and no more bytes than this. */
export const AHEAD: Seconds = 30;
const MAX_AHEAD_BYTES = 24 * 1024 * 1024;
/** What is needed sooner is left to nobody else. */
const URGENT: Seconds = 8;
/** What is needed sooner than this is not asked of peers. */
const CRITICAL: Seconds = 3;
/** Most bytes of one read: a connection is used again and again, and what follows may come from peers. */
const MAX_READ = 1024 * 1024;
/** Most chunks that one peer is asked for at a time. */
const MAX_ASKED = 96;
/** A peer that has sent nothing for so long won't. */
const PATIENCE_MS: Millis = 1_500;
/** Who didn't send what it promised is not asked for so long. */
const SLOW_MS: Millis = 10_000;

/** A viewer of the same recording with whom there is a connection. */
export interface ReplayPeer {
  readonly id: PeerId;
  /** The group that it shows; undefined while it hasn't told. */
  readonly place: number | undefined;
  /** What it holds from one sequence on, before another. */
  holds(from: number, to: number): readonly number[];
}

/** What the planner works with, and what it wants done. */
export interface ReplayPlannerPort {
  readonly map: RecordingMap;
  readonly store: Pick<GroupStore, 'isWhole' | 'readTo' | 'get'>;
  /** This viewer among the peers. */
  readonly self: PeerId;
  readonly peers: Iterable<ReplayPeer>;
  /** Peers are to be expected: what is not urgent is left to them. */
  readonly isMeeting: boolean;
  /** Whether the init document of a group is here; peers don't give it. */
  canDecode(place: number): boolean;
  /** Asks a peer for chunks. */
  fetch(of: PeerId, sequences: readonly number[]): void;
  /** Reads bytes of the data file, in which these groups lie. */
  read(span: ByteSpan, first: number, last: number): void;
}

interface Asked {
  readonly of: PeerId;
  readonly place: number;
  readonly at: Millis;
}

interface Read {
  readonly first: number;
  readonly last: number;
}

/** Of one viewer. `now` is any steady clock. */
export class ReplayPlanner {
  readonly #port: ReplayPlannerPort;
  readonly #asked = new Map<number, Asked>();
  readonly #heard = new Map<PeerId, Millis>();
  readonly #slow = new Map<PeerId, Millis>();
  readonly #reads = new Set<Read>();

  constructor(port: ReplayPlannerPort) {
    this.#port = port;
  }

  /** A chunk came from a peer: whether it had been asked for it. */
  came(sequence: number, from: PeerId, now: Millis): boolean {
    if (this.#asked.get(sequence)?.of !== from) return false;
    this.#asked.delete(sequence);
    this.#heard.set(from, now);
    return true;
  }

  /** A peer doesn't hold, or doesn't give, what it was asked for. */
  lacking(from: PeerId, sequences: readonly number[], now: Millis): void {
    for (const sequence of sequences) {
      if (this.#asked.get(sequence)?.of !== from) continue;
      this.#asked.delete(sequence);
      this.#slow.set(from, now);
    }
  }

  /** A peer has gone. */
  left(peer: PeerId): void {
    for (const [sequence, { of }] of this.#asked) if (of === peer) this.#asked.delete(sequence);
    this.#heard.delete(peer);
    this.#slow.delete(peer);
  }

  /** A read has ended, whether it brought everything or not. */
  readEnded(first: number): void {
    for (const read of this.#reads) if (read.first === first) this.#reads.delete(read);
  }

  /** All reads were broken off. */
  restart(): void {
    this.#reads.clear();
  }

  /** The last place of what is wanted when this one is written next and that time is shown. */
  lastWanted(cursor: number, playhead: Ticks): number {
    const { map } = this.#port;
    let bytes = 0;
    let place = cursor;
    for (; place < map.groups.size; place++) {
      const { from, to } = map.bytesOf(place);
      bytes += to - from;
      const isFar = map.group(place).timestamp - playhead > AHEAD * TICKS_PER_SECOND || bytes > MAX_AHEAD_BYTES;
      if (isFar && place > cursor) break;
    }
    return place - 1;
  }

  /** Asks for what is missing of the next seconds: `cursor` is the group that is written next, `playhead` the time that is shown. */
  step(cursor: number, playhead: Ticks, now: Millis): void {
    const { map, store } = this.#port;
    this.#expire(now);
    const peers = [...this.#port.peers];
    const last = this.lastWanted(cursor, playhead);
    for (let place = cursor; place <= last; place++) {
      if (store.isWhole(place) || this.#isRead(place)) continue;
      const lead = (map.group(place).timestamp - playhead) / TICKS_PER_SECOND;
      if (this.#isAsked(place)) continue;
      if (!map.isOpen(place) && this.#isLeftToPeers(place, lead, peers, now)) continue;
      if (lead > URGENT && !this.#isMine(place, peers)) continue;
      if (this.#reads.size > 0 && !this.#mayHurry(place, lead)) continue;
      this.#read(place, last, playhead, peers, now);
    }
  }

  #expire(now: Millis): void {
    for (const [sequence, { of, at }] of this.#asked) {
      if (now - Math.max(at, this.#heard.get(of) ?? at) < PATIENCE_MS) continue;
      this.#asked.delete(sequence);
      this.#slow.set(of, now);
    }
  }

  #isRead(place: number): boolean {
    for (const { first, last } of this.#reads) if (place >= first && place <= last) return true;
    return false;
  }

  #isAsked(place: number): boolean {
    for (const asked of this.#asked.values()) if (asked.place === place) return true;
    return false;
  }

  /** A second read beside one that brings what is needed later. */
  #mayHurry(place: number, lead: Seconds): boolean {
    return lead < URGENT && this.#reads.size < 2 && [...this.#reads].every(({ first }) => first > place);
  }

  /** Asks for what is missing of a group, if there is time and somebody says that it has it whole; whoever has too much to do is waited for. */
  #isLeftToPeers(place: number, lead: Seconds, peers: readonly ReplayPeer[], now: Millis): boolean {
    const { map, store } = this.#port;
    if (lead <= CRITICAL || !this.#port.canDecode(place)) return false;
    let isBusy = false;
    const { sequence } = map.group(place);
    const shares: { readonly of: PeerId; readonly room: number; readonly sequences: number[] }[] = [];
    let missing: readonly number[] = [];
    for (const peer of peers) {
      if (now - (this.#slow.get(peer.id) ?? Number.NEGATIVE_INFINITY) < SLOW_MS) continue;
      const held = peer.holds(sequence, map.sequenceAfter(place)).filter(one => !store.get(one));
      const room = MAX_ASKED - this.#busy(peer.id);
      if (held.length > 0 && room <= 0) isBusy = true;
      if (held.length === 0 || room <= 0) continue;
      if (held.length > missing.length) missing = held;
      shares.push({ of: peer.id, room, sequences: [] });
    }
    for (const one of missing) {
      const share = shares
        .filter(({ room, sequences }) => sequences.length < room)
        .sort((a, b) => a.sequences.length - b.sequences.length)[0];
      if (!share) break;
      share.sequences.push(one);
      this.#asked.set(one, { of: share.of, place, at: now });
    }
    for (const { of, sequences } of shares) if (sequences.length > 0) this.#port.fetch(of, sequences);
    return missing.length > 0 || (isBusy && lead > URGENT);
  }

  #busy(peer: PeerId): number {
    let count = 0;
    for (const { of } of this.#asked.values()) if (of === peer) count++;
    return count;
  }

  /** Those who will show a group at about the same time agree, without a word, on who of them reads it. */
  #isMine(place: number, peers: readonly ReplayPeer[]): boolean {
    const { map, self } = this.#port;
    const { timestamp } = map.group(place);
    const own = scoreOf(self, place);
    if (this.#port.isMeeting && peers.length === 0) return false;
    return peers.every(peer => {
      if (peer.place === undefined || peer.place >= map.groups.size) return true;
      const lead = (timestamp - map.group(peer.place).timestamp) / TICKS_PER_SECOND;
      return lead < 0 || lead > AHEAD || scoreOf(peer.id, place) > own;
    });
  }

  #read(place: number, last: number, playhead: Ticks, peers: readonly ReplayPeer[], now: Millis): void {
    const { map, store } = this.#port;
    const from = store.readTo(place);
    let end = place;
    let { to } = map.bytesOf(place);
    for (let next = place + 1; next <= last && map.bytesOf(next).to - from <= MAX_READ; next++) {
      const lead = (map.group(next).timestamp - playhead) / TICKS_PER_SECOND;
      if (store.isWhole(next) || this.#isRead(next) || this.#isAsked(next)) break;
      if (lead > URGENT && !this.#isMine(next, peers)) break;
      if (this.#isLeftToPeers(next, lead, peers, now)) break;
      [end, { to }] = [next, map.bytesOf(next)];
    }
    if (to <= from) return; // nothing of it has been written yet
    this.#reads.add({ first: place, last: end });
    this.#port.read({ from, to }, place, end);
  }
}

/** A number that looks random but is the same for everybody. */
function scoreOf(peer: PeerId, place: number): number {
  let hash = Math.imul(peer >>> 0, 0x9e37_79b1) ^ Math.imul(place + 1, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
