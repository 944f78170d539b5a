// A peer that a viewer is connected with, or about to be: what it gives, what it takes, what it holds, and how fast it answers.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';

/** The last chunks sent to a neighbour that are remembered, so that none goes twice: a power of two. */
const SENT = 128;
/** Round trips looked at together. */
const LATEST = 3;
/** Bytes of the bitmap of what it holds. */
const HAVE_BYTES = 64;
const DEFAULT_ROUND_TRIP_MS: Millis = 100;
/** What it holds is known from its news for so long. */
const NEWS_MS: Millis = 1_500;

/** One row of the peer table. */
export class Neighbour {
  readonly id: PeerId;
  /** The connection stands. */
  up = false;
  /** The relay's plan names it, as parent or spare. */
  planned = false;
  /** Bit s: it is the parent in stripe s, or is being tried as such; bit s of `takes`: it is a child in stripe s. */
  gives = 0;
  takes = 0;
  /** When it was last of any use: planned, pushing or taking. */
  usedAt: Millis;
  /** Since when the plan names it; before that, since when it is known. */
  plannedAt: Millis;
  bytesIn = 0;
  bytesOut = 0;
  /** Requests that it has not answered since it last sent something. */
  unanswered = 0;
  /** Looks in a row at which its link had more to send than it carries. */
  crowdedSteps = 0;
  /** When it last promised to have no chunk for us: it is not to be asked again at once. */
  emptyHandedAt: Millis = Number.NEGATIVE_INFINITY;
  /** When it last refused, or failed, to be a parent; and when it was last told to stop pushing. */
  declinedAt: Millis = Number.NEGATIVE_INFINITY;
  strayAt: Millis = Number.NEGATIVE_INFINITY;
  /** Chunks that wait for room on the link, oldest first. */
  readonly queue: number[] = [];
  /** Chunks of the past that it fetches: they go when nothing newer waits. */
  readonly past: number[] = [];
  readonly #sent = new Float64Array(SENT).fill(-1);
  readonly #have = new Uint8Array(HAVE_BYTES);
  #haveAt: Millis = Number.NEGATIVE_INFINITY;
  #haveBase = 0;
  #haveSize = 0;
  #roundTripMs: Millis | undefined;
  readonly #latest: Millis[] = [];
  #shortestMs: Millis = Number.POSITIVE_INFINITY;

  constructor(id: PeerId, now: Millis) {
    this.id = id;
    this.usedAt = this.plannedAt = now;
  }

  /** Smoothed; a guess until measured. */
  get roundTripMs(): Millis {
    return this.#roundTripMs ?? DEFAULT_ROUND_TRIP_MS;
  }

  /** Null until measured. */
  get measuredRoundTripMs(): Millis | null {
    return this.#roundTripMs ?? null;
  }

  /** How much longer the way has become than it was at its best: queues on it. A single ping may only have been lost. */
  get queueingMs(): Millis {
    return this.#latest.length === 0 ? 0 : Math.min(...this.#latest) - this.#shortestMs;
  }

  /** Notes a round trip. */
  roundTrip(ms: Millis): void {
    this.#roundTripMs = this.#roundTripMs === undefined ? ms : this.#roundTripMs * 0.7 + ms * 0.3;
    this.#latest.push(ms);
    if (this.#latest.length > LATEST) this.#latest.shift();
    // An old best must not make a changed way look jammed for ever.
    this.#shortestMs = Math.min(ms, this.#shortestMs + 0.5);
  }

  /** Notes that a chunk goes to it; false when it went before. */
  markSent(sequence: number): boolean {
    const slot = sequence % SENT;
    if (this.#sent[slot] === sequence) return false;
    this.#sent[slot] = sequence;
    return true;
  }

  /** It asked for the chunk: it may go again. */
  unmarkSent(sequence: number): void {
    const slot = sequence % SENT;
    if (this.#sent[slot] === sequence) this.#sent[slot] = -1;
  }

  /** Notes what it says that it holds. */
  setHave(base: number, bits: Uint8Array, now: Millis): void {
    this.#haveBase = base;
    this.#haveSize = Math.min(bits.length, HAVE_BYTES);
    for (let i = 0; i < this.#haveSize; i++) this.#have[i] = bits[i]!;
    this.#haveAt = now;
  }

  /** Whether it has told lately what it holds. */
  hasNews(now: Millis): boolean {
    return now - this.#haveAt < NEWS_MS;
  }

  /** Whether it has said that it holds a chunk. */
  has(sequence: number): boolean {
    const at = sequence - this.#haveBase;
    if (at < 0 || at >= this.#haveSize * 8) return false;
    return ((this.#have[at >> 3]! >> (at & 7)) & 1) === 1;
  }

  /** The newest sequence that it has said to hold; -1 if none. */
  get newest(): number {
    for (let i = this.#haveSize - 1; i >= 0; i--) {
      const byte = this.#have[i]!;
      if (byte !== 0) return this.#haveBase + i * 8 + (31 - Math.clz32(byte));
    }
    return -1;
  }
}
