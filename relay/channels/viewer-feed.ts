// What one viewer gets next of a track: cursors into the shared window, and no queue of its own.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { ChunkWindow, HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { skipped } from '../../core/wire/index.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import type { BatchCache } from './batch-cache.ts';
import { StripeCursors } from './stripe-cursors.ts';

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

/** Joins at the newest group, then keeps up with the edge as fast as the sink takes it. */
export class ViewerFeed {
  readonly #track: number;
  readonly #sink: FeedSink;
  /** What is pushed; undefined before the viewer has joined. */
  #cursors: StripeCursors | undefined;
  /** What the viewer asked for before there was anything. */
  #request: Resume | undefined;
  /** The lowest sequence not looked at yet. */
  #next = 0;
  /** The newest chunk looked at. */
  #newest: HeldChunk | undefined;
  /** Whose turn it is of the lanes, from 0. */
  #turn = 0;
  readonly #inits = new WeakSet<HeldInit>();

  constructor(track: number, sink: FeedSink, resume?: Resume) {
    this.#track = track;
    this.#sink = sink;
    this.#request = resume;
  }

  /** Starts anew at the newest group: the window was cleared. */
  reset(): void {
    this.#cursors = this.#request = this.#newest = undefined;
  }

  /** Pushes these stripes and no others; of those that are new, what is held from `from` on (0: what comes next). */
  push(request: Resume, window: ChunkWindow): void {
    this.#newest = undefined; // what wasn't sent yet may have brought another init document
    if (!this.#cursors) this.#request = request;
    else this.#cursors.push(request, request.from === 0 ? this.#next : Math.max(request.from, floorOf(window)));
  }

  /** Sends what there is as far as the sink is writable; returns how many bytes of chunks it sent. */
  pump(window: ChunkWindow, batches: BatchCache): number {
    const { newest } = window;
    if (!newest) return 0;
    const cursors = (this.#cursors ??= this.#join(window));
    if (!cursors) return 0;
    const edge = newest.header.sequence;
    const before = this.#newest;
    this.#newest = newest;
    if (cursors.mask === 0) {
      // The newest alone doesn't tell: an epoch may have come and gone since.
      if (before?.init !== newest.init || before.header.epoch !== newest.header.epoch) this.#tellInits(window);
      this.#next = edge + 1;
      return 0;
    }
    this.#keepBudget(window, cursors, edge);
    let bytes = 0;
    for (let next = cursors.lowest; next <= edge; cursors.advance(next)) {
      const lane = this.#writableLane();
      if (lane === undefined) break;
      const even = cursors.even;
      const messages: Bytes[] = [];
      let size = 0;
      let index = window.indexFrom(next);
      let first: number | undefined;
      for (; size < MAX_BATCH; index++) {
        const chunk = window.at(index);
        if (!chunk) break;
        this.#sendInit(chunk.init);
        if (!cursors.wants(chunk.header.sequence)) continue;
        first ??= chunk.header.sequence;
        messages.push(chunk.message);
        size += chunk.message.length;
      }
      next = window.at(index)?.header.sequence ?? edge + 1;
      if (messages.length === 0) continue;
      const key = `${this.#track}/${cursors.count}/${cursors.mask}/${first}/${messages.length}`;
      this.#sink.send(even ? batches.join(key, messages) : concat(messages), lane);
      this.#turn++;
      bytes += size;
    }
    this.#next = Math.max(this.#next, Math.min(cursors.lowest, edge + 1));
    return bytes;
  }

  /**
   * Sends single chunks that the viewer asks for, each if `allow` lets so many bytes go. Returns how many bytes of chunks it sent, and the
   * sequences that it did not send: not held, not allowed, or the sink is full.
   */
  pull(window: ChunkWindow, sequences: readonly number[], allow: (bytes: number) => boolean) {
    const lacking: number[] = [];
    const lane = this.#writableLane();
    let messages: Bytes[] = [];
    let size = 0;
    let bytes = 0;
    const flush = () => {
      if (messages.length === 0 || lane === undefined) return;
      this.#sink.send(concat(messages), lane);
      messages = [];
      size = 0;
    };
    for (const sequence of sequences) {
      const chunk = lane === undefined || !this.#sink.writable(lane) ? undefined : window.get(sequence);
      if (!chunk || !allow(chunk.message.length)) {
        lacking.push(sequence);
        continue;
      }
      this.#sendInit(chunk.init);
      messages.push(chunk.message);
      size += chunk.message.length;
      bytes += chunk.message.length;
      if (size >= MAX_BATCH) flush();
    }
    flush();
    if (bytes > 0) this.#turn++;
    return { bytes, lacking };
  }

  /**
   * Sends in one write what comes first in `queue`, if `allow` lets so many bytes go, and takes it out. Returns how many bytes of chunks it
   * sent, and the sequences that are not held.
   */
  recall(window: ChunkWindow, queue: number[], allow: (bytes: number) => boolean) {
    const lacking: number[] = [];
    const messages: Bytes[] = [];
    let bytes = 0;
    const lane = this.#writableLane();
    for (let next = queue[0]; lane !== undefined && next !== undefined && bytes < MAX_BATCH; next = queue[0]) {
      const chunk = window.get(next);
      if (!chunk) lacking.push(next);
      else if (!allow(chunk.message.length)) break;
      else {
        this.#sendInit(chunk.init);
        messages.push(chunk.message);
        bytes += chunk.message.length;
      }
      queue.shift();
    }
    if (lane !== undefined && bytes > 0) {
      this.#sink.send(concat(messages), lane);
      this.#turn++;
    }
    return { bytes, lacking };
  }

  #join(window: ChunkWindow): StripeCursors | undefined {
    const group = window.newestGroup;
    if (group === undefined) return undefined;
    const request = this.#request;
    const from = request && request.from > 0 ? Math.max(request.from, floorOf(window)) : group;
    const cursors = new StripeCursors(from);
    if (request) cursors.push(request, from);
    this.#request = undefined;
    this.#next = Math.min(from, group);
    return cursors;
  }

  /** Sends the init documents of all chunks not looked at yet. */
  #tellInits(window: ChunkWindow): void {
    for (let index = window.indexFrom(this.#next); ; index++) {
      const chunk = window.at(index);
      if (!chunk) return;
      this.#sendInit(chunk.init);
    }
  }

  /** Lanes take turns by writes, not by chunks: writes are what a viewer costs, and a loss still holds up one lane only. */
  #writableLane(): number | undefined {
    const { lanes } = this.#sink;
    if (lanes === 0) return this.#sink.writable(0) ? 0 : undefined;
    for (let tried = 0; tried < lanes; tried++) {
      const lane = 1 + (this.#turn % lanes);
      if (this.#sink.writable(lane)) return lane;
      this.#turn++;
    }
    return undefined;
  }

  #sendInit(init: HeldInit): void {
    if (this.#inits.has(init)) return;
    this.#inits.add(init);
    this.#sink.send(init.message, 0);
  }

  /** Moves a viewer that is too far behind to the newest group, and tells it. */
  #keepBudget(window: ChunkWindow, cursors: StripeCursors, edge: number): void {
    const from = cursors.lowest;
    if (from > edge || !isTooFar(window, from)) return;
    const to = window.newestGroup;
    if (to === undefined || to <= from) return;
    this.#sink.send(encodeMessage(skipped, { track: this.#track, from, to }), 0);
    cursors.advance(to);
  }
}

function isTooFar(window: ChunkWindow, from: number): boolean {
  const chunksBehind = window.size - window.indexFrom(from);
  const bytesBehind = (chunksBehind * window.bytes) / window.size;
  return window.hasLost(from) || window.groupsAfter(from) > BUDGET.groups || bytesBehind > BUDGET.bytes;
}

/** The lowest sequence that is sent on request: where the last but one group starts, or the newest where that would be too much. */
function floorOf(window: ChunkWindow): number {
  const newest = window.newestGroup;
  if (newest === undefined) return 0;
  const before = window.at(window.indexFrom(newest) - 1)?.header.group;
  return before === undefined || !window.get(before) || isTooFar(window, before) ? newest : before;
}
