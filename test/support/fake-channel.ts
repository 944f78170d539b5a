// A data channel that does what a test tells it.

import type { Bytes } from '../../core/bytes.ts';
import type { DataChannelLike } from '../../core/links/data-channel-link.ts';

type Listener = (event: { readonly data: unknown }) => void;

/** One end of a channel; two of them can be joined. */
export class FakeChannel implements DataChannelLike {
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  binaryType = 'blob';
  /** What was sent, in order. */
  readonly sent: Bytes[] = [];
  /** While true nothing leaves. */
  holding = false;
  /** While true `send` throws. */
  refusing = false;
  #other: FakeChannel | undefined;
  readonly #waiting: Bytes[] = [];
  readonly #listeners: { readonly type: string; readonly listener: Listener }[] = [];

  /** Two ends that carry to each other, open, delivering a little later. */
  static pair(): [FakeChannel, FakeChannel] {
    const ends: [FakeChannel, FakeChannel] = [new FakeChannel(), new FakeChannel()];
    ends[0].#other = ends[1];
    ends[1].#other = ends[0];
    for (const end of ends) end.readyState = 'open';
    return ends;
  }

  send(data: Bytes): void {
    if (this.refusing || this.readyState !== 'open') throw new Error('OperationError');
    this.sent.push(data);
    this.bufferedAmount += data.length;
    if (this.#other) {
      this.#waiting.push(data);
      setImmediate(() => this.#leave());
    } else if (!this.holding) this.drain(data.length);
  }

  close(): void {
    if (this.readyState !== 'closed' && this.readyState !== 'closing') this.readyState = 'closing';
    const end = () => {
      while (this.#waiting.length > 0) this.#leave();
      this.#closed();
      if (this.#other) this.#other.#closed();
    };
    if (this.#other) setImmediate(end);
    else end();
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push({ type, listener });
  }

  /** Opens it. */
  open(): void {
    this.readyState = 'open';
    this.#fire('open');
  }

  /** Something comes in. */
  deliver(data: unknown): void {
    this.#fire('message', data);
  }

  /** So many bytes leave. */
  drain(bytes: number): void {
    const before = this.bufferedAmount;
    this.bufferedAmount = Math.max(0, before - bytes);
    const threshold = this.bufferedAmountLowThreshold;
    if (before > threshold && this.bufferedAmount <= threshold) this.#fire('bufferedamountlow');
  }

  #leave(): void {
    const data = this.#waiting.shift();
    if (!data) return;
    this.#other?.deliver(data.slice().buffer);
    this.drain(data.length);
  }

  #closed(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.#fire('close');
  }

  #fire(type: string, data?: unknown): void {
    for (const entry of this.#listeners) if (entry.type === type) entry.listener({ data });
  }
}
