// Lets out bytes that were there all at once as if they were live: each unit when its time comes.

import { type Bytes, concat, NO_BYTES } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import type { Clock } from '../../core/publish/clock.ts';
import { Pacer } from '../pacer.ts';
import { createSlicer, type Slice, type Slicer } from './media-slices.ts';
import { sniff } from './sniff.ts';
import type { SourceEvent } from './source.ts';

/** Units due within this time go out together. */
const SLACK_MS = 5;

/** Keeps the beat over a source's pieces. Bytes that are no media pass at once: whoever sniffs them complains. */
export class Pace {
  readonly #clock: Clock;
  readonly #pacer = new Pacer();
  #slicer: Slicer | undefined;
  #head: Bytes = NO_BYTES;

  /** `joined`: the container of bytes that may begin anywhere; otherwise they are sniffed. */
  constructor(clock: Clock, joined?: Container) {
    this.#clock = clock;
    if (joined) this.#slicer = createSlicer(joined, true);
  }

  /** The events of the next bytes, each when it is due. `rate()` above 1 catches up. */
  async *bytes(bytes: Bytes, signal: AbortSignal, rate: () => number = () => 1): AsyncGenerator<SourceEvent> {
    if (!this.#slicer) {
      this.#head = concat([this.#head, bytes]);
      const kind = sniff(this.#head, false);
      if (kind === undefined) return;
      if (kind !== 'flv' && kind !== 'ts') return yield this.#event(this.#takeHead());
      this.#slicer = createSlicer(kind);
      bytes = this.#takeHead();
    }
    yield* this.#slices(this.#slicer.push(bytes), signal, rate);
  }

  /** Bytes are missing here: what was cut short goes out, and the hole is waited through. */
  async *gap(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    yield* this.#slices(this.#slicer?.flush() ?? [], signal, () => 1);
  }

  /** What is left when the recording ends; another may follow, on the same beat. */
  async *end(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    if (this.#head.length > 0) yield this.#event(this.#takeHead());
    yield* this.#slices(this.#slicer?.flush() ?? [], signal, () => 1);
    this.#slicer = undefined;
    this.#pacer.restart();
  }

  async *#slices(slices: Slice[], signal: AbortSignal, rate: () => number): AsyncGenerator<SourceEvent> {
    for (const slice of slices) {
      if (slice.dts !== undefined) {
        const now = this.#clock.now();
        const due = this.#pacer.due(slice.dts, now, rate());
        if (due > now + SLACK_MS) await this.#clock.wait(due - now, signal);
        if (signal.aborted) return;
      }
      yield this.#event(slice.bytes);
    }
  }

  #event(bytes: Bytes): SourceEvent {
    return { type: 'bytes', bytes, arrivedAt: this.#clock.now() };
  }

  #takeHead(): Bytes {
    const head = this.#head;
    this.#head = NO_BYTES;
    return head;
  }
}
