// A viewer over HTTP: the channel's own bytes as one endless FLV or TS, from the newest group on.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import type { HeldChunk } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import type { Pass } from '../access/pass.ts';
import type { Channel, Viewer } from '../channels/channel.ts';
import type { Track } from '../channels/track.ts';
import { FlvJoiner } from './flv-joiner.ts';
import { GroupCursor } from './group-cursor.ts';
import { containerOf, documentOf, payloadOf } from './held-media.ts';
import { TsJoiner } from './ts-joiner.ts';

/** What waits for a reader at most, besides what its connection holds. */
const QUEUE_BYTES = 262_144;
/** Chunks that are ready together travel in one write of about this many bytes. */
const MAX_WRITE = 65_536;
/** Whoever is further behind when a group ends goes on with the newest. */
const MAX_BEHIND: Millis = 5_000;
/** Whoever reads nothing for this long is gone. */
const STUCK: Millis = 30_000;

/** How it begins: with media, or it doesn't, as the channel is in the other container. */
export type Beginning = 'media' | { readonly other: Container };

export interface StreamViewerOptions {
  readonly channel: Channel;
  readonly container: Container;
  /** On the steady clock: without a chunk until then it ends. */
  readonly startsBy: Millis;
  /** With it ends the stream. */
  readonly pass: Pass;
  /** Unix milliseconds. */
  readonly clock: () => Millis;
  /** Milliseconds of a steady clock. */
  readonly steady: () => Millis;
  /** It has left its channel. */
  readonly ended: (viewer: StreamViewer) => void;
}

/** Reads as fast as it is read itself. What is too much is left out by whole groups. */
export class StreamViewer implements Viewer {
  /** What the player gets. */
  readonly body: ReadableStream<Bytes>;
  /** Settles with the first chunk; with undefined when it ends before. */
  readonly begun: Promise<Beginning | undefined>;
  readonly channel: Channel;
  readonly #options: StreamViewerOptions;
  readonly #joiner: FlvJoiner | TsJoiner;
  readonly #cursor = new GroupCursor(MAX_BEHIND);
  #controller: ReadableStreamDefaultController<Bytes> | undefined;
  #begin!: (beginning: Beginning | undefined) => void; // set with the promise
  #last: HeldChunk | undefined;
  /** Bytes are missing before the next chunk in which a tag or packet starts. */
  #broken = false;
  /** The channel is over: what is there still goes out. */
  #isLast = false;
  #takenAt: Millis;
  /** What it writes may be read at once, and more asked for. */
  #feeding = false;

  constructor(options: StreamViewerOptions) {
    this.#options = options;
    this.channel = options.channel;
    this.#joiner = options.container === 'flv' ? new FlvJoiner() : new TsJoiner();
    this.#takenAt = options.steady();
    this.begun = new Promise(resolve => {
      this.#begin = resolve;
    });
    this.body = new ReadableStream<Bytes>(
      {
        start: controller => {
          this.#controller = controller;
        },
        pull: () => {
          this.#takenAt = options.steady();
          if (!this.#feeding) this.channel.pump(this);
        },
        cancel: () => this.#leave(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: QUEUE_BYTES }),
    );
  }

  /** Joins the channel. */
  join(): void {
    this.channel.join(this);
  }

  /** Control messages are for players that speak the protocol. */
  tell(): void {}

  feed(track: Track): number {
    this.#feeding = true;
    const sent = this.#write(track);
    this.#feeding = false;
    if (this.#isLast && (this.#controller?.desiredSize ?? 0) > 0) this.end();
    return sent;
  }

  /** Another broadcast begins, which is another stream. */
  reset(): void {
    if (this.#last) this.end();
  }

  /** The broadcast is over: ends when all of it is sent. */
  finish(): void {
    this.#isLast = true;
    this.channel.pump(this);
  }

  /** Ends the stream where it is. */
  end(): void {
    const controller = this.#controller;
    this.#leave();
    controller?.close();
  }

  /** Ends what has nothing to begin with, or has lost its right or its reader; to be called about once a second. */
  check(): void {
    const { clock, steady, startsBy, pass } = this.#options;
    const now = steady();
    const isStuck = now - this.#takenAt > STUCK && (this.#controller?.desiredSize ?? 1) <= 0;
    if (isStuck || (!this.#last && now >= startsBy) || pass.check(clock())) this.end();
  }

  /** What there is, as far as it is read. */
  #write(track: Track): number {
    let sent = 0;
    while (this.#controller && (this.#controller.desiredSize ?? 0) > 0) {
      const parts: Bytes[] = [];
      let size = 0;
      while (size < MAX_WRITE) {
        const reading = this.#cursor.read(track.window);
        if (reading === undefined) break;
        if (reading === 'lost' || !this.#fits(reading)) {
          if (size > 0) this.#controller.enqueue(concat(parts));
          this.end();
          return sent + size;
        }
        for (const bytes of this.#join(reading)) parts.push(bytes);
        size += reading.message.length;
      }
      if (size === 0) break;
      sent += size;
      const bytes = concat(parts);
      if (bytes.length > 0) this.#controller.enqueue(bytes);
    }
    return sent;
  }

  /** Whether a chunk can go on with what was sent. */
  #fits(chunk: HeldChunk): boolean {
    const container = containerOf(chunk);
    const fits = container === this.#options.container;
    this.#begin(fits ? 'media' : { other: container });
    return fits;
  }

  *#join(chunk: HeldChunk): Iterable<Bytes> {
    const { header, init } = chunk;
    const last = this.#last;
    this.#last = chunk;
    const isNew = last?.init !== init || last.header.epoch !== header.epoch;
    if (isNew || last.header.group !== header.group) this.#broken = false;
    if (isNew) yield this.#joiner.begin(documentOf(init), header.timestamp);
    else if (header.discontinuity || header.sequence !== last.header.sequence + 1) {
      this.#broken = true;
      yield this.#joiner.gap();
    }
    const payload = payloadOf(chunk);
    if (!this.#broken) yield this.#joiner.push(payload);
    else if (header.entry < payload.length) {
      this.#broken = false;
      yield this.#joiner.push(payload.subarray(header.entry));
    }
  }

  #leave(): void {
    if (!this.#controller) return;
    this.#controller = undefined;
    this.#begin(undefined);
    this.channel.leave(this);
    this.#options.ended(this);
  }
}
