// From a source's bytes to what is to be signed: chunks, numbers, and joins a backlog at its last keyframe. No I/O, no clock.

import { type Bytes, concat, NO_BYTES } from '../bytes.ts';
import type { Container } from '../init-document.ts';
import { ChunkSequencer, type SequencedEvent } from '../media/chunk-sequencer.ts';
import type { Chunker, ChunkerEvent, Cut } from '../media/chunker.ts';
import { type Millis, TICKS_PER_MILLI } from '../time.ts';

/** What comes out, in order. */
export type PipelineEvent = SequencedEvent | { readonly type: 'note'; readonly reason: string; readonly bytes: number };

export interface PipelineOptions {
  /** A chunker for what begins with these bytes; undefined while they are too few to tell, unless they are `complete`. What it throws ends the push. */
  readonly createChunker: (head: Bytes, complete: boolean) => Chunker | undefined;
  readonly firstSequence: number;
  /** Steady time -> the relay's time. */
  readonly toRelay: (steady: Millis) => Millis;
}

/** Of a joined backlog no capture time is put back by more than this. */
const MAX_AGE_MS: Millis = 30_000;
/** A backlog's group that grows beyond this is not kept whole: the next one is waited for. */
const MAX_BACKLOG = 64 * 1_048_576;

/** One track's way from bytes to numbered chunks, over all reopenings of its source. */
export class ChunkPipeline {
  readonly #options: PipelineOptions;
  #chunker: Chunker | undefined;
  #sequencer: ChunkSequencer | undefined;
  #sequencerOf: Container | undefined;
  #next: number;
  #head: Bytes = NO_BYTES;
  #backlog: { init: ChunkerEvent | undefined; cuts: Cut[]; size: number; at: Millis } | undefined;
  #lost = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#next = options.firstSequence;
  }

  /** The container, once it is known. */
  get container(): Container | undefined {
    return this.#chunker?.container;
  }

  /** The relay wants no sequence below this. */
  raise(sequence: number): void {
    this.#next = Math.max(this.#next, sequence);
    this.#sequencer?.raise(sequence);
  }

  /** The next bytes, which arrived at `now` (steady time). Of a backlog only the newest group comes out, when it ends. Throws `NotThisMedia`, or as `createChunker` does. */
  push(bytes: Bytes, now: Millis, backlog = false): PipelineEvent[] {
    const chunker = this.#chunker ?? this.#start(bytes, false);
    if (!chunker) return [];
    const input = this.#head.length > 0 ? this.#head : bytes;
    this.#head = NO_BYTES;
    if (backlog) {
      this.#backlog ??= { init: undefined, cuts: [], size: 0, at: now };
      this.#backlog.at = now;
    }
    const events = input.length > 0 ? chunker.push(input, now) : [];
    if (!backlog) return [...this.#endBacklog(), ...this.#number(events)];
    for (const event of events) this.#keep(event);
    return [];
  }

  /** Cuts what has waited long enough. */
  poll(now: Millis): PipelineEvent[] {
    return this.#backlog ? [] : this.#number(this.#chunker?.poll(now) ?? []);
  }

  /** When `poll` would have something to do. */
  wakeAt(): Millis | undefined {
    return this.#backlog ? undefined : this.#chunker?.wakeAt();
  }

  /** Bytes are missing, or the source ended or starts over: what follows starts at a group. `restarted`: in a new epoch, of any container. */
  break(now: Millis, restarted: boolean): PipelineEvent[] {
    const out: PipelineEvent[] = [];
    if (this.#chunker) out.push(...this.#endBacklog(), ...this.#number(this.#chunker.flush(now)));
    this.#head = NO_BYTES;
    this.#lost = true;
    if (restarted) {
      this.#chunker = undefined;
      this.#sequencer?.restart();
    }
    return out;
  }

  /** The source has ended: throws as `createChunker` does when not enough came to tell what it was. */
  end(now: Millis): PipelineEvent[] {
    if (!this.#chunker && this.#head.length > 0) {
      this.#start(NO_BYTES, true);
      if (this.#chunker) return [...this.push(NO_BYTES, now), ...this.break(now, true)];
    }
    return this.break(now, true);
  }

  #start(bytes: Bytes, complete: boolean): Chunker | undefined {
    this.#head = this.#head.length > 0 ? concat([this.#head, bytes]) : bytes;
    this.#chunker = this.#options.createChunker(this.#head, complete);
    if (!this.#chunker) return undefined;
    const { container } = this.#chunker;
    if (this.#sequencerOf !== container) {
      const firstSequence = Math.max(this.#next, this.#sequencer?.nextSequence ?? 0);
      this.#sequencer = new ChunkSequencer({ container, track: 0, firstSequence });
      this.#sequencerOf = container;
    }
    return this.#chunker;
  }

  #keep(event: ChunkerEvent): void {
    const held = this.#backlog!; // only called while there is one
    if (event.type === 'init') held.init = event;
    if (event.type !== 'cut') return;
    if (event.cut.startsGroup || held.size > MAX_BACKLOG) {
      held.cuts = [];
      held.size = 0;
    }
    if (!event.cut.startsGroup && held.cuts.length === 0) return;
    held.cuts.push(event.cut);
    held.size += event.cut.payload.length;
  }

  // Nobody knows when the backlog was captured; its own timestamps say how long before its end.
  #endBacklog(): PipelineEvent[] {
    const held = this.#backlog;
    if (!held) return [];
    this.#backlog = undefined;
    const last = held.cuts.reduce((most, cut) => Math.max(most, cut.dts), Number.NEGATIVE_INFINITY);
    const events: ChunkerEvent[] = held.init ? [held.init] : [];
    let arrivedAt = held.at - MAX_AGE_MS;
    for (const cut of held.cuts) {
      // Interleaved streams' times go back a little, capture times don't.
      arrivedAt = Math.max(arrivedAt, held.at - (last - cut.dts) / TICKS_PER_MILLI);
      events.push({ type: 'cut', cut: { ...cut, arrivedAt } });
    }
    return this.#number(events);
  }

  #number(events: readonly ChunkerEvent[]): PipelineEvent[] {
    const sequencer = this.#sequencer;
    if (!sequencer) return [];
    const out: PipelineEvent[] = [];
    for (const event of events) {
      if (event.type === 'damage') out.push({ type: 'note', reason: event.reason, bytes: event.bytes });
      if (event.type === 'jump') {
        const seconds = ((event.to - event.from) / TICKS_PER_MILLI / 1_000).toFixed(1);
        out.push({ type: 'note', reason: `source time jumped by ${seconds} s: a new epoch begins`, bytes: 0 });
      }
      if (event.type !== 'cut') {
        out.push(...sequencer.take(event));
        continue;
      }
      const cut = this.#lost ? { ...event.cut, discontinuity: true } : event.cut;
      const numbered = sequencer.take({
        type: 'cut',
        cut: { ...cut, arrivedAt: this.#options.toRelay(cut.arrivedAt) },
      });
      if (numbered.length > 0) this.#lost = false;
      out.push(...numbered);
    }
    this.#next = Math.max(this.#next, sequencer.nextSequence);
    return out;
  }
}
