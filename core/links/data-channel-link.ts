// A link over two WebRTC data channels (RFC 8831): the browser's, a stand-in for one across a worker's boundary, or that of a Node implementation.

import type { Bytes } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import { CloseCode, type Link } from '../link.ts';
import type { Millis } from '../time.ts';
import type { Codec } from '../wire/codec.ts';
import { decodeBody, encodeMessage, MessageReader } from '../wire/framing.ts';
import { LinkEnd } from './link-end.ts';

/** The part of an RTCDataChannel that a link uses. Messages come as ArrayBuffers. */
export interface DataChannelLike {
  /** `connecting`, `open`, `closing` or `closed`. */
  readonly readyState: string;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  binaryType: string;
  send(data: Bytes): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error' | 'bufferedamountlow', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The two channels between peers, made by both with `negotiated` and these ids. */
export interface PeerChannels {
  /** Id 0, ordered. */
  readonly control: DataChannelLike;
  /** Id 1, unordered; reliable as the other. */
  readonly chunks: DataChannelLike;
}

export interface DataChannelLinkOptions {
  /** Waits: how a link notices that its channels don't open. */
  readonly wait: (ms: Millis) => Promise<void>;
}

/** A link whose lane 1 is unordered. */
export interface DataChannelLink extends Link {
  /** Settles with true when both channels are open, with false when the link ends before. */
  readonly opened: Promise<boolean>;
  /** Bytes that wait in the channel for chunks: sent, and not handed to the network yet. */
  readonly backlog: number;
}

/** The most that one `send` takes, in bytes: beyond it WebRTC implementations differ (RFC 8831 §6.6). */
export const MAX_CHANNEL_MESSAGE = 16_384;

const OPEN_MS: Millis = 10_000;
/** Bytes that may wait in a channel before its lane isn't writable. Little, so that old chunks never queue. */
const HIGH_WATER = 32_768;
const LOW_WATER = 8_192;
/** A link on which more than this waits has a peer that doesn't read. */
const MAX_BACKLOG = 1_048_576;
/** Bytes held for an owner who does not listen yet. */
const MAX_EARLY = 1_048_576;
/** Messages that may wait for the channels to open. */
const MAX_UNSENT = 64;
/** Characters. */
const MAX_REASON = 120;

/** The last message of a link: a data channel itself ends without a word. Not for the owner, hence not among the wire's messages, whose types it shares. */
const closing: Codec<{ code: number; reason: string }> = {
  type: 31,
  name: 'closing',
  maxSize: 512,
  write(writer, { code, reason }) {
    writer.u8(code).text(reason);
  },
  read(reader) {
    return { code: reader.u8(), reason: reader.text(500) };
  },
};

class DataChannelEnd extends LinkEnd implements DataChannelLink {
  readonly transport = 'datachannel';
  readonly lanes = 1;
  readonly opened: Promise<boolean>;
  readonly #channels: readonly [control: DataChannelLike, chunks: DataChannelLike];
  readonly #blocked = [false, false];
  #unsent: { readonly lane: number; readonly messages: Bytes }[] = [];
  /** What came before the owner listened. */
  #early: (() => void)[] | undefined = [];
  #earlySize = 0;

  constructor({ control, chunks }: PeerChannels, { wait }: DataChannelLinkOptions) {
    super();
    this.#channels = [control, chunks];
    this.opened = new Promise(resolve => {
      const check = () => this.#isOpen() && resolve(true);
      for (const channel of this.#channels) channel.addEventListener('open', check);
      void this.closed.then(() => resolve(false));
      check();
    });
    void this.opened.then(isOpen => isOpen && this.#begin());
    for (const [lane, channel] of this.#channels.entries()) this.#listen(channel, lane);
    void this.owned.then(() => {
      const held = this.#early!;
      this.#early = undefined;
      for (const take of held) take();
    });
    void wait(OPEN_MS).then(() => {
      if (!this.#isOpen()) this.close(CloseCode.failed, `the data channels did not open within ${OPEN_MS / 1_000} s`);
    });
  }

  get backlog(): number {
    return this.#channels[1].bufferedAmount;
  }

  writable(lane: number): boolean {
    const channel = this.#channel(lane);
    const free = this.open && channel.readyState === 'open' && channel.bufferedAmount < HIGH_WATER;
    if (!free) this.#blocked[lane] = true;
    return free;
  }

  send(messages: Bytes, lane = 0): void {
    if (messages.length > MAX_CHANNEL_MESSAGE) {
      throw new RangeError(`${messages.length} bytes for a data channel, at most ${MAX_CHANNEL_MESSAGE} are taken`);
    }
    const channel = this.#channel(lane);
    if (!this.open) return;
    if (channel.readyState === 'open') this.#write(channel, messages);
    else if (channel.readyState === 'connecting' && this.#unsent.push({ lane, messages }) > MAX_UNSENT) {
      this.close(CloseCode.tooSlow, `${MAX_UNSENT} messages wait for the data channels to open`);
    }
  }

  protected shut(code: number, reason: string): void {
    const [control, chunks] = this.#channels;
    if (control.readyState === 'open') {
      try {
        control.send(encodeMessage(closing, { code, reason: reason.slice(0, MAX_REASON) }));
      } catch {
        // its buffer is full: the other side sees it close without a reason
      }
    }
    control.close(); // and then chunks, so that the last message comes before any sign of the end
    if (control.readyState !== 'closing') chunks.close();
  }

  #isOpen(): boolean {
    return this.#channels.every(({ readyState }) => readyState === 'open');
  }

  #channel(lane: number): DataChannelLike {
    const channel = this.#channels[lane];
    if (!channel) throw new RangeError(`lane ${lane} of 1`);
    return channel;
  }

  #begin(): void {
    for (const { lane, messages } of this.#unsent.splice(0)) this.send(messages, lane);
    this.#checkDrained(0);
    this.#checkDrained(1);
  }

  #write(channel: DataChannelLike, messages: Bytes): void {
    try {
      channel.send(messages);
    } catch (error) {
      this.close(CloseCode.failed, String(error));
    }
    if (channel.bufferedAmount > MAX_BACKLOG) {
      this.close(CloseCode.tooSlow, `${channel.bufferedAmount} bytes wait for the peer to read them`);
    }
  }

  #listen(channel: DataChannelLike, lane: number): void {
    channel.binaryType = 'arraybuffer';
    channel.bufferedAmountLowThreshold = LOW_WATER;
    const reader = new MessageReader((type, body) => {
      if (!this.open) return;
      if (type !== closing.type) return this.receive(type, body);
      const { code, reason } = decodeBody(closing, body);
      this.#end(code, reason);
    });
    channel.addEventListener('message', ({ data }) => {
      if (!this.#early) return this.guard(() => read(reader, data));
      this.#early.push(() => this.guard(() => read(reader, data)));
      this.#earlySize += data instanceof ArrayBuffer ? data.byteLength : 1;
      if (this.#earlySize > MAX_EARLY) this.close(CloseCode.failed, 'nobody reads what comes');
    });
    // Whoever looks at the backlog only, and never asks whether a lane is writable, is told as well.
    channel.addEventListener('bufferedamountlow', () => {
      this.#blocked[lane] = true;
      this.#checkDrained(lane);
    });
    channel.addEventListener('error', () => {}); // `close` follows
    channel.addEventListener('close', () => {
      if (!this.open && lane === 0) this.#channels[1].close();
      // What was sent before the end comes before it, also to an owner who is late.
      if (this.#early) this.#early.push(() => this.#end(CloseCode.failed, 'the data channel broke off'));
      else this.#end(CloseCode.failed, 'the data channel broke off');
    });
    if (channel.readyState === 'closed') this.ended({ code: CloseCode.failed, reason: 'the data channel is closed' });
  }

  /** The other side has ended the link. */
  #end(code: number, reason: string): void {
    if (!this.open) return;
    this.ended({ code, reason });
    for (const channel of this.#channels) channel.close();
  }

  #checkDrained(lane: number): void {
    if (!this.#blocked[lane] || !this.open || this.#channel(lane).bufferedAmount > LOW_WATER) return;
    this.#blocked[lane] = false;
    this.drained(lane);
  }
}

/** A link over channels that are open or about to open; it sets their `binaryType` and threshold. Listens at once, so call it in the task in which the channels come. */
export function dataChannelLink(channels: PeerChannels, options: DataChannelLinkOptions): DataChannelLink {
  return new DataChannelEnd(channels, options);
}

/** Each message of a channel holds whole messages of the wire. */
function read(reader: MessageReader, data: unknown): void {
  if (!(data instanceof ArrayBuffer)) throw new ProtocolViolation('a text frame: all messages are binary');
  if (data.byteLength > MAX_CHANNEL_MESSAGE) {
    throw new ProtocolViolation(`${data.byteLength} bytes in a data channel, at most ${MAX_CHANNEL_MESSAGE} accepted`);
  }
  reader.push(new Uint8Array(data));
  reader.end();
}
