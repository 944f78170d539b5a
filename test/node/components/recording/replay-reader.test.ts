// ReplayReader: what is recorded is written once and in order, from wherever it is asked for; what can't be had or isn't genuine is passed over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileMessage } from '../../../../components/recording/recording-files.ts';
import type { ByteSpan, RecordingMap } from '../../../../components/recording/recording-map.ts';
import type { ReplayPeer } from '../../../../components/recording/replay-planner.ts';
import { ReplayReader, type ReplayReaderOwner } from '../../../../components/recording/replay-reader.ts';
import type { Chunk } from '../../../../core/chunk.ts';
import type { PeerId } from '../../../../core/peer-id.ts';
import { createDigest } from '../../../../core/signature.ts';
import { TICKS_PER_SECOND } from '../../../../core/time.ts';
import { encodeMessage } from '../../../../core/wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../../../../core/wire/index.ts';
import { until } from '../../../support/until.ts';
import { chunkAt, INIT, indexOf, mapOf, PER_GROUP, START } from './recorded.ts';

/** A viewer around one reader, and the relay's file. */
class Stage implements ReplayReaderOwner {
  readonly map: RecordingMap;
  readonly self = 1;
  readonly mayMeet = false;
  peers: ReplayPeer[] = [];
  readonly written: number[] = [];
  readonly asked: { readonly of: PeerId; readonly sequences: readonly number[] }[] = [];
  readonly spans: ByteSpan[] = [];
  readonly errors: unknown[] = [];
  damages = 0;
  isOver = false;
  bytes = 0;
  /** The relay breaks off after so many messages, once. */
  breaksAfter = Number.POSITIVE_INFINITY;
  /** None of the publisher's. */
  forged: readonly number[] = [];
  readonly reader: ReplayReader;
  #ahead = 0;
  readonly #leavesOut: readonly number[];

  constructor(groups: number, { running = false, leavesOut = [] as readonly number[] } = {}) {
    this.map = mapOf(groups, { running, leavesOut });
    this.#leavesOut = leavesOut;
    this.reader = new ReplayReader(this);
  }

  readonly files = {
    read: async (span: ByteSpan, take: (messages: readonly FileMessage[]) => Promise<void>, signal: AbortSignal) => {
      this.spans.push(span);
      let { from } = span;
      const init = this.map.group(0).init;
      for (let count = 0; from < span.to; count++) {
        await Promise.resolve();
        signal.throwIfAborted();
        if (count >= this.breaksAfter) {
          this.breaksAfter = Number.POSITIVE_INFINITY;
          throw new TypeError('the connection broke');
        }
        const isInit = from === init;
        const message = isInit ? INIT.message : this.#messageAt(from);
        from += message.length;
        const body = message.subarray(message.length - this.#bodySize(message));
        await take([{ type: isInit ? initMessage.type : chunkMessage.type, body, next: from }]);
      }
    },
  };

  readonly writer = {
    write: (chunk: Chunk) => {
      this.written.push(chunk.header.sequence);
      this.#ahead = (chunk.header.timestamp + chunk.header.duration - START) / TICKS_PER_SECOND;
    },
    ahead: (of = 0) => (this.written.length === 0 ? 0 : this.#ahead - of),
    timeOf: () => undefined,
  };

  readonly digest = createDigest();

  async isGenuine({ header }: Chunk): Promise<boolean> {
    return !this.forged.includes(header.sequence);
  }

  fetch(of: PeerId, sequences: readonly number[]): void {
    this.asked.push({ of, sequences });
  }

  cameFromRelay(bytes: number): void {
    this.bytes += bytes;
  }

  readFailed(error: unknown): void {
    this.errors.push(error);
    this.reader.pause();
  }

  damaged(): void {
    this.damages++;
  }

  ended(): void {
    this.isOver = true;
  }

  /** Plays on, as fast as it comes, until it is over or as far as told. */
  async play(to = Number.POSITIVE_INFINITY): Promise<void> {
    await until(
      () => {
        this.reader.playhead(START + Math.max(0, this.#ahead) * TICKS_PER_SECOND);
        this.reader.step();
        return this.isOver || this.#ahead >= to || this.errors.length > 0;
      },
      () => `it is over; written: ${this.written.length}`,
      5_000,
    );
  }

  #messageAt(offset: number): Uint8Array<ArrayBuffer> {
    const place = this.map.placeByOffset(offset);
    let at = this.map.group(place).offset;
    for (let sequence = 1_000 + place * PER_GROUP; ; sequence++) {
      if (this.#leavesOut.includes(sequence)) continue;
      const message = encodeMessage(chunkMessage, chunkAt(sequence));
      if (at === offset) return message;
      at += message.length;
    }
  }

  #bodySize(message: Uint8Array): number {
    return message.length < 64 ? message.length - 2 : message.length - 3;
  }
}

const everything = (groups: number) => Array.from({ length: groups * PER_GROUP }, (_, i) => 1_000 + i);

test('a recording is written once, in order, to its end', async () => {
  const stage = new Stage(50);
  stage.reader.goTo(stage.map.start);
  await stage.play();
  assert.deepEqual(stage.written, everything(50));
  assert.ok(stage.spans.every(({ from, to }) => to - from <= 1_100_000));
});

test('from a time on it begins with the group that shows it', async () => {
  const stage = new Stage(50);
  stage.reader.goTo(START + 20.4 * TICKS_PER_SECOND);
  await stage.play();
  assert.deepEqual(stage.written, everything(50).slice(20 * PER_GROUP));
});

test('what was never recorded, and what the publisher never signed, is passed over', async () => {
  const leavesOut = [1_010, 1_025, 1_049];
  const stage = new Stage(10, { leavesOut });
  stage.forged = [1_060, 1_100];
  stage.reader.goTo(stage.map.start);
  await stage.play();
  const gone = [...leavesOut, ...stage.forged];
  assert.deepEqual(
    stage.written,
    everything(10).filter(sequence => !gone.includes(sequence)),
  );
  assert.equal(stage.damages, 2);
});

test('a connection that breaks is taken up again where it broke', async () => {
  const stage = new Stage(10);
  stage.breaksAfter = 30;
  stage.reader.goTo(stage.map.start);
  await stage.play();
  assert.equal(stage.errors.length, 1);
  const before = stage.bytes;
  stage.errors.length = 0;
  stage.reader.resume();
  await stage.play();
  assert.deepEqual(stage.written, everything(10));
  assert.equal(stage.spans[1]?.from, stage.map.group(1).offset + 4 * chunkSize(), 'not from the beginning again');
  assert.ok(before > 0);
});

test('one that runs is written as far as it goes, then as it grows', async () => {
  const stage = new Stage(5, { running: true });
  stage.reader.goTo(stage.map.start);
  await stage.play(5);
  assert.deepEqual(stage.written, everything(5));
  assert.equal(stage.isOver, false);
  stage.map.take(indexOf(8));
  stage.reader.grown();
  await stage.play();
  assert.deepEqual(stage.written, everything(8));
});

test('what is held is not read again when one goes back; what peers send counts only when it was asked for', async () => {
  const stage = new Stage(20);
  stage.reader.goTo(stage.map.start);
  await stage.play();
  const reads = stage.spans.length;
  stage.written.length = 0;
  stage.isOver = false;
  stage.reader.goTo(START + 3 * TICKS_PER_SECOND);
  await stage.play();
  assert.equal(stage.spans.length, reads);
  assert.deepEqual(stage.written, everything(20).slice(3 * PER_GROUP));

  const other = new Stage(60);
  const holds = (from: number, to: number) => Array.from({ length: Math.min(to, 2_500) - from }, (_, i) => from + i);
  other.reader.goTo(other.map.start);
  await other.play(3);
  other.peers = [{ id: 7, place: 40, holds }];
  other.reader.goTo(START + 35 * TICKS_PER_SECOND);
  await until(() => other.asked.length > 0, 'a peer is asked');
  const [sequence] = other.asked[0]!.sequences;
  assert.equal(await other.reader.take(chunkAt(sequence! + 1_000), 7), 'unasked');
  assert.equal(await other.reader.take(chunkAt(sequence!), 8), 'unasked');
  assert.equal(await other.reader.take(chunkAt(sequence!), 7), 'taken');
  assert.ok(other.reader.store.get(sequence!));
  other.forged = [sequence! + 1];
  assert.equal(await other.reader.take(chunkAt(sequence! + 1), 7), 'forged');
  assert.equal(other.reader.store.get(sequence! + 1), undefined);
});

function chunkSize(): number {
  return encodeMessage(chunkMessage, chunkAt(1_000)).length;
}
