// What the relay sends about a channel -> verified chunks in order. A chunk is used only after its signature has been checked.

import { type Bytes, equalBytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { createVerifier, type Verify, verifyChunk } from '../../core/signature.ts';
import type { Millis } from '../../core/time.ts';
import type { ChannelState } from '../../core/wire/channel-state.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { channelState, chunk as chunkMessage, init, skipped } from '../../core/wire/index.ts';
import { ChunkOrder, type OrderedEvent } from './chunk-order.ts';

/** Most bytes held while the publisher's key is unknown. */
const MAX_UNKEYED = 4 * 1024 * 1024;

/** What the receiver tells its owner. */
export interface ChunkReceiverOwner {
  channelState(state: ChannelState): void;
  ordered(events: readonly OrderedEvent[]): void;
}

/** One channel, one track of it, over as many links as it takes. */
export class ChunkReceiver {
  readonly #channel: string;
  readonly #owner: ChunkReceiverOwner;
  readonly #subtle: unknown;
  readonly #order = new ChunkOrder();
  #track = 0;
  #publicKey: Bytes | undefined;
  #verify: Promise<Verify> | undefined;
  #unkeyed: Chunk[] = [];
  #unkeyedBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #bytes = 0;
  #chunks = 0;
  #rejected = 0;

  /** `subtle` is `crypto.subtle`, where there is one. */
  constructor(channel: string, subtle: unknown, owner: ChunkReceiverOwner) {
    this.#channel = channel;
    this.#subtle = subtle;
    this.#owner = owner;
  }

  /** What has been counted so far. */
  get counters() {
    return {
      bytesFromRelay: this.#bytes,
      chunks: this.#chunks - this.#order.repeated,
      rejectedChunks: this.#rejected,
      repeatedChunks: this.#order.repeated,
      gaps: this.#order.gaps,
    };
  }

  /** A new link begins. */
  linked(track: number): void {
    this.#track = track;
    this.#order.rejoin();
  }

  /** Takes a message. Throws `ProtocolViolation` when it is malformed; types it doesn't know are passed over. */
  take(type: number, body: Bytes): void {
    if (type === chunkMessage.type) {
      const chunk = decodeBody(chunkMessage, body);
      this.#bytes += chunk.bytes.length;
      if (chunk.header.track === this.#track) void this.#takeChunk(chunk);
    } else if (type === init.type) {
      const { track, document } = decodeBody(init, body);
      if (track === this.#track) this.#emit(this.#order.addInit(document, performance.now()));
    } else if (type === skipped.type) {
      const { track, from, to } = decodeBody(skipped, body);
      if (track === this.#track) this.#emit(this.#order.skip(from, to, performance.now()));
    } else if (type === channelState.type) {
      const state = decodeBody(channelState, body);
      if (state.publicKey.length > 0) this.#setKey(state.publicKey);
      this.#owner.channelState(state);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #setKey(key: Bytes): void {
    if (this.#publicKey && equalBytes(this.#publicKey, key)) return;
    this.#publicKey = key.slice();
    this.#verify = createVerifier(this.#publicKey, this.#subtle);
    const waiting = this.#unkeyed;
    this.#unkeyed = [];
    this.#unkeyedBytes = 0;
    for (const chunk of waiting) void this.#takeChunk(chunk);
  }

  /** Verified chunks may overtake each other here; the order is made afterwards. */
  async #takeChunk(chunk: Chunk): Promise<void> {
    const verify = this.#verify;
    if (!verify) return this.#holdUnkeyed(chunk);
    let genuine = false;
    try {
      genuine = await verifyChunk(this.#channel, chunk, await verify);
    } catch {
      // A key or signature that WebCrypto can't even read is no good one.
    }
    if (this.#closed) return;
    if (!genuine) {
      this.#rejected++;
      return;
    }
    this.#chunks++;
    this.#emit(this.#order.add(chunk, performance.now()));
  }

  #holdUnkeyed(chunk: Chunk): void {
    if (this.#unkeyedBytes + chunk.bytes.length > MAX_UNKEYED) return;
    this.#unkeyed.push(chunk);
    this.#unkeyedBytes += chunk.bytes.length;
  }

  #emit(events: readonly OrderedEvent[]): void {
    if (events.length > 0) this.#owner.ordered(events);
    this.#schedule(performance.now());
  }

  #schedule(now: Millis): void {
    clearTimeout(this.#timer);
    const wakeAt = this.#order.wakeAt();
    if (wakeAt === undefined || this.#closed) return;
    this.#timer = setTimeout(() => this.#emit(this.#order.poll(performance.now())), Math.max(0, wakeAt - now));
  }
}
