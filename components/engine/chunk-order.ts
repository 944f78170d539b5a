// Puts verified chunks into sequence order, tells gaps and epochs, and holds chunks whose init document has not come yet.

import { type Bytes, toHex } from '../../core/bytes.ts';
import { type Chunk, startsGroup } from '../../core/chunk.ts';
import { decodeInit, type InitDocument } from '../../core/init-document.ts';
import type { Millis } from '../../core/time.ts';

/** What comes out, in stream order. */
export type OrderedEvent =
  /** The chunks that follow belong to this init document; `chunk` is the first of them and follows as an event of its own. */
  | { readonly type: 'epoch'; readonly init: InitDocument; readonly chunk: Chunk }
  /** Bytes are missing before the next chunk: of that one, only what follows its entry can be used. */
  | { readonly type: 'gap' }
  | { readonly type: 'chunk'; readonly chunk: Chunk };

/** How long to wait for what is missing, and how much to hold meanwhile. */
export interface OrderLimits {
  /** How long a hole may persist while later chunks are there, at least: see `buffered`. */
  readonly patienceMs: Millis;
  /** The same for a hole before a new epoch, which is there whenever a publisher restarted. */
  readonly epochPatienceMs: Millis;
  /** While what is missing comes in, one chunk after the other, each next one is waited for so long, whatever the patience. */
  readonly progressMs: Millis;
  /** How long chunks wait for their init document. */
  readonly initPatienceMs: Millis;
  /** Most bytes held, in bytes of whole chunks. */
  readonly maxBytes: number;
}

const DEFAULT_LIMITS: OrderLimits = {
  patienceMs: 900,
  epochPatienceMs: 250,
  progressMs: 200,
  initPatienceMs: 3_000,
  maxBytes: 16 * 1024 * 1024,
};

/** Most init documents remembered: those of the newest epochs. */
const MAX_INITS = 8;

/** However much is buffered, a hole is given up after so long. */
const MAX_PATIENCE_MS: Millis = 4_000;
/** Playback may stop so long before the end of what there is. */
const LEFT_MS: Millis = 150;
/** Once all that was released has been played: so long the picture stands rather than that the rest of its group is left out… */
const LATE_MS: Millis = 300;
/** …and so long where nothing could be shown without what is missing, as no group that follows has begun. */
const STUCK_MS: Millis = 1_500;
/** Most left-out ranges remembered. */
const MAX_SKIPS = 16;

/** One track's chunks in any order -> the same in sequence order. Starts at the first group start it can have. */
export class ChunkOrder {
  readonly #limits: OrderLimits;
  /** Chunks that can't be released yet, by sequence, and when they came: the one that came first stands first. */
  readonly #held = new Map<number, { readonly chunk: Chunk; readonly at: Millis }>();
  #heldBytes = 0;
  readonly #inits = new Map<string, InitDocument>();
  #next: number | undefined;
  #epoch: number | undefined;
  #epochInit = '';
  /** When a chunk last came that was the next one. */
  #progressAt: Millis = Number.NEGATIVE_INFINITY;
  #gapBefore = false;
  #rejoining = true;
  /** Until then what is released plays. */
  #dryAt: Millis = Number.NEGATIVE_INFINITY;
  /** Ranges that the sender leaves out. */
  #skips: { readonly from: number; readonly to: number }[] = [];
  /** Since when only chunks have come that are older than what was released. */
  #staleSince: Millis | undefined;
  #gaps = 0;
  #repeated = 0;

  constructor(limits: Partial<OrderLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** The sequence to be released next; nothing before the first chunk came. */
  get next(): number | undefined {
    return this.#next;
  }

  /** How many times bytes were missing. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Chunks that came although they were held or released already. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Bytes of the chunks that wait. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes an encoded init document; `id` as in hexadecimal. Throws `ProtocolViolation` when it is malformed. */
  addInit(document: Bytes, id: string): OrderedEvent[] {
    this.#inits.delete(id);
    this.#inits.set(id, decodeInit(document));
    for (const old of this.#inits.keys()) {
      if (this.#inits.size <= MAX_INITS) break;
      if (old !== this.#epochInit) this.#inits.delete(old);
    }
    return this.#release();
  }

  /** Takes a verified chunk. */
  add(chunk: Chunk, now: Millis): OrderedEvent[] {
    const { sequence, group } = chunk.header;
    if (this.#next === undefined) this.#next = group;
    const events = this.#rejoining && group > this.#next ? this.skip(this.#next, group) : [];
    this.#rejoining = false;
    if (sequence < this.#next && this.#isStuckBehind(now)) this.#restart(group);
    if (sequence < this.#next || this.#held.has(sequence)) {
      this.#repeated++;
      return events;
    }
    if (sequence === this.#next) this.#progressAt = now;
    this.#held.set(sequence, { chunk, at: now });
    this.#heldBytes += chunk.bytes.length;
    events.push(...this.#release());
    while (this.#heldBytes > this.#limits.maxBytes) events.push(...this.#giveUp());
    return events;
  }

  /** The chunks from `from` up to, but without, `to` will not come. */
  skip(from: number, to: number): OrderedEvent[] {
    if (this.#next === undefined || to <= this.#next || to <= from) return [];
    this.#skips.push({ from, to });
    if (this.#skips.length > MAX_SKIPS) this.#skips.shift();
    return this.#release();
  }

  /** Tells for how long what was released still plays: a hole does no harm as long as that lasts. */
  buffered(ms: Millis, now: Millis): void {
    const isStillDry = ms < LEFT_MS && this.#dryAt < now;
    if (!isStillDry) this.#dryAt = now + ms;
  }

  /** A new link begins: it starts at a group of the sender's choice, so a hole before that is final. */
  rejoin(): void {
    this.#rejoining = true;
  }

  /** Gives up what has been missing for too long. */
  poll(now: Millis): OrderedEvent[] {
    const events: OrderedEvent[] = [];
    for (let at = this.wakeAt(); at !== undefined && now >= at; at = this.wakeAt()) events.push(...this.#giveUp());
    return events;
  }

  /** When `poll` has something to do, if ever. */
  wakeAt(): Millis | undefined {
    const head = this.#head();
    const held = head === undefined ? undefined : this.#held.get(head);
    if (!held) return undefined;
    // Of several holes each has been there for as long as something behind it: they must not be waited for one after the other.
    const blockedAt = this.#held.values().next().value!.at; // there is one
    const { patienceMs, progressMs, epochPatienceMs, initPatienceMs } = this.#limits;
    if (head === this.#next) return blockedAt + initPatienceMs;
    const progress = this.#progressAt + progressMs;
    if (held.chunk.header.epoch !== this.#epoch) return Math.max(blockedAt + epochPatienceMs, progress);
    const pointless = this.#dryAt + (this.#holdsGroupStart() ? LATE_MS : STUCK_MS);
    return Math.max(blockedAt + patienceMs, Math.min(pointless, blockedAt + MAX_PATIENCE_MS), progress);
  }

  #holdsGroupStart(): boolean {
    for (const { chunk } of this.#held.values()) if (startsGroup(chunk.header)) return true;
    return false;
  }

  /** The lowest sequence held. */
  #head(): number | undefined {
    let lowest: number | undefined;
    for (const sequence of this.#held.keys()) if (lowest === undefined || sequence < lowest) lowest = sequence;
    return lowest;
  }

  #release(): OrderedEvent[] {
    const events: OrderedEvent[] = [];
    while (this.#next !== undefined) {
      const chunk = this.#held.get(this.#next)?.chunk;
      if (!chunk) {
        if (this.#passSkipped(this.#next)) continue;
        break;
      }
      const id = toHex(chunk.header.initId);
      if (chunk.header.epoch !== this.#epoch || id !== this.#epochInit) {
        const init = this.#inits.get(id);
        if (!init) break;
        this.#epoch = chunk.header.epoch;
        this.#epochInit = id;
        if (!startsGroup(chunk.header)) this.#gapBefore = true;
        events.push({ type: 'epoch', init, chunk });
      }
      if (chunk.header.discontinuity) this.#gapBefore = true;
      if (this.#gapBefore) events.push({ type: 'gap' });
      this.#gapBefore = false;
      events.push({ type: 'chunk', chunk });
      this.#drop(chunk);
      this.#next++;
      this.#staleSince = undefined;
    }
    return events;
  }

  /** Moves on to where sending goes on, when the sender said that it leaves `sequence` out. */
  #passSkipped(sequence: number): boolean {
    this.#skips = this.#skips.filter(skip => skip.to > sequence);
    const skip = this.#skips.find(({ from }) => from <= sequence);
    if (!skip) return false;
    this.#next = Math.min(skip.to, this.#head() ?? skip.to);
    this.#gap();
    return true;
  }

  /** Passes over the hole at the head, or over the head's epoch when its init document is what is missing. */
  #giveUp(): OrderedEvent[] {
    const head = this.#head();
    if (head === undefined) return [];
    if (head !== this.#next) this.#next = head;
    else {
      const lost = this.#held.get(head)!.chunk.header.epoch;
      for (const { chunk } of [...this.#held.values()]) if (chunk.header.epoch === lost) this.#drop(chunk);
      this.#next = this.#head() ?? head + 1;
    }
    this.#gap();
    return this.#release();
  }

  /** Whether nothing but chunks older than what was released has come for long: the publisher numbers anew, from a lower clock. */
  #isStuckBehind(now: Millis): boolean {
    this.#staleSince ??= now;
    return now - this.#staleSince >= this.#limits.initPatienceMs;
  }

  #restart(group: number): void {
    this.#held.clear();
    this.#heldBytes = 0;
    this.#skips = [];
    this.#next = group;
    this.#epoch = undefined;
    this.#staleSince = undefined;
    this.#gap();
  }

  #gap(): void {
    this.#gapBefore = true;
    this.#gaps++;
  }

  #drop(chunk: Chunk): void {
    this.#held.delete(chunk.header.sequence);
    this.#heldBytes -= chunk.bytes.length;
  }
}
