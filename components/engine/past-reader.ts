// Reads on from a moment of the past until it is live: finds which chunks there are, gets them from wherever they are held, and hands them on in order, some seconds ahead.

import { ByteReader } from '../../core/bytes.ts';
import { type Chunk, decodeChunk } from '../../core/chunk.ts';
import { type PeerId, RELAY } from '../../core/peer-id.ts';
import type { ChunkWindow, HeldChunk } from '../../core/swarm/chunk-window.ts';
import type { Millis, Ticks } from '../../core/time.ts';
import type { Locate } from '../../core/wire/locate.ts';
import type { Located } from '../../core/wire/located.ts';
import { sequencesIn } from '../../core/wire/sequence-bits.ts';
import type { Seconds } from './live-controller.ts';

/** So much is kept ahead of the playhead. */
export const AHEAD: Seconds = 10;
/** With less than this ahead nobody waits for peers that are busy. */
const URGENT: Seconds = 2;
/** Most chunks asked for at a time, and of one peer. */
const MAX_ASKED = 192;
const MAX_ASKED_OF_PEER = 32;
/** Where there are peers, the relay is asked for no more than this at a time. */
const MAX_ASKED_BESIDE = 32;
/** An answer that takes longer does not come. */
const PEER_PATIENCE_MS: Millis = 500;
const RELAY_PATIENCE_MS: Millis = 2_000;
/** From one question to the next. */
const QUESTION_MS: Millis = 200;
/** Requests to the relay after which a chunk is given up. */
const MAX_TRIES = 3;
/** A peer that lacked something is not asked for the past again so soon. */
const EMPTY_MS: Millis = 10_000;
/** What comes later than this was not asked for. */
const FORGOTTEN_MS: Millis = 20_000;

/** What the reader needs. */
export interface PastReaderPort {
  /** What is held here. */
  readonly window: ChunkWindow;
  /** The relay can be reached. */
  readonly relayIsUp: boolean;
  /** Of what was written, how much lies ahead of the playhead. */
  ahead(): Seconds;
  /** Peers that may hold what was shown at a channel time, the best first. */
  holders(at: Ticks): readonly PeerId[];
  locate(question: Omit<Locate, 'track'>): void;
  fetch(of: PeerId, sequences: readonly number[]): void;
  write(chunk: Chunk): void;
}

interface Asked {
  readonly of: PeerId;
  readonly at: Millis;
  readonly tries: number;
  /** It was not held there, or was asked for another place: only known when it comes. */
  isVoid: boolean;
}

/** Of one session. `now` is any steady clock. */
export class PastReader {
  readonly #port: PastReaderPort;
  #isActive = false;
  /** Channel time of what is read. */
  #at: Ticks = 0;
  /** What comes next; undefined: where `at` is has to be found. */
  #cursor: number | undefined;
  /** What there is from there on, as far as is known, and what comes after it. */
  #listed: number[] = [];
  #listedTo = 0;
  /** The number of the last question, when it was asked, and whether an answer is awaited. */
  #question = 0;
  #questionAt: Millis = Number.NEGATIVE_INFINITY;
  #isAwaited = false;
  readonly #got = new Map<number, Chunk>();
  readonly #asked = new Map<number, Asked>();
  /** When a peer last lacked something, and when anybody last sent something. */
  readonly #empty = new Map<PeerId, Millis>();
  readonly #heard = new Map<PeerId, Millis>();

  constructor(port: PastReaderPort) {
    this.#port = port;
  }

  /** Whether there is anything to do. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Reads on from the group that shows a channel time. */
  goTo(at: Ticks): void {
    this.#begin(at, undefined);
  }

  /** Reads on from a sequence, whose channel time is about `at`. */
  goOn(sequence: number, at: Ticks): void {
    this.#begin(at, sequence);
  }

  /** The relay's answer. */
  located(answer: Located): void {
    if (!this.#isActive || !this.#isAwaited || answer.id !== this.#question) return;
    this.#isAwaited = false;
    this.#listed = sequencesIn(answer);
    this.#listedTo = answer.next;
    this.#cursor ??= this.#listed[0];
    if (this.#listed.length === 0) this.#passHole();
  }

  /** A verified chunk came: whether it was asked for here. */
  take(chunk: Chunk, from: PeerId, now: Millis): boolean {
    const { sequence } = chunk.header;
    if (!this.#asked.delete(sequence)) return false;
    this.#heard.set(from, now);
    if (this.#isActive && sequence >= (this.#cursor ?? 0)) this.#got.set(sequence, chunk);
    return true;
  }

  /** Somebody does not hold what was asked; gives back what was not asked for here. */
  lacking(from: PeerId, sequences: readonly number[], now: Millis): number[] {
    return sequences.filter(sequence => {
      const asked = this.#asked.get(sequence);
      if (asked?.of !== from) return true;
      asked.isVoid = true;
      if (from === RELAY) this.#giveUp(sequence);
      else this.#empty.set(from, now);
      return false;
    });
  }

  /** Does what can be done. True once all is read up to `liveNext`, the next sequence that live brings: live goes on from there. */
  step(liveNext: number, now: Millis): boolean {
    if (!this.#isActive) return false;
    const { window } = this.#port;
    if (this.#cursor === undefined && (window.pastStart?.header.timestamp ?? Number.POSITIVE_INFINITY) <= this.#at) {
      this.#cursor = window.groupAt(this.#at)?.header.sequence;
    }
    while (this.#cursor !== undefined && this.#port.ahead() < AHEAD) {
      if (this.#cursor >= liveNext) {
        this.stop();
        return true;
      }
      const chunk = this.#chunkAt(this.#cursor);
      if (!chunk) {
        if (!this.#skip(this.#cursor)) break;
      } else {
        this.#got.delete(this.#cursor++);
        this.#at = chunk.header.timestamp;
        this.#port.write(chunk);
      }
    }
    if (this.#port.ahead() < AHEAD) this.#ask(now);
    return false;
  }

  /** Nothing of the past is needed any more. */
  stop(): void {
    this.#isActive = false;
    this.#got.clear();
    this.#listed = [];
  }

  #begin(at: Ticks, cursor: number | undefined): void {
    this.stop();
    this.#isActive = true;
    this.#at = at;
    this.#cursor = cursor;
    this.#listedTo = 0;
    this.#isAwaited = false;
    for (const asked of this.#asked.values()) asked.isVoid = true;
  }

  #chunkAt(sequence: number): Chunk | undefined {
    const held = this.#port.window.get(sequence);
    return held ? chunkOf(held) : this.#got.get(sequence);
  }

  /** Passes over what there isn't; false where that is unknown. */
  #skip(cursor: number): boolean {
    const behind = this.#listed.findIndex(sequence => sequence >= cursor);
    this.#listed.splice(0, behind < 0 ? this.#listed.length : behind);
    const next = this.#listed[0] ?? this.#listedTo;
    if (next <= cursor) return false;
    this.#cursor = next;
    return true;
  }

  #ask(now: Millis): void {
    const { relayIsUp, window } = this.#port;
    if (this.#cursor === undefined || this.#listed.length === 0) {
      if (relayIsUp) this.#locate(now);
      else this.#passHole();
      return;
    }
    const wants = new Map<PeerId, number[]>();
    const busy = new Map<PeerId, number>();
    for (const [sequence, asked] of this.#asked) {
      if (now - asked.at > FORGOTTEN_MS) this.#asked.delete(sequence);
      else if (this.#isUnderWay(asked, now)) busy.set(asked.of, (busy.get(asked.of) ?? 0) + 1);
    }
    for (const sequence of this.#listed.slice(0, MAX_ASKED)) {
      if (window.get(sequence) || this.#got.has(sequence)) continue;
      const of = this.#whom(sequence, busy, now);
      if (of === undefined) continue;
      busy.set(of, (busy.get(of) ?? 0) + 1);
      wants.set(of, [...(wants.get(of) ?? []), sequence]);
      const before = this.#asked.get(sequence);
      const tries = (before && !before.isVoid ? before.tries : 0) + (of === RELAY ? 1 : 0);
      this.#asked.set(sequence, { of, at: now, tries, isVoid: false });
    }
    for (const [of, sequences] of wants) this.#port.fetch(of, sequences);
  }

  #whom(sequence: number, busy: ReadonlyMap<PeerId, number>, now: Millis): PeerId | undefined {
    const before = this.#asked.get(sequence);
    const asked = before?.isVoid ? undefined : before;
    if (asked && this.#isUnderWay(asked, now)) return undefined;
    if (asked && asked.tries >= MAX_TRIES) {
      this.#giveUp(sequence);
      return undefined;
    }
    const holders = this.#port
      .holders(this.#at)
      .filter(peer => peer !== asked?.of && now - (this.#empty.get(peer) ?? Number.NEGATIVE_INFINITY) > EMPTY_MS);
    const peer = asked ? undefined : holders.find(holder => (busy.get(holder) ?? 0) < MAX_ASKED_OF_PEER);
    if (peer !== undefined) return peer;
    const isEnough = this.#port.ahead() > URGENT || (busy.get(RELAY) ?? 0) >= MAX_ASKED_BESIDE;
    const isWaiting = !asked && holders.length > 0 && isEnough;
    return this.#port.relayIsUp && !isWaiting ? RELAY : undefined;
  }

  /** Whoever sends something else meanwhile will send it, too; but no peer keeps the picture waiting. */
  #isUnderWay({ of, at, isVoid }: Asked, now: Millis): boolean {
    const isPatient = of === RELAY || this.#port.ahead() > URGENT;
    const heardAt = isPatient ? Math.max(at, this.#heard.get(of) ?? at) : at;
    return !isVoid && now - heardAt < (of === RELAY ? RELAY_PATIENCE_MS : PEER_PATIENCE_MS);
  }

  /** The relay can't help: there is only what is held here. */
  #passHole(): void {
    const { window } = this.#port;
    const next = this.#cursor === undefined ? window.pastStart : window.at(window.indexFrom(this.#cursor));
    this.#cursor = next?.header.sequence ?? this.#cursor;
  }

  #giveUp(sequence: number): void {
    const index = this.#listed.indexOf(sequence);
    if (index >= 0) this.#listed.splice(index, 1);
    // Nothing is listed any more, but what follows is known.
    if (this.#listed.length === 0 && this.#listedTo === 0 && this.#cursor === sequence) this.#cursor++;
  }

  #locate(now: Millis): void {
    // Whoever drags along the past seeks ten times a second.
    if (now - this.#questionAt < (this.#isAwaited ? RELAY_PATIENCE_MS : QUESTION_MS)) return;
    this.#questionAt = now;
    this.#isAwaited = true;
    const id = ++this.#question;
    this.#port.locate(this.#cursor === undefined ? { id, from: 0, at: this.#at } : { id, from: this.#cursor, at: 0 });
  }
}

function chunkOf({ message }: HeldChunk): Chunk {
  const reader = new ByteReader(message);
  reader.varint(); // type and length
  reader.varint();
  return decodeChunk(reader.rest());
}
