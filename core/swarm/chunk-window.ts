// The chunks of one track that a party still holds, in order of sequence, with the init documents they name.

import type { Bytes } from '../bytes.ts';
import type { Chunk, ChunkHeader } from '../chunk.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../time.ts';
import { encodeMessage } from '../wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../wire/index.ts';

/** How much a window keeps. The newest group is kept whatever its age. */
export interface WindowLimits {
  readonly maxAgeMs: Millis;
  readonly maxBytes: number;
}

/** An init document as it is sent. */
export interface HeldInit {
  readonly id: Bytes;
  /** The whole `init` message: the same bytes for everybody. */
  readonly message: Bytes;
}

/** A chunk as it is sent. */
export interface HeldChunk {
  readonly header: ChunkHeader;
  readonly init: HeldInit;
  /** The whole `chunk` message: the same bytes for everybody. */
  readonly message: Bytes;
  readonly heldAt: Millis;
}

/** Steps back of the channel's time by more than this are another timeline: its past can't be told apart from the present one. */
const BACKWARDS: Ticks = TICKS_PER_SECOND;
/** Documents that no chunk names yet: a publisher needs one at a time. */
const MAX_UNUSED_INITS = 4;

/** A bounded, sorted store. What is over the limits goes by whole groups, oldest first. */
export class ChunkWindow {
  readonly #limits: WindowLimits;
  #chunks: HeldChunk[] = [];
  /** First sequences of the groups that chunks belong to, sorted; the oldest group may have lost its start. */
  #groups: number[] = [];
  #inits: { readonly init: HeldInit; uses: number }[] = [];
  #bytes = 0;
  /** The highest sequence that was evicted. */
  #lost = -1;
  /** Where the present timeline begins. */
  #timeline = 0;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  /** How many chunks are held. */
  get size(): number {
    return this.#chunks.length;
  }

  /** Bytes of all messages held. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): HeldChunk | undefined {
    return this.#chunks[0];
  }

  /** The live edge. */
  get newest(): HeldChunk | undefined {
    return this.#chunks.at(-1);
  }

  /** Sequence of the newest chunk that starts a group and is held: where a viewer joins. */
  get newestGroup(): number | undefined {
    for (let i = this.#groups.length - 1; i >= 0; i--) {
      const group = this.#groups[i]!;
      if (this.get(group)) return group;
    }
    return undefined;
  }

  /** The first chunk of the oldest group that can be played: as far back as one can go. */
  get pastStart(): HeldChunk | undefined {
    for (const group of this.#groups) {
      const chunk = group < this.#timeline ? undefined : this.get(group);
      if (chunk) return chunk;
    }
    return undefined;
  }

  /** The first chunk of the group that shows a channel time; of the oldest, where that is gone. */
  groupAt(timestamp: Ticks): HeldChunk | undefined {
    for (let i = this.#groups.length - 1; i >= 0 && this.#groups[i]! >= this.#timeline; i--) {
      const chunk = this.get(this.#groups[i]!);
      if (chunk && chunk.header.timestamp <= timestamp) return chunk;
    }
    return this.pastStart;
  }

  /** How many groups start after a sequence. */
  groupsAfter(sequence: number): number {
    let count = 0;
    while (count < this.#groups.length && this.#groups[this.#groups.length - 1 - count]! > sequence) count++;
    return count;
  }

  /** Whether the chunk with this sequence, or one behind it, was held and is gone. */
  hasLost(sequence: number): boolean {
    return sequence <= this.#lost;
  }

  /** Holds an encoded init document (of `track`) under its id, see `initId`. */
  addInit(track: number, document: Bytes, id: Bytes): HeldInit {
    const known = this.#findInit(id);
    if (known) return known.init;
    const init = { id, message: encodeMessage(initMessage, { track, document }) };
    this.#inits.push({ init, uses: 0 });
    const unused = this.#inits.filter(entry => entry.uses === 0);
    if (unused.length > MAX_UNUSED_INITS) this.#inits.splice(this.#inits.indexOf(unused[0]!), 1);
    return init;
  }

  hasInit(id: Bytes): boolean {
    return this.#findInit(id) !== undefined;
  }

  /** Holds a chunk; false when it is held already, too old for the window, or its init document isn't there. */
  insert(chunk: Chunk, now: Millis): boolean {
    const { header } = chunk;
    const entry = this.#findInit(header.initId);
    if (!entry) return false;
    const index = this.indexFrom(header.sequence);
    if (this.#chunks[index]?.header.sequence === header.sequence) return false;
    if (index === 0 && this.#chunks.length > 0 && this.#bytes >= this.#limits.maxBytes) return false;
    const message = encodeMessage(chunkMessage, chunk);
    // The chunk's own id is a view of the bytes that came, which must not stay as well.
    const held = { header: { ...header, initId: entry.init.id }, init: entry.init, message, heldAt: now };
    const newest = this.newest?.header;
    if (newest && index === this.#chunks.length && header.timestamp < newest.timestamp - BACKWARDS) {
      this.#timeline = header.group;
    }
    if (index === this.#chunks.length) this.#chunks.push(held);
    else this.#chunks.splice(index, 0, held);
    entry.uses++;
    this.#bytes += held.message.length;
    this.#addGroup(header.group);
    this.#evict(now);
    return true;
  }

  /** The chunk with this sequence. */
  get(sequence: number): HeldChunk | undefined {
    const chunk = this.#chunks[this.indexFrom(sequence)];
    return chunk?.header.sequence === sequence ? chunk : undefined;
  }

  /** The chunk at a place, counted from the oldest: for reading on from `indexFrom`, before anything is inserted. */
  at(index: number): HeldChunk | undefined {
    return this.#chunks[index];
  }

  /** The place of the first chunk whose sequence is at least this one: `size` when there is none. */
  indexFrom(sequence: number): number {
    const newest = this.#chunks.at(-1);
    if (!newest || newest.header.sequence < sequence) return this.#chunks.length;
    let low = 0;
    let high = this.#chunks.length - 1;
    // Sequences nearly always count up by one, so the distance from the newest is the first guess.
    const guess = Math.max(0, high - (newest.header.sequence - sequence));
    if (this.#chunks[guess]!.header.sequence === sequence) return guess;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#chunks[middle]!.header.sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets everything. */
  clear(): void {
    this.#chunks = [];
    this.#groups = [];
    this.#inits = [];
    this.#bytes = 0;
    this.#lost = -1;
    this.#timeline = 0;
  }

  #findInit(id: Bytes) {
    return this.#inits.findLast(({ init }) => init.id.every((byte, i) => byte === id[i]));
  }

  #addGroup(group: number): void {
    let at = this.#groups.length;
    while (at > 0 && this.#groups[at - 1]! > group) at--;
    if (this.#groups[at - 1] !== group) this.#groups.splice(at, 0, group);
  }

  #evict(now: Millis): void {
    let count = 0;
    let bytes = this.#bytes;
    while (this.#groups.length > 1) {
      const end = this.indexFrom(this.#groups[1]!);
      const last = this.#chunks[end - 1];
      const tooOld = last !== undefined && now - last.heldAt > this.#limits.maxAgeMs;
      if (!tooOld && bytes <= this.#limits.maxBytes) break;
      for (; count < end; count++) bytes -= this.#chunks[count]!.message.length;
      this.#groups.shift();
    }
    // A group that alone is over the limit loses its beginning; nobody can join there any more.
    while (bytes > this.#limits.maxBytes && count < this.#chunks.length - 1) {
      bytes -= this.#chunks[count++]!.message.length;
    }
    if (count === 0) return;
    for (const { header } of this.#chunks.splice(0, count)) {
      this.#release(header.initId);
      this.#lost = header.sequence;
    }
    this.#bytes = bytes;
  }

  #release(id: Bytes): void {
    const entry = this.#findInit(id);
    if (entry && --entry.uses === 0) this.#inits.splice(this.#inits.indexOf(entry), 1);
  }
}
