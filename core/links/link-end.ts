// What all links share: one owner, messages read from bytes per stream, and an end that comes once.

import type { Bytes } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import { CloseCode, type Link, type LinkClose, type Transport } from '../link.ts';
import { MessageReader } from '../wire/framing.ts';

type Receive = (type: number, body: Bytes) => void;

/** The base of the links: a subclass moves bytes, this reads messages from them and keeps the end in order. */
export abstract class LinkEnd implements Link {
  abstract readonly transport: Transport;
  abstract readonly lanes: number;
  readonly closed: Promise<LinkClose>;
  drained: (lane: number) => void = () => {};
  /** Settles when the owner has set `receive`, or the link has ended before. */
  protected readonly owned: Promise<void>;
  #receive: Receive | undefined;
  #open = true;
  #settleClosed!: (close: LinkClose) => void; // set by the promise's executor, which runs at once
  #settleOwned!: () => void; // likewise

  constructor() {
    this.closed = new Promise(resolve => {
      this.#settleClosed = resolve;
    });
    this.owned = new Promise(resolve => {
      this.#settleOwned = resolve;
    });
  }

  get receive(): Receive {
    return this.#receive ?? (() => {});
  }

  set receive(receive: Receive) {
    this.#receive = receive;
    this.#settleOwned();
  }

  abstract writable(lane: number): boolean;
  abstract send(messages: Bytes, lane?: number): void;

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.ended({ code, reason });
    this.shut(code, reason);
  }

  /** Whether the link has not ended. */
  protected get open(): boolean {
    return this.#open;
  }

  /** Ends the transport below, telling the other party why. Called once; must not throw. */
  protected abstract shut(code: number, reason: string): void;

  /** Notes how the link ended; the first to tell is believed. */
  protected ended(close: LinkClose): void {
    this.#open = false;
    this.#settleClosed(close);
    this.#settleOwned();
  }

  /** A reader for one stream of messages. */
  protected newReader(): MessageReader {
    return new MessageReader((type, body) => {
      if (this.#open) this.#receive?.(type, body);
    });
  }

  /** Runs what handles the other party's bytes; what it throws closes the link: `ProtocolViolation` as the other's fault. */
  protected guard(handle: () => void): void {
    if (!this.#open) return;
    try {
      handle();
    } catch (error) {
      const code = error instanceof ProtocolViolation ? CloseCode.protocolViolation : CloseCode.failed;
      this.close(code, messageOf(error));
    }
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
