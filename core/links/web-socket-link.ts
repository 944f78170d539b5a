// A link over a WebSocket (RFC 6455): the browser's, Deno's, or that of the `ws` package. Each frame holds whole messages.

import { type Bytes, utf8 } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import { CloseCode, type Link } from '../link.ts';
import type { Millis } from '../time.ts';
import { LinkEnd } from './link-end.ts';

/** The part of a WebSocket that a link uses. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  /** `ws` calls back when the bytes have been handed to the kernel; the others ignore the second argument. */
  send(data: Bytes, sent?: () => void): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

export interface WebSocketLinkOptions {
  /** Waits: how a link that is full notices that it has drained, on sockets that don't tell (all but `ws`). */
  readonly wait?: (ms: Millis) => Promise<void>;
  /** Bytes that may wait in the socket before the link says that it isn't writable; 262,144 if not given. */
  readonly highWater?: number;
}

const CONNECTING = 0;
const OPEN = 1;
const HIGH_WATER = 262_144;
/** And writable again when this part of them is left. */
const LOW_WATER = 1 / 4;
const POLL_MS = 15;
/** Our close codes begin here: 4000–4999 are for applications (RFC 6455 §7.4.2). */
const CODE_BASE = 4_000;
/** A close frame holds at most this many bytes of reason (RFC 6455 §5.5). */
const MAX_REASON = 123;

class WebSocketLink extends LinkEnd {
  readonly transport = 'websocket';
  readonly lanes = 0;
  readonly #socket: WebSocketLike;
  readonly #wait: ((ms: Millis) => Promise<void>) | undefined;
  readonly #highWater: number;
  readonly #early: Bytes[] = [];
  #blocked = false;
  #watching = false;

  constructor(socket: WebSocketLike, options: WebSocketLinkOptions) {
    super();
    this.#socket = socket;
    this.#wait = options.wait;
    this.#highWater = options.highWater ?? HIGH_WATER;
    socket.binaryType = 'arraybuffer';
    const reader = this.newReader();
    const take = (data: unknown) =>
      this.guard(() => {
        if (!(data instanceof ArrayBuffer)) throw new ProtocolViolation('a text frame: all messages are binary');
        reader.push(new Uint8Array(data));
        reader.end();
      });
    let early: unknown[] | undefined = [];
    void this.owned.then(() => {
      const held = early!;
      early = undefined;
      for (const data of held) take(data);
    });
    socket.addEventListener('open', () => {
      for (const messages of this.#early.splice(0)) this.#write(messages);
    });
    socket.addEventListener('message', event => {
      if (early) early.push(event.data);
      else take(event.data);
      this.#checkDrained();
    });
    // The cause is not told to scripts; `close` follows at once.
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', event => this.ended(closeOf(event.code, event.reason)));
    if (socket.readyState > OPEN) this.ended({ code: CloseCode.failed, reason: 'the socket is closed already' });
  }

  writable(_lane: number): boolean {
    if (this.open && this.#socket.readyState === OPEN && this.#socket.bufferedAmount < this.#highWater) return true;
    this.#blocked = true;
    if (!this.#watching && this.open && this.#wait) void this.#watch(this.#wait);
    return false;
  }

  send(messages: Bytes, _lane = 0): void {
    if (!this.open) return;
    if (this.#socket.readyState === CONNECTING) this.#early.push(messages);
    else this.#write(messages);
  }

  #write(messages: Bytes): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(messages, this.#checkDrained);
  }

  protected shut(code: number, reason: string): void {
    try {
      this.#socket.close(CODE_BASE + code, cutText(reason, MAX_REASON));
    } catch {
      this.#socket.close(); // a socket that was still connecting takes no code in some runtimes
    }
  }

  readonly #checkDrained = (): void => {
    if (!this.#blocked || !this.open) return;
    if (this.#socket.readyState !== OPEN || this.#socket.bufferedAmount > this.#highWater * LOW_WATER) return;
    this.#blocked = false;
    this.drained(0);
  };

  async #watch(wait: (ms: Millis) => Promise<void>): Promise<void> {
    this.#watching = true;
    while (this.#blocked && this.open) {
      await wait(POLL_MS);
      this.#checkDrained();
    }
    this.#watching = false;
  }
}

/** A link over a socket that is open or about to open; sets its `binaryType`. */
export function webSocketLink(socket: WebSocketLike, options: WebSocketLinkOptions = {}): Link {
  return new WebSocketLink(socket, options);
}

function closeOf(code: number, reason: string) {
  if (code >= CODE_BASE && code < CODE_BASE + 1_000) return { code: code - CODE_BASE, reason };
  if (code === 1000) return { code: CloseCode.done, reason };
  if (code === 1001) return { code: CloseCode.goingAway, reason: reason || 'the other side left' };
  return { code: CloseCode.failed, reason: reason || `the WebSocket broke off (${code})` };
}

/** As much of the text as fits `size` bytes of UTF-8. */
function cutText(text: string, size: number): string {
  let cut = text.slice(0, size);
  while (utf8(cut).length > size) cut = cut.slice(0, -1);
  return cut;
}
