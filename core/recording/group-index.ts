// Where the groups of a recording are in its data file: in memory, as the records of the index file, and as JSON columns.

import { ByteReader, type Bytes, ByteWriter } from '../bytes.ts';
import type { Millis, Ticks } from '../time.ts';
import { checksum } from './checksum.ts';

/** One group: a place to play from. */
export interface IndexedGroup {
  /** Of its first chunk. */
  readonly sequence: number;
  readonly timestamp: Ticks;
  /** Unix milliseconds of the relay's clock. */
  readonly capturedAt: Millis;
  /** Of the first chunk's message, in bytes from the start of the data file. */
  readonly offset: number;
  /** Of the `init` message that decodes it, which stands before it, and that message's size. */
  readonly init: number;
  readonly initSize: number;
}

/** The same for many groups: one array a property, all of the same length. */
export type GroupColumns = { readonly [Key in keyof IndexedGroup]: readonly number[] };

/** Bytes of one record of the index file. */
export const INDEX_RECORD_SIZE = 52;

const COLUMNS = ['sequence', 'timestamp', 'capturedAt', 'offset', 'init', 'initSize'] as const;

/** A record of the index file: six doubles and a checksum. */
export function encodeIndexRecord(group: IndexedGroup): Bytes {
  const writer = new ByteWriter(INDEX_RECORD_SIZE);
  for (const column of COLUMNS) writer.f64(group[column]);
  return writer.u32(checksum(writer.finish())).finish();
}

/** Groups in the order in which they were recorded; offsets grow, and so do timestamps. */
export class GroupIndex {
  readonly #groups: IndexedGroup[] = [];

  constructor(groups: Iterable<IndexedGroup> = []) {
    for (const group of groups) this.add(group);
  }

  get size(): number {
    return this.#groups.length;
  }

  get first(): IndexedGroup | undefined {
    return this.#groups[0];
  }

  get last(): IndexedGroup | undefined {
    return this.#groups.at(-1);
  }

  at(index: number): IndexedGroup | undefined {
    return this.#groups[index];
  }

  /** Takes the next group. Throws `RangeError` when it doesn't lie behind the last. */
  add(group: IndexedGroup): void {
    const last = this.last;
    if (last && group.offset <= last.offset) throw new RangeError(`group at ${group.offset} after ${last.offset}`);
    this.#groups.push(group);
  }

  /** The place of the group that shows a channel time: the last that begins there or before; the first, where none does; -1 in an empty index. */
  placeAt(timestamp: Ticks): number {
    return Math.max(
      this.#placeBefore(group => group.timestamp <= timestamp),
      Math.min(0, this.size - 1),
    );
  }

  /** The groups that begin at this offset or behind it. */
  columns(from = 0): GroupColumns {
    const groups = this.#groups.slice(this.#placeBefore(group => group.offset < from) + 1);
    const columnOf = (column: keyof IndexedGroup) => groups.map(group => group[column]);
    return {
      sequence: columnOf('sequence'),
      timestamp: columnOf('timestamp'),
      capturedAt: columnOf('capturedAt'),
      offset: columnOf('offset'),
      init: columnOf('init'),
      initSize: columnOf('initSize'),
    };
  }

  /** The place of the last group of which something holds that holds of those before it. */
  #placeBefore(holds: (group: IndexedGroup) => boolean): number {
    let low = 0;
    let high = this.#groups.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#groups[middle]!))
        low = middle + 1; // middle < length
      else high = middle;
    }
    return low - 1;
  }
}

/** The groups of an index file, as far as it is whole; `isWhole` says whether that is all of it. */
export function decodeIndex(bytes: Bytes): { readonly index: GroupIndex; readonly isWhole: boolean } {
  const index = new GroupIndex();
  for (let at = 0; at < bytes.length; at += INDEX_RECORD_SIZE) {
    const record = bytes.subarray(at, at + INDEX_RECORD_SIZE);
    const group = record.length === INDEX_RECORD_SIZE ? readRecord(record) : undefined;
    if (!group || group.offset <= (index.last?.offset ?? 0)) return { index, isWhole: false };
    index.add(group);
  }
  return { index, isWhole: true };
}

/** Columns as they came from a relay, one group at a time. Throws `TypeError` when they are something else. */
export function* groupsOf(columns: unknown): Generator<IndexedGroup> {
  const [sequence, timestamp, capturedAt, offset, init, initSize] = COLUMNS.map(name => numbers(columns, name));
  for (let i = 0; i < sequence!.length; i++) {
    const group = {
      sequence: sequence![i],
      timestamp: timestamp![i],
      capturedAt: capturedAt![i],
      offset: offset![i],
      init: init![i],
      initSize: initSize![i],
    };
    if (!isWhole(group)) throw new TypeError(`the index's group ${i} is incomplete`);
    yield group;
  }
}

function isWhole(group: { readonly [Key in keyof IndexedGroup]: unknown }): group is IndexedGroup {
  return COLUMNS.every(column => Number.isSafeInteger(group[column]) && Number(group[column]) >= 0);
}

function numbers(columns: unknown, name: string): readonly unknown[] {
  // Any object may be asked for any property.
  const column = typeof columns === 'object' && columns ? (columns as Record<string, unknown>)[name] : undefined;
  if (!Array.isArray(column)) throw new TypeError(`the index has no column "${name}"`);
  return column;
}

function readRecord(record: Bytes): IndexedGroup | undefined {
  const reader = new ByteReader(record);
  const [sequence, timestamp, capturedAt] = [reader.f64(), reader.f64(), reader.f64()];
  const group = { sequence, timestamp, capturedAt, offset: reader.f64(), init: reader.f64(), initSize: reader.f64() };
  return reader.u32() === checksum(record.subarray(0, -4)) && isWhole(group) ? group : undefined;
}
