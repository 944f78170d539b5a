// What one viewer gets next of a track: a cursor per lane into the shared window, and no queue of its own.

import { type Bytes, concat } from '../../core/bytes.ts';
import { stripeOf } from '../../core/chunk.ts';
import type { ChunkWindow, HeldInit } from '../../core/swarm/chunk-window.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { skipped } from '../../core/wire/index.ts';

/** Where a feed puts bytes: a link, or what stands for one. Lane 0 is control. */
export interface FeedSink {
  readonly lanes: number;
  writable(lane: number): boolean;
  send(messages: Bytes, lane: number): void;
}

/** How far a viewer may fall behind the live edge before it is moved to the newest group. */
export const BUDGET = { groups: 2, bytes: 4 * 1024 * 1024 } as const;

/** Chunks that are ready together travel in one write of about this many bytes. */
const MAX_BATCH = 32_768;

/** Batches that several viewers get in one round, joined once for all of them. */
export class BatchCache {
  readonly #batches = new Map<string, Bytes>();

  /** The messages joined; `key` says which they are. */
  join(key: string, messages: readonly Bytes[]): Bytes {
    if (messages.length === 1) return messages[0]!;
    let batch = this.#batches.get(key);
    if (!batch) {
      batch = concat(messages);
      this.#batches.set(key, batch);
    }
    return batch;
  }

  /** Forgets the round. */
  clear(): void {
    if (this.#batches.size > 0) this.#batches.clear();
  }
}

/** Joins at the newest group, then keeps up with the edge as fast as the sink takes it. */
export class ViewerFeed {
  readonly #track: number;
  readonly #sink: FeedSink;
  /** Per stripe, the lowest sequence not sent yet; empty before the viewer has joined. */
  #next: number[] = [];
  readonly #inits = new WeakSet<HeldInit>();

  constructor(track: number, sink: FeedSink) {
    this.#track = track;
    this.#sink = sink;
  }

  /** Starts anew at the newest group: the window was cleared. */
  reset(): void {
    this.#next = [];
  }

  /** Sends what there is as far as the sink is writable; returns how many bytes of chunks it sent. */
  pump(window: ChunkWindow, batches: BatchCache): number {
    const edge = window.newest?.header.sequence;
    if (edge === undefined) return 0;
    if (this.#next.length === 0) {
      const group = window.newestGroup;
      if (group === undefined) return 0;
      this.#next = Array.from({ length: Math.max(1, this.#sink.lanes) }, () => group);
    }
    this.#keepBudget(window, edge);
    let bytes = 0;
    for (let stripe = 0; stripe < this.#next.length; stripe++) bytes += this.#pumpStripe(stripe, edge, window, batches);
    return bytes;
  }

  #pumpStripe(stripe: number, edge: number, window: ChunkWindow, batches: BatchCache): number {
    const stripes = this.#next.length;
    const lane = this.#sink.lanes === 0 ? 0 : 1 + stripe;
    let sent = 0;
    while (this.#next[stripe]! <= edge && this.#sink.writable(lane)) {
      const messages: Bytes[] = [];
      let size = 0;
      let first = 0;
      let index = window.indexFrom(this.#next[stripe]!);
      for (; size < MAX_BATCH; index++) {
        const chunk = window.at(index);
        if (!chunk) break;
        if (stripes > 1 && stripeOf(chunk.header.sequence, stripes) !== stripe) continue;
        if (messages.length === 0) first = chunk.header.sequence;
        this.#sendInit(chunk.init);
        messages.push(chunk.message);
        size += chunk.message.length;
      }
      this.#next[stripe] = window.at(index)?.header.sequence ?? edge + 1;
      if (messages.length === 0) break;
      this.#sink.send(batches.join(`${this.#track}/${stripes}/${first}/${messages.length}`, messages), lane);
      sent += size;
    }
    return sent;
  }

  #sendInit(init: HeldInit): void {
    if (this.#inits.has(init)) return;
    this.#inits.add(init);
    this.#sink.send(init.message, 0);
  }

  #keepBudget(window: ChunkWindow, edge: number): void {
    const from = Math.min(...this.#next);
    if (from > edge) return;
    const chunksBehind = window.size - window.indexFrom(from);
    const bytesBehind = (chunksBehind * window.bytes) / window.size;
    if (!window.hasLost(from) && window.groupsAfter(from) <= BUDGET.groups && bytesBehind <= BUDGET.bytes) return;
    const to = window.newestGroup;
    if (to === undefined || to <= from) return;
    this.#next = this.#next.map(next => Math.max(next, to));
    this.#sink.send(encodeMessage(skipped, { track: this.#track, from, to }), 0);
  }
}
