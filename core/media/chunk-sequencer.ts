// Numbers cuts into chunks: sequence, group, epoch, and the channel's timeline, which goes on across epochs and restarts.

import type { Bytes } from '../bytes.ts';
import type { ChunkHeader } from '../chunk.ts';
import { type Container, encodeInit, initId } from '../init-document.ts';
import { type Millis, TICKS_PER_MILLI, type Ticks } from '../time.ts';
import type { ChunkerEvent } from './chunker.ts';

/** What is to be signed and sent, in order. */
export type SequencedEvent =
  | { readonly type: 'init'; readonly document: Bytes }
  | { readonly type: 'chunk'; readonly header: ChunkHeader; readonly payload: Bytes };

interface Epoch {
  readonly start: number;
  readonly initId: Bytes;
  readonly timestampOffset: Ticks;
}

/** A source that goes on within this time of its end (a file that is looped) goes on without a hole. */
const SEAM: Ticks = 9_000;

/**
 * A new epoch begins with the first chunk, after a change of init, and after a jump of source time.
 * The channel's timeline starts at the clock's Unix time × 90 and goes on without going back, so it survives a publisher's restart.
 */
export class ChunkSequencer {
  readonly #container: Container;
  readonly #track: number;
  #next: number;
  #group = 0;
  #epoch: Epoch | undefined;
  #initBytes: Bytes | undefined;
  #pendingEpoch = true;
  /** Channel time at which the last chunk ended. */
  #end: Ticks = 0;
  #lastTimestamp: Ticks = 0;
  #lastArrival: Millis = 0;

  /** `firstSequence`: the publisher's clock in Unix milliseconds, or what the relay asks for if that is higher. */
  constructor(options: { container: Container; track: number; firstSequence: number }) {
    this.#container = options.container;
    this.#track = options.track;
    this.#next = options.firstSequence;
  }

  /** The sequence that the next chunk gets. */
  get nextSequence(): number {
    return this.#next;
  }

  /** Makes sure that the next sequence is at least this. A skip starts an epoch with the next group. */
  raise(sequence: number): void {
    if (sequence > this.#next) {
      this.#next = sequence;
      this.#pendingEpoch = true;
    }
  }

  /** Starts a new epoch at the next group: the source was opened again. */
  restart(): void {
    this.#pendingEpoch = true;
  }

  /** Takes one event of a chunker. Cuts that come before a group can start are left out. */
  take(event: ChunkerEvent): SequencedEvent[] {
    if (event.type === 'init') {
      this.#initBytes = event.bytes;
      this.#pendingEpoch = true;
      return [];
    }
    if (event.type === 'jump') {
      this.#pendingEpoch = true;
      return [];
    }
    if (event.type === 'damage') return [];
    const { cut } = event;
    const out: SequencedEvent[] = [];
    if (this.#pendingEpoch) {
      if (!cut.startsGroup || !this.#initBytes) return [];
      out.push(this.#startEpoch(cut.dts, cut.arrivedAt, this.#initBytes));
    }
    const epoch = this.#epoch!; // set by the first startEpoch, and pendingEpoch is true until then
    const sequence = this.#next++;
    if (cut.startsGroup) this.#group = sequence;
    const timestamp = Math.max(0, cut.dts + epoch.timestampOffset);
    this.#end = Math.max(this.#end, timestamp + cut.duration);
    this.#lastTimestamp = timestamp;
    this.#lastArrival = cut.arrivedAt;
    const header: ChunkHeader = {
      track: this.#track,
      sequence,
      group: this.#group,
      epoch: epoch.start,
      discontinuity: cut.discontinuity,
      end: false,
      timestamp,
      duration: cut.duration,
      entry: cut.entry,
      initId: epoch.initId,
      capturedAt: Math.max(0, Math.round(cut.arrivedAt)),
    };
    out.push({ type: 'chunk', header, payload: cut.payload });
    return out;
  }

  #startEpoch(dts: Ticks, arrivedAt: Millis, bytes: Bytes): SequencedEvent {
    this.#pendingEpoch = false;
    const timestampOffset = Math.round(this.#epochTime(dts, arrivedAt) - dts);
    const document = encodeInit({ container: this.#container, timestampOffset, bytes });
    this.#epoch = { start: this.#next, initId: initId(document), timestampOffset };
    return { type: 'init', document };
  }

  // The clock says where an epoch begins, but a source that only changed its init goes on exactly where it was.
  #epochTime(dts: Ticks, arrivedAt: Millis): Ticks {
    if (!this.#epoch) return Math.round(arrivedAt * TICKS_PER_MILLI);
    const continued = dts + this.#epoch.timestampOffset;
    if (Math.abs(continued - this.#end) < 45_000) return continued;
    const byClock = this.#lastTimestamp + Math.round((arrivedAt - this.#lastArrival) * TICKS_PER_MILLI);
    return byClock - this.#end < SEAM ? this.#end : byClock;
  }
}
