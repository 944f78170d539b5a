// What a viewer knows of the stream itself: what it holds, what exists, what is missing, and how fast it runs.

import { type ChunkHeader, stripeOf } from '../chunk.ts';
import type { Millis } from '../time.ts';
import type { SequenceRing } from './sequence-ring.ts';

/** What is older than this beyond its deadline is given up. */
const GIVEN_UP_MS: Millis = 3_000;
const RATE_MS: Millis = 2_000;
/** A step of the live edge that is longer is a hole or a new epoch, not the rhythm of the stream. */
const MAX_STEP = 64;
/** News from a peer about chunks further ahead are not believed: they would make us look for what doesn't exist. */
const MAX_AHEAD = 256;
/** After so long with nothing but old chunks, they are the new ones. */
const RENUMBERED_MS: Millis = 3_000;

/** One track. */
export class StreamTracker {
  readonly #ring: SequenceRing;
  #epoch = -1;
  #cursor = -1;
  #horizon = -1;
  #intervalMs = 20;
  #kbps = 0;
  #rateSince: { readonly at: Millis; bytes: number } | undefined;
  #lastCapture: Millis = 0;
  /** Since when only chunks have come that are older than all that is remembered. */
  #oldSince: Millis | undefined;

  constructor(ring: SequenceRing) {
    this.#ring = ring;
  }

  /** The lowest sequence that is missing; -1 before the first chunk. */
  get cursor(): number {
    return this.#cursor;
  }

  /** The highest sequence that exists, as far as is known. */
  get horizon(): number {
    return this.#horizon;
  }

  /** Between two chunks that follow each other. */
  get intervalMs(): Millis {
    return this.#intervalMs;
  }

  /** Rate of the chunks with their headers, in kbit/s; 0 while unknown. */
  get kbps(): number {
    return this.#kbps;
  }

  /** Remembers a chunk. After nothing but chunks from the past for long, the publisher numbers anew, from a lower clock: all is forgotten. */
  remember({ sequence, capturedAt }: ChunkHeader, now: Millis): 'kept' | 'old' | 'renumbered' {
    if (this.#ring.add(sequence, capturedAt)) {
      this.#oldSince = undefined;
      return 'kept';
    }
    this.#oldSince ??= now;
    if (now - this.#oldSince < RENUMBERED_MS) return 'old';
    this.#oldSince = undefined;
    this.#ring.clear();
    this.#epoch = this.#cursor = this.#horizon = -1;
    return this.#ring.add(sequence, capturedAt) ? 'renumbered' : 'old';
  }

  /** Notes a chunk that is new and was kept. True when the rate was measured anew. */
  note({ sequence, epoch, group, capturedAt }: ChunkHeader, bytes: number, now: Millis): boolean {
    if (this.#cursor < 0) this.#cursor = group;
    if (epoch > this.#epoch) {
      // Between two epochs there are no sequences.
      if (this.#epoch >= 0) this.#cursor = Math.max(this.#cursor, epoch);
      this.#epoch = epoch;
    }
    if (sequence > this.#horizon) {
      const step = sequence - this.#horizon;
      const elapsed = capturedAt - this.#lastCapture;
      if (this.#horizon >= 0 && step <= MAX_STEP && elapsed >= 0 && elapsed < RATE_MS) {
        this.#intervalMs += (elapsed / step - this.#intervalMs) / 32;
      }
      this.#lastCapture = capturedAt;
      this.#horizon = sequence;
    }
    return this.#measure(bytes, now);
  }

  /** The relay tells the live edge. */
  edge(sequence: number): void {
    if (this.#cursor >= 0 && sequence > this.#horizon) this.#horizon = sequence;
  }

  /** A peer tells what it holds. */
  rumour(sequence: number): void {
    if (sequence < this.#horizon + MAX_AHEAD) this.edge(sequence);
  }

  /** Moves the cursor over what is there, and over what will never be; whether it moved. */
  advance(relayNow: Millis, latencyMs: Millis, isGone: (sequence: number) => boolean): boolean {
    if (this.#cursor < 0) return false;
    const from = this.#cursor;
    while (this.#cursor <= this.#horizon) {
      const isPassed = this.#ring.has(this.#cursor) || isGone(this.#cursor) || this.#isGivenUp(relayNow, latencyMs);
      if (!isPassed) break;
      this.#cursor++;
    }
    return this.#cursor !== from;
  }

  /** The lowest sequence of a stripe that is missing. */
  firstMissing(stripe: number, stripes: number): number {
    if (this.#cursor < 0) return 0;
    for (let sequence = this.#cursor; sequence <= this.#horizon; sequence++) {
      if (stripeOf(sequence, stripes) === stripe && !this.#ring.has(sequence)) return sequence;
    }
    return this.#horizon + 1;
  }

  /** The newest chunks of a stripe that are held, from a sequence on, ascending. */
  heldFrom(stripe: number, stripes: number, from: number, most: number): number[] {
    const held: number[] = [];
    const oldest = Math.max(from, this.#horizon - this.#ring.capacity);
    for (let sequence = this.#horizon; sequence >= oldest && held.length < most; sequence--) {
      if (stripeOf(sequence, stripes) === stripe && this.#ring.has(sequence)) held.push(sequence);
    }
    return held.reverse();
  }

  #measure(bytes: number, now: Millis): boolean {
    this.#rateSince ??= { at: now, bytes: 0 };
    this.#rateSince.bytes += bytes;
    const elapsed = now - this.#rateSince.at;
    if (elapsed < RATE_MS) return false;
    const kbps = (this.#rateSince.bytes * 8) / elapsed;
    // The first seconds bring the past as well.
    this.#kbps = this.#kbps === 0 ? kbps : this.#kbps * 0.6 + kbps * 0.4;
    this.#rateSince = { at: now, bytes: 0 };
    return true;
  }

  /** Whether the chunk at the cursor is so late that nobody waits for it any more. */
  #isGivenUp(relayNow: Millis, latencyMs: Millis): boolean {
    if (this.#horizon - this.#cursor >= this.#ring.capacity - 1) return true;
    const limit = Math.min(this.#horizon, this.#cursor + MAX_STEP);
    for (let next = this.#cursor + 1; next <= limit; next++) {
      if (this.#ring.has(next)) return relayNow - this.#ring.capturedAt(next) > latencyMs + GIVEN_UP_MS;
    }
    return false;
  }
}
