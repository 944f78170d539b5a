// A link over a WebTransport session: one control stream that the client opens, and long-lived lanes that the server opens.

import { ByteReader, type Bytes, ByteWriter, concat } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import { CloseCode, type Link } from '../link.ts';
import { LinkEnd, messageOf } from './link-end.ts';

interface ReaderLike<T> {
  read(): Promise<{ readonly done: boolean; readonly value?: T }>;
}
interface ReadableLike<T> {
  getReader(): ReaderLike<T>;
}
interface WriterLike {
  write(bytes: Bytes): Promise<void>;
  close?(): Promise<void>;
}
interface WritableLike {
  getWriter(): WriterLike;
}
interface DuplexLike {
  readonly readable: ReadableLike<Bytes>;
  readonly writable: WritableLike;
}

/** The part of a WebTransport session that a link uses. */
export interface WebTransportLike {
  readonly ready: Promise<unknown>;
  readonly closed: Promise<{ readonly closeCode?: number; readonly reason?: string } | undefined>;
  readonly incomingBidirectionalStreams: ReadableLike<DuplexLike>;
  readonly incomingUnidirectionalStreams: ReadableLike<ReadableLike<Bytes>>;
  createBidirectionalStream(): Promise<DuplexLike>;
  close(info?: { closeCode?: number; reason?: string }): void;
}

/** And what a server needs besides. */
export interface WebTransportServerLike extends WebTransportLike {
  createUnidirectionalStream(options?: { waitUntilAvailable?: boolean }): Promise<WritableLike>;
}

/** Lanes that a server opens for chunks. */
export const WEB_TRANSPORT_LANES = 4;

/** Bytes that may wait in a lane before the link says that it isn't writable. */
const HIGH_WATER = 65_536;
const LOW_WATER = 16_384;
/** When the control stream ends, `closed` may tell why: it has so many turns of the microtask queue to do so. */
const TURNS_FOR_CLOSED = 100;
/** Longest reason of a CLOSE_WEBTRANSPORT_SESSION capsule, in bytes (draft-ietf-webtrans-http3 §6); all of ours is ASCII or shorter by far. */
const MAX_REASON = 1_024;

class WebTransportLink extends LinkEnd {
  readonly transport = 'webtransport';
  readonly lanes: number;
  readonly #session: WebTransportLike;
  readonly #writers: WriterLike[];
  /** Bytes handed to each lane's stream and not yet taken by the transport. */
  readonly #waiting: number[];
  readonly #blocked: boolean[];
  #unsettled = 0;
  #shut: (() => void) | undefined;

  constructor(session: WebTransportLike, control: DuplexLike, lanes: readonly WritableLike[]) {
    super();
    this.#session = session;
    this.lanes = lanes.length;
    this.#writers = [control.writable, ...lanes].map(stream => stream.getWriter());
    this.#waiting = this.#writers.map(() => 0);
    this.#blocked = this.#writers.map(() => false);
    session.closed.then(
      info => this.ended({ code: info?.closeCode ?? CloseCode.done, reason: info?.reason ?? '' }),
      (error: unknown) => this.ended({ code: CloseCode.failed, reason: messageOf(error) }),
    );
    void this.owned.then(() => this.#readControl(control.readable.getReader()));
  }

  writable(lane: number): boolean {
    const free = this.open && this.#waiting[lane]! < HIGH_WATER;
    if (!free) this.#blocked[lane] = true;
    return free;
  }

  send(messages: Bytes, lane = 0): void {
    if (!this.open) return;
    const writer = this.#writers[lane];
    if (!writer) throw new RangeError(`lane ${lane} of ${this.lanes}`);
    const size = messages.length;
    this.#waiting[lane]! += size;
    this.#unsettled++;
    const settle = () => this.#settled(lane, size);
    writer.write(messages).then(settle, settle); // a write fails when the session ends: `closed` tells
  }

  #settled(lane: number, size: number): void {
    this.#waiting[lane]! -= size;
    this.#unsettled--;
    if (!this.open) {
      if (this.#unsettled === 0) this.#shut?.();
      return;
    }
    if (this.#blocked[lane] && this.#waiting[lane]! <= LOW_WATER) {
      this.#blocked[lane] = false;
      this.drained(lane);
    }
  }

  // What was sent before is handed to the transport first; of an end for cause, nothing is waited for.
  protected shut(code: number, reason: string): void {
    this.#shut = () => {
      this.#shut = undefined;
      // Deno's server doesn't notice a browser's session.close(), but the end of the control stream (never await it: Deno's own hangs).
      if (this.lanes === 0) this.#writers[0]?.close?.().catch(() => {}); // the session may have ended already
      try {
        this.#session.close({ closeCode: code, reason: reason.slice(0, MAX_REASON) });
      } catch {
        // the session has ended already
      }
    };
    if (this.#unsettled === 0 || code === CloseCode.tooSlow || code === CloseCode.failed) this.#shut();
  }

  // Deno's `closed` doesn't settle when the other side ends the session, but the control stream breaks with it.
  async #readControl(stream: ReaderLike<Bytes>): Promise<void> {
    const how = await this.#read(stream);
    for (let i = 0; i < TURNS_FOR_CLOSED && this.open; i++) await undefined;
    if (how === 'finished') this.close(CloseCode.done, 'the other side ended the control stream');
    else this.close(CloseCode.failed, 'the control stream broke off');
  }

  /** Reads one stream of messages to its end. */
  async #read(stream: ReaderLike<Bytes>, first?: Bytes): Promise<'finished' | 'broken'> {
    const reader = this.newReader();
    if (first) this.guard(() => reader.push(first));
    try {
      while (this.open) {
        const { done, value } = await stream.read();
        if (done) return 'finished';
        if (value) this.guard(() => reader.push(value));
      }
    } catch {
      return 'broken';
    }
    return 'finished';
  }

  /** Takes the lanes that the server opens. */
  async takeLanes(): Promise<void> {
    await this.owned;
    const incoming = this.#session.incomingUnidirectionalStreams.getReader();
    try {
      while (this.open) {
        const { done, value } = await incoming.read();
        if (done) return;
        if (value) void this.#readLane(value.getReader());
      }
    } catch {
      // the session has ended: `closed` tells
    }
  }

  /** A lane begins with its number; which one a message came by does not matter to the one who receives it. */
  async #readLane(stream: ReaderLike<Bytes>): Promise<void> {
    let head: Bytes | undefined;
    try {
      const { value } = await stream.read();
      head = value;
    } catch {
      return; // the session has ended: `closed` tells
    }
    if (!head) return;
    const reader = new ByteReader(head);
    let lane = 0;
    this.guard(() => {
      lane = reader.varint();
      if (lane === 0) throw new ProtocolViolation('a stream claims to be lane 0, which is the control stream');
    });
    if (lane > 0) await this.#read(stream, reader.rest());
  }
}

/** The client's end: opens the control stream. Rejects when the session can't be made. */
export async function connectWebTransportLink(session: WebTransportLike): Promise<Link> {
  session.closed.catch(() => {}); // until the link takes over; `ready` tells of a session that fails before
  await session.ready;
  const link = new WebTransportLink(session, await session.createBidirectionalStream(), []);
  void link.takeLanes();
  return link;
}

/** The server's end: waits for the control stream and opens the lanes. Rejects when the session ends before. */
export async function acceptWebTransportLink(session: WebTransportServerLike): Promise<Link> {
  session.closed.catch(() => {}); // likewise
  await session.ready;
  const { value: control } = await session.incomingBidirectionalStreams.getReader().read();
  if (!control) throw new ProtocolViolation('the session ended before its control stream came');
  const lanes: WritableLike[] = [];
  for (let lane = 1; lane <= WEB_TRANSPORT_LANES; lane++) {
    const stream = await session.createUnidirectionalStream({ waitUntilAvailable: true });
    lanes.push(numbered(stream, lane));
  }
  return new WebTransportLink(session, control, lanes);
}

/** A stream whose first write is preceded by its lane number. */
function numbered(stream: WritableLike, lane: number): WritableLike {
  const writer = stream.getWriter();
  let head: Bytes | undefined = new ByteWriter(8).varint(lane).finish();
  return {
    getWriter: () => ({
      write(bytes) {
        if (!head) return writer.write(bytes);
        const both = concat([head, bytes]);
        head = undefined;
        return writer.write(both);
      },
    }),
  };
}
