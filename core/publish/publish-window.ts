// The newest chunks, kept until the relay has them and for a relay that comes back empty; bounded, whole groups at a time.

import { type Bytes, toHex } from '../bytes.ts';
import { type Chunk, startsGroup } from '../chunk.ts';
import type { Ticks } from '../time.ts';

/** Most payload and header bytes held, unless told otherwise. */
export const WINDOW_BYTES = 4_194_304;

/** What is to be sent next: an init document before the first chunk that names it. */
export type Sendable =
  | { readonly type: 'init'; readonly document: Bytes }
  | { readonly type: 'chunk'; readonly chunk: Chunk };

/** Holds the newest group, and older chunks as long as they were not sent. No I/O, no clock. */
export class PublishWindow {
  readonly #maxBytes: number;
  #chunks: Chunk[] = [];
  #size = 0;
  /** Index of the first chunk that was not sent. */
  #unsent = 0;
  /** Documents by the hexadecimal id that headers name them by. */
  readonly #inits = new Map<string, Bytes>();
  #sentInit: string | undefined;
  /** Chunks are refused until a group starts: the beginning of theirs was dropped. */
  #headless = false;
  #dropped = 0;

  constructor(maxBytes: number = WINDOW_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes held. */
  get size(): number {
    return this.#size;
  }

  /** How many chunks were dropped unsent so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Channel time of the oldest chunk that was not sent and of the newest; undefined when all were. */
  get waiting(): { readonly from: Ticks; readonly to: Ticks } | undefined {
    const first = this.#chunks[this.#unsent];
    return first && { from: first.header.timestamp, to: this.#chunks.at(-1)!.header.timestamp }; // there is one at least
  }

  /** Gives up what was not sent: what follows is taken from the next group on. */
  dropUnsent(): void {
    const unsent = this.#chunks.length - this.#unsent;
    if (unsent === 0) return;
    this.#dropped += unsent;
    this.#headless = true;
    for (const chunk of this.#chunks.splice(this.#unsent)) this.#size -= chunk.bytes.length;
  }

  /** An init document and its id; the chunks that name it follow. */
  addInit(id: Bytes, document: Bytes): void {
    this.#inits.set(toHex(id), document);
  }

  /** The next chunk of the track. */
  add(chunk: Chunk): void {
    if (this.#headless && !startsGroup(chunk.header)) {
      this.#dropped++;
      return;
    }
    this.#headless = false;
    this.#chunks.push(chunk);
    this.#size += chunk.bytes.length;
    this.#shrink();
  }

  /** What to send next, if anything; it then counts as sent. */
  next(): Sendable | undefined {
    const chunk = this.#chunks[this.#unsent];
    if (!chunk) return undefined;
    const id = toHex(chunk.header.initId);
    if (id !== this.#sentInit) {
      this.#sentInit = id;
      const document = this.#inits.get(id);
      if (document) return { type: 'init', document };
    }
    // Groups before the one being sent are of no use to a relay that comes back empty.
    if (startsGroup(chunk.header)) this.#drop(this.#unsent);
    this.#unsent++;
    return { type: 'chunk', chunk };
  }

  /**
   * A new session, whose relay wants nothing below `nextSequence`: goes on exactly there if the relay has all that went before,
   * else at the oldest group start held that it wants. Returns how many chunks held are left out.
   */
  resume(nextSequence: number): number {
    this.#sentInit = undefined;
    let at = this.#chunks.findIndex(chunk => chunk.header.sequence >= nextSequence);
    if (at < 0) at = this.#chunks.length;
    const seamless = this.#chunks[at]?.header.sequence === nextSequence;
    if (!seamless) while (at < this.#chunks.length && !startsGroup(this.#chunks[at]!.header)) at++;
    // Nothing to start with: what follows must start a group too, unless it goes on where the relay is.
    if (at === this.#chunks.length && this.#chunks.length > 0 && !this.#continues(nextSequence)) this.#headless = true;
    const lost = Math.max(0, at - this.#unsent);
    this.#dropped += lost;
    this.#unsent = at;
    return lost;
  }

  #continues(nextSequence: number): boolean {
    const last = this.#chunks.at(-1);
    return last !== undefined && last.header.sequence + 1 === nextSequence;
  }

  #shrink(): void {
    while (this.#size > this.#maxBytes) {
      if (this.#unsent > 0) {
        this.#drop(1);
        continue;
      }
      let end = 1;
      while (end < this.#chunks.length && !startsGroup(this.#chunks[end]!.header)) end++;
      this.#dropped += end;
      this.#headless = end === this.#chunks.length;
      this.#drop(end);
    }
  }

  #drop(count: number): void {
    for (const chunk of this.#chunks.splice(0, count)) this.#size -= chunk.bytes.length;
    this.#unsent = Math.max(0, this.#unsent - count);
    if (this.#inits.size < 2) return;
    const named = new Set(this.#chunks.map(chunk => toHex(chunk.header.initId)));
    const latest = [...this.#inits.keys()].at(-1);
    for (const id of this.#inits.keys()) if (!named.has(id) && id !== latest) this.#inits.delete(id);
  }
}
