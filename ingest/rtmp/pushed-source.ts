// A source that is given its bytes: what one encoder after the other pushes.

import type { Bytes } from '../../core/bytes.ts';
import { writeFileHeader } from '../../core/media/flv/flv-tag.ts';
import type { Clock } from '../../core/publish/clock.ts';
import { type Source, type SourceEvent, SourceFault } from '../sources/source.ts';

/** Held of what is not taken; above it the encoder has to wait… */
const FULL = 4 * 1_048_576;
/** …until it is less than this. */
const DRAINED = 1_048_576;

/** FLV tags on their way from an encoder's connection to the ingest. */
export class PushedSource implements Source {
  readonly name: string;
  /** Settles when the ingest first wants bytes: the relay takes chunks. */
  readonly opened: Promise<void>;
  /** The encoder may go on. */
  drained: () => void = () => {};
  readonly #clock: Clock;
  #queue: SourceEvent[] = [];
  #held = 0;
  #begun = false;
  #wake = () => {};
  #tellOpened = () => {};

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
    this.opened = new Promise(resolve => {
      this.#tellOpened = resolve;
    });
  }

  /** Another encoder, or the same once more: what follows is a recording of its own. */
  begin(): void {
    if (this.#begun) this.#add({ type: 'discontinuity', reason: 'the encoder begins anew', restarted: true });
    this.#begun = true;
    // Nobody knows what will come; a stream that announces a picture and has none counts as sound only after a while.
    this.push(writeFileHeader(true, true));
  }

  /** The next tag; false when the encoder should wait for `drained`. */
  push(tag: Bytes): boolean {
    this.#held += tag.length;
    this.#add({ type: 'bytes', bytes: tag, arrivedAt: this.#clock.now() });
    return this.#held < FULL;
  }

  async *open(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    this.#tellOpened();
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const queue = this.#queue;
        this.#queue = [];
        for (const event of queue) {
          yield event;
          if (event.type === 'bytes') this.#release(event.bytes.length);
        }
        if (this.#queue.length > 0 || signal.aborted) continue;
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
    throw new SourceFault(`${this.name} is no longer wanted`);
  }

  #add(event: SourceEvent): void {
    this.#queue.push(event);
    this.#wake();
  }

  #release(size: number): void {
    const before = this.#held;
    this.#held -= size;
    if (before >= DRAINED && this.#held < DRAINED) this.drained();
  }
}
