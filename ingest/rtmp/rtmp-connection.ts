// One encoder's connection: its socket, its deadlines, and what it may hold.

import type { Socket } from 'node:net';
import type { Bytes } from '../../core/bytes.ts';
import type { Clock } from '../../core/publish/clock.ts';
import type { Log } from '../../core/publish/log.ts';
import type { Millis } from '../../core/time.ts';
import { type RefusalCode, RtmpProtocol } from './rtmp-protocol.ts';

/** Where an accepted encoder's stream goes. */
export interface Sink {
  /** An FLV tag; false: the encoder should wait. */
  media(tag: Bytes): boolean;
  /** No more comes, and why; told once. `inGoodOrder`: the encoder has said that it ends. */
  left(reason: string, inGoodOrder: boolean): void;
}

/** The answer to an encoder that wants to publish. */
export type Verdict =
  | { readonly accepted: true; readonly sink: Sink }
  | { readonly accepted: false; readonly code: RefusalCode; readonly reason: string };

export interface RtmpConnectionOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A publisher without a frame for so long is dropped. */
  readonly stallMs: Millis;
  /** Decides about whoever wants to publish. Never rejects. */
  readonly judge: (connection: RtmpConnection, app: string, streamName: string) => Promise<Verdict>;
}

/** Whoever has not asked to publish by then only costs. */
const INTRODUCTION_MS: Millis = 10_000;
/** What was said last has this long to leave. */
const FAREWELL_MS: Millis = 1_000;
const LOST = 'the connection to the encoder is lost';
/** Answers that an encoder doesn't read. */
const MAX_UNREAD = 131_072;

/** Lives as long as its socket. */
export class RtmpConnection {
  /** Settles when the socket is closed. */
  readonly closed: Promise<void>;
  /** For logs. */
  readonly address: string;
  /** Steady time of the last frame, or of the beginning. */
  heardAt: Millis;
  readonly #socket: Socket;
  readonly #options: RtmpConnectionOptions;
  readonly #protocol: RtmpProtocol;
  readonly #over = new AbortController();
  #sink: Sink | undefined;
  #asked = false;
  #parting = false;

  constructor(socket: Socket, options: RtmpConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.address = socket.remoteAddress ?? 'unknown';
    this.heardAt = options.clock.now();
    this.#protocol = new RtmpProtocol({
      output: bytes => this.#send(bytes),
      publish: (app, streamName) => void this.#publish(app, streamName),
      media: tag => this.#media(tag),
      unpublish: () => {
        this.#leave('the encoder has ended its stream', true);
        this.#part();
      },
      note: reason => options.log.warn({ address: this.address }, reason),
    });
    this.closed = new Promise(resolve => {
      socket.once('close', () => {
        this.#leave(LOST);
        this.#over.abort();
        resolve();
      });
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('error', error => options.log.debug({ address: this.address }, `the encoder's socket: ${error.message}`));
    socket.on('end', () => this.#part());
    socket.on('data', bytes => this.#read(bytes));
    void this.#introduction();
  }

  /** Takes its stream from it and tells it why. */
  dismiss(code: RefusalCode, reason: string): void {
    this.#sink = undefined;
    this.#protocol.refuse(code, reason);
    this.#part();
  }

  /** Lets an encoder that had to wait go on. */
  resume(): void {
    this.#socket.resume();
  }

  /** Ends at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    if (this.#parting) return;
    try {
      this.#protocol.push(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#sink) this.#options.log.debug({ address: this.address }, `a connection is dropped: ${reason}`);
      this.#leave(`the encoder is dropped: ${reason}`);
      this.#part();
    }
  }

  #send(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
    if (this.#socket.writableLength > MAX_UNREAD) this.#socket.destroy();
  }

  async #publish(app: string, streamName: string): Promise<void> {
    this.#asked = true;
    this.#socket.pause();
    const verdict = await this.#options.judge(this, app, streamName);
    if (this.#over.signal.aborted) {
      if (verdict.accepted) verdict.sink.left(LOST, false);
      return;
    }
    if (!verdict.accepted) return this.dismiss(verdict.code, verdict.reason);
    this.#sink = verdict.sink;
    this.heardAt = this.#options.clock.now();
    this.#protocol.accept();
    this.#socket.resume();
    void this.#watch();
  }

  #media(tag: Bytes): void {
    this.heardAt = this.#options.clock.now();
    if (this.#sink?.media(tag) === false) this.#socket.pause();
  }

  #leave(reason: string, inGoodOrder = false): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.left(reason, inGoodOrder);
  }

  async #introduction(): Promise<void> {
    await this.#options.clock.wait(INTRODUCTION_MS, this.#over.signal);
    if (this.#asked || this.#over.signal.aborted) return;
    this.#options.log.debug({ address: this.address }, 'a connection is dropped: it did not ask to publish in time');
    this.#socket.destroy();
  }

  // Drops an encoder that has stopped to send without closing its socket.
  async #watch(): Promise<void> {
    const { clock, stallMs } = this.#options;
    while (this.#sink) {
      const left = this.heardAt + stallMs - clock.now();
      if (left > 0) {
        await clock.wait(left, this.#over.signal);
        continue;
      }
      // Whoever is made to wait can't be blamed for its silence.
      if (this.#socket.isPaused()) this.heardAt = clock.now();
      else {
        const reason = `nothing came for ${stallMs / 1_000} s`;
        this.#protocol.refuse('NetStream.Publish.Failed', reason);
        this.#leave(`the encoder is dropped: ${reason}`);
        this.#part();
      }
    }
  }

  // Ends politely, and for certain.
  #part(): void {
    this.#leave(LOST);
    if (this.#parting) return;
    this.#parting = true;
    this.#socket.resume(); // what still comes is thrown away, so that the end is seen
    this.#socket.end();
    void this.#options.clock.wait(FAREWELL_MS, this.#over.signal).then(() => this.#socket.destroy());
  }
}
