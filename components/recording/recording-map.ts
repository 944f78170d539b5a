// Where the groups of a recording are, in its bytes and in its time, as far as the relay has told.

import { GroupIndex, groupsOf, type IndexedGroup } from '../../core/recording/group-index.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';

/** A stretch of the data file: `to` is the first byte behind it. */
export interface ByteSpan {
  readonly from: number;
  readonly to: number;
}

/** Of one recording; grows while that runs. */
export class RecordingMap {
  readonly groups = new GroupIndex();
  /** Where the last chunk ends, in the data file and in channel time. */
  end = 0;
  endTimestamp: Ticks = 0;
  /** More is to come. */
  running = false;

  /** From which offset on it is to be told more. */
  get unknown(): number {
    return (this.groups.last?.offset ?? -1) + 1;
  }

  /** Takes what the relay answered for `unknown`, or for something before it. Throws `TypeError` or `RangeError` when it is no index. */
  take(answer: unknown): void {
    const { groups, end, endTimestamp, running } = fieldsOf(answer);
    if (!isCount(end) || !isCount(endTimestamp)) throw new TypeError('the index has no end');
    for (const group of groupsOf(groups)) if (group.offset >= this.unknown) this.groups.add(group);
    this.end = Math.max(this.end, end);
    this.endTimestamp = Math.max(this.endTimestamp, endTimestamp);
    this.running = running === true;
  }

  /** Channel time at which it begins. */
  get start(): Ticks {
    return this.groups.first?.timestamp ?? 0;
  }

  /** In seconds. */
  get duration(): number {
    return Math.max(0, this.endTimestamp - this.start) / TICKS_PER_SECOND;
  }

  /** The place of the group that a chunk belongs to; -1 where there is none. */
  placeOf(sequence: number): number {
    return this.#placeBefore(group => group.sequence <= sequence);
  }

  /** The place of the group whose bytes are here, or stand before; -1 where there is none. */
  placeByOffset(offset: number): number {
    return this.#placeBefore(group => group.offset <= offset);
  }

  /** The first sequence behind a group; `Infinity` for the last one. */
  sequenceAfter(place: number): number {
    return this.groups.at(place + 1)?.sequence ?? Number.POSITIVE_INFINITY;
  }

  /** The bytes of a group's chunks, as far as there are any yet. */
  bytesOf(place: number): ByteSpan {
    const group = this.groups.at(place);
    if (!group) return { from: this.end, to: this.end };
    const next = this.groups.at(place + 1);
    // What decodes the next group may stand between the two.
    const to = next ? (next.init > group.offset ? next.init : next.offset) : this.end;
    return { from: group.offset, to: Math.max(group.offset, to) };
  }

  /** Whether more of this group is to come. */
  isOpen(place: number): boolean {
    return this.running && place === this.groups.size - 1;
  }

  /** The group that shows a time, as a place; the nearest one outside of the recording. */
  placeAt(timestamp: Ticks): number {
    return Math.max(0, this.groups.placeAt(timestamp));
  }

  /** One that exists. Throws `RangeError`. */
  group(place: number): IndexedGroup {
    const group = this.groups.at(place);
    if (!group) throw new RangeError(`group ${place} of ${this.groups.size}`);
    return group;
  }

  /** The last group of which something holds that holds of all before it. */
  #placeBefore(holds: (group: IndexedGroup) => boolean): number {
    let low = 0;
    let high = this.groups.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.group(middle))) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function fieldsOf(answer: unknown): Readonly<Record<string, unknown>> {
  if (typeof answer !== 'object' || !answer) throw new TypeError('the index is no object');
  return answer as Record<string, unknown>; // any object may be asked for any property
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
