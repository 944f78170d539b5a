// How far a viewer has been served, stripe by stripe: which chunks it is to get, and from where on.

import { stripeOf } from '../../core/chunk.ts';
import type { Resume } from '../../core/wire/subscribe.ts';

/** Stands for "not pushed" among cursors. */
const NEVER = Number.POSITIVE_INFINITY;

/** A cursor for each stripe that is pushed. */
export class StripeCursors {
  /** The lowest sequence not sent yet, of each stripe. */
  #next: number[];
  #mask: number;
  #lowest: number;
  #even = true;

  /** All stripes, from a sequence on. */
  constructor(from: number) {
    this.#next = [from];
    this.#mask = 1;
    this.#lowest = from;
  }

  /** How many stripes there are. */
  get count(): number {
    return this.#next.length;
  }

  /** Bit s: stripe s is pushed. All of them are told as 1 of 1, so that all such viewers are alike. */
  get mask(): number {
    return this.#mask;
  }

  /** The lowest sequence that may have to be sent next; infinite when nothing is pushed. */
  get lowest(): number {
    return this.#lowest;
  }

  /** Whether all stripes that are pushed have been sent equally far. */
  get even(): boolean {
    return this.#even;
  }

  /** Whether a chunk is to be sent still. */
  wants(sequence: number): boolean {
    return sequence >= this.#next[stripeOf(sequence, this.#next.length)]!;
  }

  /** Everything below a sequence is done with. */
  advance(to: number): void {
    for (let s = 0; s < this.#next.length; s++) if (this.#next[s]! < to) this.#next[s] = to;
    this.#look();
  }

  /** Pushes these stripes and no others: those that were not pushed before from `from` on. */
  push({ count, stripes }: Omit<Resume, 'from'>, from: number): void {
    const before = this.#next;
    const everything = this.#mask === 1 && before.length === 1 ? this.#lowest : undefined;
    this.#mask = stripes;
    this.#next = Array.from({ length: count }, (_, s) => {
      if (((stripes >> s) & 1) === 0) return NEVER;
      const pushed = everything ?? (before.length === count ? before[s]! : NEVER);
      return pushed === NEVER ? from : pushed;
    });
    this.#look();
  }

  #look(): void {
    const next = this.#next;
    this.#lowest = next[0]!;
    this.#even = true;
    if (next.length === 1) return;
    for (const cursor of next) if (cursor < this.#lowest) this.#lowest = cursor;
    this.#even = next.every(cursor => cursor === this.#lowest || cursor === NEVER);
    if (!this.#even || this.#mask !== 2 ** next.length - 1) return;
    this.#next = [this.#lowest];
    this.#mask = 1;
  }
}
