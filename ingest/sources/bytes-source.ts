// Standard input and other streams of bytes that can be read once.

import type { Bytes } from '../../core/bytes.ts';
import type { Source, SourceContext, SourceEvent } from './source.ts';
import { SourceFault } from './source.ts';
import { within } from './stall.ts';

/** A stream of bytes: Node's and the web's streams are ones. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** Publishes a stream as it comes. When it ends the broadcast does, unless it was given as a function that opens it again. */
export class BytesSource implements Source {
  readonly name: string;
  readonly #stream: ByteStream | ((signal: AbortSignal) => ByteStream);
  readonly #context: SourceContext;
  #used = false;

  constructor(name: string, stream: ByteStream | ((signal: AbortSignal) => ByteStream), context: SourceContext) {
    this.name = name;
    this.#stream = stream;
    this.#context = context;
  }

  async *open(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const again = typeof this.#stream === 'function';
    if (this.#used && !again) return yield { type: 'end' };
    this.#used = true;
    const stream = typeof this.#stream === 'function' ? this.#stream(signal) : this.#stream;
    const iterator = stream[Symbol.asyncIterator]();
    const { clock, stallMs, log } = this.#context;
    try {
      for (;;) {
        const pending = iterator.next();
        const silent = `${this.name} has sent nothing for ${stallMs / 1_000} s`;
        // A stream that can't be opened again is waited for, however long: an encoder may be paused.
        const next = again
          ? await within(pending, stallMs, clock, silent)
          : await within(pending, stallMs, clock, silent).catch(error => {
              if (error instanceof SourceFault) log.warn({ source: this.name }, `${silent}; waiting`);
              return pending;
            });
        if (next.done) break;
        yield { type: 'bytes', bytes: asBytes(next.value), arrivedAt: clock.now() };
      }
    } finally {
      // Not awaited: a stream that stalls doesn't return.
      void iterator.return?.()?.catch(() => {});
    }
    if (!again) yield { type: 'end' };
  }
}

/** The same bytes. Views of shared memory can't be handed to WebCrypto: they are copied. */
export function asBytes(view: Uint8Array): Bytes {
  return view.buffer instanceof ArrayBuffer
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);
}
