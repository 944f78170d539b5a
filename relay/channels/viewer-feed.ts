// What one viewer gets next of a track: a cursor into the shared window, and no queue of its own.

import { type Bytes, concat } from '../../core/bytes.ts';
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
  /** The lowest sequence not sent yet; undefined before the viewer has joined. */
  #next: number | undefined;
  /** Whose turn it is of the lanes, from 0. */
  #turn = 0;
  readonly #inits = new WeakSet<HeldInit>();

  constructor(track: number, sink: FeedSink) {
    this.#track = track;
    this.#sink = sink;
  }

  /** Starts anew at the newest group: the window was cleared. */
  reset(): void {
    this.#next = undefined;
  }

  /** Sends what there is as far as the sink is writable; returns how many bytes of chunks it sent. */
  pump(window: ChunkWindow, batches: BatchCache): number {
    const edge = window.newest?.header.sequence;
    if (edge === undefined) return 0;
    this.#next ??= window.newestGroup;
    if (this.#next === undefined) return 0;
    this.#next = this.#keepBudget(window, this.#next, edge);
    let bytes = 0;
    while (this.#next <= edge) {
      const lane = this.#writableLane();
      if (lane === undefined) break;
      const messages: Bytes[] = [];
      let size = 0;
      let index = window.indexFrom(this.#next);
      const first = window.at(index)?.header.sequence;
      for (; size < MAX_BATCH; index++) {
        const chunk = window.at(index);
        if (!chunk) break;
        this.#sendInit(chunk.init);
        messages.push(chunk.message);
        size += chunk.message.length;
      }
      this.#next = window.at(index)?.header.sequence ?? edge + 1;
      if (messages.length === 0) break;
      this.#sink.send(batches.join(`${this.#track}/${first}/${messages.length}`, messages), lane);
      bytes += size;
    }
    return bytes;
  }

  /** Lanes take turns by writes, not by chunks: writes are what a viewer costs, and a loss still holds up one lane only. */
  #writableLane(): number | undefined {
    const { lanes } = this.#sink;
    if (lanes === 0) return this.#sink.writable(0) ? 0 : undefined;
    for (let tried = 0; tried < lanes; tried++) {
      const lane = 1 + this.#turn;
      this.#turn = (this.#turn + 1) % lanes;
      if (this.#sink.writable(lane)) return lane;
    }
    return undefined;
  }

  #sendInit(init: HeldInit): void {
    if (this.#inits.has(init)) return;
    this.#inits.add(init);
    this.#sink.send(init.message, 0);
  }

  /** Where to go on from `from`: the newest group when the viewer is too far behind, which it is told. */
  #keepBudget(window: ChunkWindow, from: number, edge: number): number {
    if (from > edge) return from;
    const chunksBehind = window.size - window.indexFrom(from);
    const bytesBehind = (chunksBehind * window.bytes) / window.size;
    if (!window.hasLost(from) && window.groupsAfter(from) <= BUDGET.groups && bytesBehind <= BUDGET.bytes) return from;
    const to = window.newestGroup;
    if (to === undefined || to <= from) return from;
    this.#sink.send(encodeMessage(skipped, { track: this.#track, from, to }), 0);
    return to;
  }
}
