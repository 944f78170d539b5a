// How far a viewer has been served, stripe by stripe: which chunks it is to get, and from where on.

import type { Resume } from '../../core/wire/subscribe.ts';

/** A cursor for each stripe that is pushed. */
export class StripeCursors {
  /** The lowest sequence not sent yet, of each stripe; infinite: it isn't pushed. */
  #next: number[];
  #mask: number;

  /** All stripes, from a sequence on. */
  constructor(from: number) {
    this.#next = [from];
    this.#mask = 1;
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
    return Math.min(...this.#next);
  }

  /** Whether all stripes that are pushed have been sent equally far. */
  get even(): boolean {
    const { lowest } = this;
    return this.#next.every(next => next === lowest || next === Number.POSITIVE_INFINITY);
  }

  /** Whether a chunk is to be sent still. */
  wants(sequence: number): boolean {
    return sequence >= this.#next[sequence % this.#next.length]!;
  }

  /** Everything below a sequence is done with. */
  advance(to: number): void {
    for (let s = 0; s < this.#next.length; s++) if (this.#next[s]! < to) this.#next[s] = to;
    this.#unite();
  }

  /** Pushes these stripes and no others: those that were not pushed before from `from` on. */
  push({ count, stripes }: Omit<Resume, 'from'>, from: number): void {
    const before = this.#next;
    const everything = this.#mask === 1 && before.length === 1 ? before[0]! : undefined;
    const next = Array.from({ length: count }, (_, s) => {
      if (((stripes >> s) & 1) === 0) return Number.POSITIVE_INFINITY;
      if (everything !== undefined) return everything;
      const pushed = before.length === count ? before[s]! : Number.POSITIVE_INFINITY;
      return pushed === Number.POSITIVE_INFINITY ? from : pushed;
    });
    this.#mask = stripes;
    this.#next = next;
    this.#unite();
  }

  #unite(): void {
    const { length } = this.#next;
    if (length === 1 || this.#mask !== 2 ** length - 1 || !this.even) return;
    this.#next = [this.lowest];
    this.#mask = 1;
  }
}
