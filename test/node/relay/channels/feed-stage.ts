// A feed's surroundings: a sink that takes and refuses as it likes, and a window that is filled group by group.

import assert from 'node:assert/strict';
import { type Bytes, toHex } from '../../../../core/bytes.ts';
import { initId } from '../../../../core/init-document.ts';
import { ChunkWindow } from '../../../../core/swarm/chunk-window.ts';
import { decodeBody, MessageReader } from '../../../../core/wire/framing.ts';
import * as wire from '../../../../core/wire/index.ts';
import type { Skipped } from '../../../../core/wire/skipped.ts';
import type { FeedSink } from '../../../../relay/channels/viewer-feed.ts';
import { initDocument, unsignedChunk } from '../fixtures.ts';

/** What came out of a feed, in order. */
export type Event =
  | { readonly init: string }
  | { readonly chunk: number; readonly needs: string; readonly lane: number }
  | { readonly skipped: Skipped };

/** Notes what it is sent. */
export class FakeSink implements FeedSink {
  readonly lanes: number;
  readonly events: Event[] = [];
  /** Writes that each lane still takes. */
  readonly room: number[];
  largestWrite = 0;
  readonly writes: Bytes[] = [];

  constructor(lanes = 0, room = Number.POSITIVE_INFINITY) {
    this.lanes = lanes;
    this.room = Array.from({ length: lanes + 1 }, () => room);
  }

  writable(lane: number): boolean {
    return this.room[lane]! > 0;
  }

  send(messages: Bytes, lane: number): void {
    this.writes.push(messages);
    this.largestWrite = Math.max(this.largestWrite, messages.length);
    let hasChunks = false;
    const reader = new MessageReader((type, body) => {
      if (type === wire.init.type) {
        assert.equal(lane, 0);
        this.events.push({ init: toHex(initId(decodeBody(wire.init, body).document)) });
      } else if (type === wire.skipped.type) {
        assert.equal(lane, 0);
        this.events.push({ skipped: decodeBody(wire.skipped, body) });
      } else {
        hasChunks = true;
        const { header } = decodeBody(wire.chunk, body);
        this.events.push({ chunk: header.sequence, needs: toHex(header.initId), lane });
      }
    });
    reader.push(messages);
    reader.end();
    if (!hasChunks) return;
    assert.ok(this.writable(lane), 'chunks are only written to a writable lane');
    this.room[lane]! -= 1;
  }

  get sequences(): number[] {
    return this.events.flatMap(event => ('chunk' in event ? [event.chunk] : []));
  }

  get skips(): Skipped[] {
    return this.events.flatMap(event => ('skipped' in event ? [event.skipped] : []));
  }
}

/** A window that is filled group by group. Sequences start at 1. */
export class Source {
  readonly window: ChunkWindow;
  readonly starts: number[] = [];
  next = 1;
  epoch = 0;
  #init: Bytes;

  constructor(limits = { maxAgeMs: 1e9, maxBytes: 1e9 }) {
    this.window = new ChunkWindow(limits);
    this.#init = this.window.addInit(0, initDocument(1), initId(initDocument(1))).id;
  }

  useInit(number: number): void {
    this.#init = this.window.addInit(0, initDocument(number), initId(initDocument(number))).id;
  }

  add(startsGroup: boolean, size = 100, now = 0): void {
    if (startsGroup) this.starts.push(this.next);
    const group = this.starts.at(-1)!;
    const { epoch } = this;
    const chunk = unsignedChunk({ sequence: this.next++, group, epoch, initId: this.#init }, size);
    assert.ok(this.window.insert(chunk, now));
  }

  group(count: number, size = 100): void {
    for (let i = 0; i < count; i++) this.add(i === 0, size);
  }
}
