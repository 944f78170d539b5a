// Figures over time within bounded memory: columns of so many steps, the oldest of which the newest replaces.

import type { Millis } from '../../core/time.ts';

/** One moment: gauges, of which some may be unknown, and counts by kind, where a kind that isn't named has none. */
export interface Sample {
  readonly gauges: Readonly<Record<string, number | null>>;
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Kinds of one sort that have a column of their own; the others go together. */
const MAX_KINDS = 24;
export const OTHER = 'other';

export class SeriesRing {
  readonly stepMs: Millis;
  readonly #length: number;
  readonly #gauges = new Map<string, Column>();
  readonly #counts = new Map<string, Map<string, Column>>();
  /** Samples of the newest step. */
  #samples = 0;
  #slot: number | undefined;
  #first = 0;

  constructor(stepMs: Millis, length: number) {
    this.stepMs = stepMs;
    this.#length = length;
  }

  /** Takes a sample at a time of a steady clock that never goes back; several of one step are averaged. */
  add({ gauges, counts }: Sample, now: Millis): void {
    this.#turn(Math.floor(now / this.stepMs));
    this.#samples++;
    for (const [name, value] of Object.entries(gauges)) if (value !== null) this.#gauge(name).add(value);
    for (const [sort, kinds] of Object.entries(counts)) {
      const columns = this.#columnsOf(sort);
      for (const [kind, count] of Object.entries(kinds)) this.#kind(columns, kind).add(count);
      // A kind that nobody is of counts as none.
      for (const column of columns.values()) column.settle(this.#samples);
    }
  }

  /** When the steps after `from` end, by the steady clock. */
  times(from: Millis): Millis[] {
    return this.#slots(from).map(slot => (slot + 1) * this.stepMs);
  }

  /** A gauge's values; NaN where it is unknown. */
  gauge(name: string, from: Millis): number[] {
    return this.#read(this.#gauges.get(name), from);
  }

  /** The columns of a sort, by kind; those with nothing in them are left out. */
  counts(sort: string, from: Millis): Map<string, number[]> {
    const columns = new Map<string, number[]>();
    for (const [kind, column] of this.#counts.get(sort) ?? []) {
      const values = this.#read(column, from);
      if (values.some(value => value > 0)) columns.set(kind, values);
    }
    return columns;
  }

  #slots(from: Millis): number[] {
    if (this.#slot === undefined) return [];
    const first = Math.max(this.#first, this.#slot - this.#length + 1, Math.floor(from / this.stepMs));
    return Array.from({ length: Math.max(0, this.#slot - first + 1) }, (_, index) => first + index);
  }

  #read(column: Column | undefined, from: Millis): number[] {
    return this.#slots(from).map(slot => column?.at(slot) ?? Number.NaN);
  }

  #turn(slot: number): void {
    const before = this.#slot;
    if (before !== undefined && slot <= before) return;
    this.#slot = slot;
    this.#samples = 0;
    if (before === undefined) this.#first = slot;
    for (const column of this.#gauges.values()) column.turn(slot);
    for (const [, columns] of this.#counts) {
      for (const [kind, column] of columns) {
        column.turn(slot);
        if (column.isEmpty) columns.delete(kind);
      }
    }
  }

  #gauge(name: string): Column {
    let column = this.#gauges.get(name);
    if (!column) {
      column = new Column(this.#length, this.#slot!); // set by the turn before
      this.#gauges.set(name, column);
    }
    return column;
  }

  #columnsOf(sort: string): Map<string, Column> {
    const columns = this.#counts.get(sort) ?? new Map<string, Column>();
    this.#counts.set(sort, columns);
    return columns;
  }

  #kind(columns: Map<string, Column>, kind: string): Column {
    const name = columns.has(kind) || columns.size < MAX_KINDS ? kind : OTHER;
    let column = columns.get(name);
    if (!column) {
      column = new Column(this.#length, this.#slot!); // set by the turn before
      columns.set(name, column);
    }
    return column;
  }
}

/** One figure over time. */
class Column {
  readonly #values: Float32Array;
  #slot: number;
  #sum = 0;
  #count = 0;

  constructor(length: number, slot: number) {
    this.#values = new Float32Array(length).fill(Number.NaN);
    this.#slot = slot;
  }

  /** Nothing but zeros and unknowns. */
  get isEmpty(): boolean {
    return !this.#values.some(value => value > 0);
  }

  add(value: number): void {
    this.#sum += value;
    this.#count++;
    this.#values[this.#slot % this.#values.length] = this.#sum / this.#count;
  }

  /** The step has so many samples, whether they named this or not. */
  settle(samples: number): void {
    this.#count = samples;
    this.#values[this.#slot % this.#values.length] = this.#sum / samples;
  }

  turn(slot: number): void {
    const length = this.#values.length;
    for (let at = Math.max(this.#slot + 1, slot - length + 1); at <= slot; at++) this.#values[at % length] = Number.NaN;
    this.#slot = slot;
    this.#sum = this.#count = 0;
  }

  at(slot: number): number {
    return this.#values[slot % this.#values.length]!; // within its length
  }
}
