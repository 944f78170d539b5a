// A calendar queue: events of the near future in buckets of a quarter of a millisecond, held in pooled columns instead of objects.

import type { Millis } from '../../core/time.ts';

/** Resolution of simulated time. Events of one bucket happen at the same instant, in the order in which they were added. */
export const TICK_MS: Millis = 0.25;

/** 4 s; events further away go round more than once. */
const BUCKETS = 16_384;
const NONE = -1;

/** Takes one event. `ref` is whatever was given with it. */
export type EventHandler = (kind: number, target: number, a: number, b: number, ref: unknown) => void;

/** Events by time. */
export class EventWheel {
  #tick: number;
  #size = 0;
  #handled = 0;
  readonly #head = new Int32Array(BUCKETS).fill(NONE);
  readonly #tail = new Int32Array(BUCKETS).fill(NONE);
  #free = NONE;
  #kind = new Uint8Array(0);
  #due = new Int32Array(0);
  #next = new Int32Array(0);
  #target = new Int32Array(0);
  #a = new Int32Array(0);
  #b = new Int32Array(0);
  readonly #refs: unknown[] = [];

  constructor(start: Millis) {
    this.#tick = Math.round(start / TICK_MS);
    this.#grow(65_536);
  }

  /** Simulated time. */
  get now(): Millis {
    return this.#tick * TICK_MS;
  }

  /** Events that wait. */
  get size(): number {
    return this.#size;
  }

  /** Events that have happened. */
  get handled(): number {
    return this.#handled;
  }

  /** Adds an event; a time that has passed means now. `target`, `a` and `b` are 32-bit integers. */
  add(at: Millis, kind: number, target: number, a: number, b: number, ref: unknown): void {
    const slot = this.#free === NONE ? this.#grow(this.#kind.length * 2) : this.#free;
    this.#free = this.#next[slot]!;
    this.#due[slot] = Math.max(this.#tick, Math.ceil(at / TICK_MS));
    this.#kind[slot] = kind;
    this.#target[slot] = target;
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#refs[slot] = ref;
    this.#size++;
    this.#append(slot);
  }

  /** Lets everything happen up to a time, which is then the present. */
  run(until: Millis, handle: EventHandler): void {
    const end = Math.floor(until / TICK_MS);
    for (;;) {
      this.#runBucket(handle);
      if (this.#tick >= end) return;
      this.#tick++;
    }
  }

  #runBucket(handle: EventHandler): void {
    const bucket = this.#tick & (BUCKETS - 1);
    let later = NONE;
    let laterTail = NONE;
    for (let slot = this.#head[bucket]!; slot !== NONE; slot = this.#head[bucket]!) {
      this.#head[bucket] = this.#next[slot]!;
      if (this.#head[bucket] === NONE) this.#tail[bucket] = NONE;
      if (this.#due[slot] !== this.#tick) {
        this.#next[slot] = NONE;
        if (later === NONE) later = slot;
        else this.#next[laterTail] = slot;
        laterTail = slot;
        continue;
      }
      const ref = this.#refs[slot];
      this.#refs[slot] = undefined;
      const kind = this.#kind[slot]!;
      const target = this.#target[slot]!;
      const a = this.#a[slot]!;
      const b = this.#b[slot]!;
      this.#next[slot] = this.#free;
      this.#free = slot;
      this.#size--;
      this.#handled++;
      handle(kind, target, a, b, ref);
    }
    this.#head[bucket] = later;
    this.#tail[bucket] = laterTail;
  }

  #append(slot: number): void {
    const bucket = this.#due[slot]! & (BUCKETS - 1);
    const last = this.#tail[bucket]!;
    this.#next[slot] = NONE;
    if (last === NONE) this.#head[bucket] = slot;
    else this.#next[last] = slot;
    this.#tail[bucket] = slot;
  }

  #grow(capacity: number): number {
    const from = this.#kind.length;
    const longer = (column: Int32Array<ArrayBuffer>) => {
      const grown = new Int32Array(capacity);
      grown.set(column);
      return grown;
    };
    const kind = new Uint8Array(capacity);
    kind.set(this.#kind);
    this.#kind = kind;
    this.#due = longer(this.#due);
    this.#next = longer(this.#next);
    this.#target = longer(this.#target);
    this.#a = longer(this.#a);
    this.#b = longer(this.#b);
    for (let slot = capacity - 1; slot >= from; slot--) {
      this.#refs[slot] = undefined;
      this.#next[slot] = slot === capacity - 1 ? this.#free : slot + 1;
    }
    this.#free = from;
    return from;
  }
}
