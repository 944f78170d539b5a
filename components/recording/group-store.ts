// The chunks of a recording that are held here, group by group: for the viewer's own going back and forth, and for others.

import type { Chunk } from '../../core/chunk.ts';
import type { HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { chunk as chunkMessage } from '../../core/wire/index.ts';
import type { RecordingMap } from './recording-map.ts';

interface HeldGroup {
  readonly chunks: Map<number, HeldChunk>;
  bytes: number;
  /** Up to here the data file has been read. */
  readTo: number;
}

/** Bounded: what is farthest from the viewer goes first. */
export class GroupStore {
  /** Called when a group has become whole, or is gone, with its sequences. */
  changed: (sequences: readonly number[]) => void = () => {};
  readonly #map: RecordingMap;
  readonly #maxBytes: number;
  readonly #groups = new Map<number, HeldGroup>();
  readonly #whole = new Set<number>();
  #bytes = 0;

  constructor(map: RecordingMap, maxBytes: number) {
    this.#map = map;
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all messages held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The groups that are held in whole. */
  get whole(): ReadonlySet<number> {
    return this.#whole;
  }

  /** The chunk with this sequence. */
  get(sequence: number): HeldChunk | undefined {
    return this.#groups.get(this.#map.placeOf(sequence))?.chunks.get(sequence);
  }

  /** The sequences held of a group, ascending. */
  sequencesOf(place: number): number[] {
    return [...(this.#groups.get(place)?.chunks.keys() ?? [])].sort((a, b) => a - b);
  }

  /** Whether all that the recording has of a group by now is here. */
  isWhole(place: number): boolean {
    return this.#whole.has(place) || this.#isRead(place);
  }

  /** From which offset on a group has to be read. */
  readTo(place: number): number {
    return Math.max(this.#map.bytesOf(place).from, this.#groups.get(place)?.readTo ?? 0);
  }

  /** Holds a chunk of a known group; false when it is held already, or of none. */
  insert(chunk: Chunk, init: HeldInit, now: number): boolean {
    const { header } = chunk;
    const place = this.#map.placeOf(header.sequence);
    if (place < 0) return false;
    const group = this.#group(place);
    if (group.chunks.has(header.sequence)) return false;
    const message = encodeMessage(chunkMessage, chunk);
    // The chunk's own id is a view of the bytes that came, which must not stay as well.
    group.chunks.set(header.sequence, { header: { ...header, initId: init.id }, init, message, heldAt: now });
    group.bytes += message.length;
    this.#bytes += message.length;
    this.#note(place);
    return true;
  }

  /** The data file has been read from the group's start, or from where it was read to before, up to this offset. */
  read(place: number, to: number): void {
    const group = this.#group(place);
    group.readTo = Math.max(group.readTo, to);
    this.#note(place);
  }

  /** Lets go of what is over the limit; what lies between the two places stays. */
  trim(from: number, to: number): void {
    while (this.#bytes > this.#maxBytes) {
      let farthest: number | undefined;
      let distance = 0;
      for (const place of this.#groups.keys()) {
        const away = place < from ? from - place : place > to ? place - to : 0;
        if (away > distance) [farthest, distance] = [place, away];
      }
      if (farthest === undefined) return;
      const sequences = this.sequencesOf(farthest);
      this.#bytes -= this.#groups.get(farthest)!.bytes; // one of its keys
      this.#groups.delete(farthest);
      if (this.#whole.delete(farthest)) this.changed(sequences);
    }
  }

  #group(place: number): HeldGroup {
    let group = this.#groups.get(place);
    if (!group) {
      group = { chunks: new Map(), bytes: 0, readTo: this.#map.bytesOf(place).from };
      this.#groups.set(place, group);
    }
    return group;
  }

  #isRead(place: number): boolean {
    const group = this.#groups.get(place);
    if (!group) return false;
    const { from, to } = this.#map.bytesOf(place);
    return group.readTo >= to || group.bytes >= to - from;
  }

  #note(place: number): void {
    if (this.#whole.has(place) || this.#map.isOpen(place) || !this.#isRead(place)) return;
    this.#whole.add(place);
    this.changed(this.sequencesOf(place));
  }
}
