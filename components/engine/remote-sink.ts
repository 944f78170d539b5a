// The engine's end of a media sink that is on the page, for browsers whose workers have no MediaSource.

import type { MediaSink } from './media-sink.ts';

/** What the engine asks of its sink, wherever that is: nothing is answered. */
export type Sink = { readonly [Method in keyof MediaSink]: MediaSink[Method] };

/** One thing that it asks. */
export type SinkCall = {
  [Method in keyof Sink]: { readonly method: Method; readonly args: Parameters<Sink[Method]> };
}[keyof Sink];

/** From the worker to the page, among the engine's events. */
export interface SinkEvent {
  readonly type: 'sink';
  readonly call: SinkCall;
}

/** A sink whose calls are posted. */
export function remoteSink(post: (call: SinkCall, transfer: Transferable[]) => void): Sink {
  return new Proxy({} as Sink, {
    // All that a sink has are methods.
    get:
      (_, method: keyof Sink) =>
      (...args: unknown[]) => {
        const transfer: Transferable[] = [];
        const sent = args.map(arg => withOwnBytes(arg, transfer));
        post({ method, args: sent } as unknown as SinkCall, transfer); // as the caller's types say
      },
  });
}

/** Bytes, alone or in a fragment, in a buffer of their own: the engine keeps some, and what is a view of more must not take the rest along. */
function withOwnBytes(value: unknown, transfer: Transferable[]): unknown {
  if (value instanceof Uint8Array) {
    const { buffer } = new Uint8Array(value);
    transfer.push(buffer);
    return new Uint8Array(buffer);
  }
  if (typeof value === 'object' && value && 'bytes' in value) {
    return { ...value, bytes: withOwnBytes(value.bytes, transfer) };
  }
  return value;
}
