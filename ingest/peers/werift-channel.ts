// Makes a data channel of werift look like a browser's.

import { Buffer } from 'node:buffer';
import type { RTCDataChannel } from 'werift';
import type { Bytes } from '../../core/bytes.ts';
import type { DataChannelLike } from '../../core/links/data-channel-link.ts';

type Listener = (event: { readonly data: unknown }) => void;

/** Messages come as ArrayBuffers of their own. */
export class WeriftChannel implements DataChannelLike {
  binaryType = 'arraybuffer';
  readonly #channel: RTCDataChannel;

  constructor(channel: RTCDataChannel) {
    this.#channel = channel;
  }

  get readyState(): string {
    return this.#channel.readyState;
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  get bufferedAmountLowThreshold(): number {
    return this.#channel.bufferedAmountLowThreshold;
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#channel.bufferedAmountLowThreshold = bytes;
  }

  send(data: Bytes): void {
    this.#channel.send(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }

  close(): void {
    this.#channel.close();
  }

  addEventListener(type: string, listener: Listener): void {
    if (type !== 'message') {
      this.#channel.addEventListener(type, () => listener({ data: undefined }));
      return;
    }
    this.#channel.addEventListener(type, ({ data }: { data: unknown }) => {
      // A Buffer's own `slice` would share its pool.
      listener({ data: data instanceof Uint8Array ? new Uint8Array(data).buffer : data });
    });
  }
}
