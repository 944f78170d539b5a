// What relay and peers send about a channel -> verified chunks in order. A chunk is used only after its signature has been checked.

import { type Bytes, equalBytes, toHex } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { decodeInit, initIdOf } from '../../core/init-document.ts';
import { type PeerId, RELAY } from '../../core/peer-id.ts';
import { createDigest, createVerifier, type Digest, type Verify, verifyWith } from '../../core/signature.ts';
import type { Millis } from '../../core/time.ts';
import type { ChannelState } from '../../core/wire/channel-state.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { channelState, chunk as chunkMessage, init, skipped } from '../../core/wire/index.ts';
import { ChunkOrder, type OrderedEvent } from './chunk-order.ts';
import type { EngineFault } from './engine-messages.ts';

/** Most bytes held while the publisher's key, or their init document, is unknown. */
const MAX_EARLY = 4 * 1024 * 1024;
/** Most init documents remembered. */
const MAX_INITS = 256;

/** What the receiver tells its owner. */
export interface ChunkReceiverOwner {
  channelState(state: ChannelState): void;
  ordered(events: readonly OrderedEvent[]): void;
  /** An init document came that chunks may name from now on. */
  initCame(document: Bytes, id: Bytes): void;
  /** The message of a chunk that is held already. */
  held(sequence: number): Bytes | undefined;
  /** A chunk came that is genuine; true when it is new. */
  verified(chunk: Chunk, from: PeerId): boolean;
  /** A chunk came that is genuine: true when it was fetched from the past, and is none of the order's. */
  recalled(chunk: Chunk, from: PeerId): boolean;
  /** A chunk came whose signature is wrong. */
  forged(from: PeerId): void;
  /** What checks signatures where WebCrypto can't is not to be had. */
  failed(fault: EngineFault): void;
}

/** A chunk on its way in. */
interface Arrival {
  readonly chunk: Chunk;
  readonly from: PeerId;
}

/** One channel, one track of it, over as many links as it takes. */
export class ChunkReceiver {
  readonly #channel: string;
  readonly #owner: ChunkReceiverOwner;
  readonly #subtle: unknown;
  readonly #digest: Digest;
  readonly #order = new ChunkOrder();
  #track = 0;
  #publicKey: Bytes | undefined;
  #verify: Promise<Verify> | undefined;
  /** Chunks that can't be verified, or passed on, yet: the publisher's key or their init document is missing. */
  #early: Arrival[] = [];
  #earlyBytes = 0;
  readonly #inits = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #chunks = 0;
  #rejected = 0;
  #repeated = 0;

  /** `subtle` is `crypto.subtle`, where there is one. */
  constructor(channel: string, subtle: unknown, owner: ChunkReceiverOwner) {
    this.#channel = channel;
    this.#subtle = subtle;
    this.#digest = createDigest(subtle);
    this.#owner = owner;
  }

  /** What has been counted so far. */
  get counters() {
    return {
      chunks: this.#chunks,
      rejectedChunks: this.#rejected,
      repeatedChunks: this.#repeated,
      gaps: this.#order.gaps,
    };
  }

  /** A new link to the relay begins: at the newest group, or where the last one ended. */
  linked(track: number, isResumed: boolean): void {
    this.#track = track;
    if (!isResumed) this.#order.rejoin();
  }

  /** Tells for how long what is in order would still play at a moment (`performance.now()`). */
  buffered(ms: Millis, at: Millis): void {
    this.#order.buffered(ms, at);
    this.#schedule(performance.now());
  }

  /** Takes a message. Throws `ProtocolViolation` when it is malformed; types it doesn't know are passed over. */
  take(type: number, body: Bytes, from: PeerId = RELAY): void {
    if (type === chunkMessage.type) {
      const chunk = decodeBody(chunkMessage, body);
      if (chunk.header.track === this.#track) void this.#takeChunk({ chunk, from });
    } else if (type === init.type) {
      const { track, document } = decodeBody(init, body);
      decodeInit(document); // throws at once
      if (track === this.#track) this.#takeInit(document.slice()).catch(this.#fail);
    } else if (from !== RELAY) {
      return; // the rest is the relay's to say
    } else if (type === skipped.type) {
      const { track, from, to } = decodeBody(skipped, body);
      if (track === this.#track) this.#emit(this.#order.skip(from, to));
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
    this.#verify.catch(this.#fail);
    this.#retry();
  }

  readonly #fail = (error: unknown): void => {
    if (!this.#closed) this.#owner.failed({ code: 'internal', message: `signatures can't be checked: ${error}` });
  };

  async #takeInit(document: Bytes): Promise<void> {
    const id = initIdOf(await this.#digest(document));
    if (this.#closed) return;
    const name = toHex(id);
    const isNew = !this.#inits.has(name);
    this.#emit(this.#order.addInit(document, name));
    this.#owner.initCame(document, id);
    if (!isNew) return;
    this.#inits.add(name);
    if (this.#inits.size > MAX_INITS) this.#inits.delete(this.#inits.values().next().value!); // there is one
    this.#retry();
  }

  /** Verified chunks may overtake each other here; the order is made afterwards. */
  async #takeChunk(arrival: Arrival): Promise<void> {
    const { chunk, from } = arrival;
    const verify = this.#verify;
    if (!verify || !this.#inits.has(toHex(chunk.header.initId))) return this.#hold(arrival);
    const isGenuine = this.#isHeld(chunk) || (await this.#isGenuine(chunk, verify));
    if (this.#closed) return;
    if (!isGenuine) {
      this.#rejected++;
      this.#owner.forged(from);
      return;
    }
    if (this.#owner.recalled(chunk, from)) this.#chunks++;
    else if (!this.#owner.verified(chunk, from)) this.#repeated++;
    else {
      this.#chunks++;
      this.#emit(this.#order.add(chunk, performance.now()));
    }
  }

  /** Whether the very same chunk is held: then its signature was checked before. */
  #isHeld(chunk: Chunk): boolean {
    const held = this.#owner.held(chunk.header.sequence);
    return held !== undefined && equalBytes(held.subarray(held.length - chunk.bytes.length), chunk.bytes);
  }

  async #isGenuine(chunk: Chunk, verify: Promise<Verify>): Promise<boolean> {
    try {
      return await verifyWith(this.#digest, this.#channel, chunk, await verify);
    } catch {
      return false; // a key or signature that WebCrypto can't even read is no good one
    }
  }

  #hold(arrival: Arrival): void {
    this.#early.push(arrival);
    this.#earlyBytes += arrival.chunk.bytes.length;
    while (this.#earlyBytes > MAX_EARLY) this.#earlyBytes -= this.#early.shift()!.chunk.bytes.length; // the sum is theirs
  }

  #retry(): void {
    const waiting = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const arrival of waiting) void this.#takeChunk(arrival);
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
