// Reads a recording on from where the viewer is: gets its chunks, checks them, holds them, and hands them to the writer in order, some seconds ahead.

import { ByteReader, type Bytes, toHex } from '../../core/bytes.ts';
import { type Chunk, decodeChunk } from '../../core/chunk.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { decodeInit, type InitDocument, initIdOf } from '../../core/init-document.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../../core/wire/index.ts';
import type { MediaWriter } from '../engine/media-writer.ts';
import { GroupStore } from './group-store.ts';
import type { FileMessage, RecordingFiles } from './recording-files.ts';
import type { ByteSpan, RecordingMap } from './recording-map.ts';
import { AHEAD, type ReplayPeer, ReplayPlanner } from './replay-planner.ts';

type Seconds = number;

/** Held for going back and forth, and for others. */
const MAX_HELD = 40 * 1024 * 1024;
/** What began to be written so lately is on its way to the video. */
const JUST_MS: Millis = 2_000;
/** So long after a start or a seek, peers may still be found. */
const MEETING_MS: Millis = 5_000;

/** What the reader needs. */
export interface ReplayReaderOwner {
  readonly map: RecordingMap;
  readonly files: Pick<RecordingFiles, 'read'>;
  readonly writer: Pick<MediaWriter, 'write' | 'ahead' | 'timeOf'>;
  readonly self: PeerId;
  readonly peers: Iterable<ReplayPeer>;
  /** Whether peers are to be expected. */
  readonly mayMeet: boolean;
  digest(bytes: Bytes): Promise<Bytes>;
  /** Whether the publisher signed it. */
  isGenuine(chunk: Chunk): Promise<boolean>;
  fetch(of: PeerId, sequences: readonly number[]): void;
  /** So many bytes came from the relay; or they could not be read. */
  cameFromRelay(bytes: number): void;
  readFailed(error: unknown): void;
  /** Something in the relay's own file is not what the publisher made. */
  damaged(reason: string): void;
  /** All is written, to the very end. */
  ended(): void;
}

/** Of one recording and one viewer. */
export class ReplayReader {
  readonly store: GroupStore;
  readonly planner: ReplayPlanner;
  readonly #owner: ReplayReaderOwner;
  readonly #inits = new Map<string, { readonly held: HeldInit; readonly document: InitDocument }>();
  /** The init messages that were read, by their offsets. */
  readonly #initsRead = new Set<number>();
  readonly #reads = new Map<number, AbortController>();
  /** The group that is written next, and in it the chunk. */
  #place = 0;
  #next = 0;
  /** Where writing began, and when. */
  #beganPlace = 0;
  #beganAt: Millis = 0;
  #playhead: Ticks = 0;
  #isOver = false;
  /** Reading has failed: not before somebody says so. */
  #isPaused = false;

  constructor(owner: ReplayReaderOwner) {
    this.#owner = owner;
    const reader = this;
    const { map } = owner;
    this.store = new GroupStore(map, MAX_HELD);
    this.planner = new ReplayPlanner({
      map,
      store: this.store,
      self: owner.self,
      get peers() {
        return owner.peers;
      },
      get isMeeting() {
        return owner.mayMeet && performance.now() - reader.#beganAt < MEETING_MS;
      },
      fetch: (of, sequences) => owner.fetch(of, sequences),
      canDecode: place => this.#initsRead.has(map.group(place).init),
      read: (span, first, last) => void this.#read(span, first, last),
    });
  }

  /** The group that is shown. */
  get place(): number {
    return this.#owner.map.placeAt(this.#playhead);
  }

  initOf(id: string): InitDocument | undefined {
    return this.#inits.get(id)?.document;
  }

  /** Where the video is, in channel time. */
  playhead(at: Ticks): void {
    this.#playhead = at;
  }

  /** Whether what shows a channel time is just being written, so that nothing has to be cleared to go there. */
  isNear(at: Ticks): boolean {
    const place = this.#owner.map.placeAt(at);
    return place === this.#place || (place === this.#beganPlace && performance.now() - this.#beganAt < JUST_MS);
  }

  /** Reads on from the group that shows a channel time. What was written before is cleared away by others. */
  goTo(at: Ticks): void {
    const { map } = this.#owner;
    this.#playhead = at;
    this.#place = map.placeAt(at);
    this.#next = map.group(this.#place).sequence;
    this.#beganPlace = this.#place;
    this.#beganAt = performance.now();
    this.#isOver = false;
    for (const abort of this.#reads.values()) abort.abort();
    this.#reads.clear();
    this.planner.restart();
    this.step();
  }

  /** Writes and asks for what it can; to be called some times a second, and when there is news. */
  step(): void {
    const { map } = this.#owner;
    if (map.groups.size === 0) return;
    this.#write();
    if (this.#isPaused || this.#isOver) return;
    this.planner.step(this.#place, this.#playhead, performance.now());
  }

  /** The relay can't be read from; `resume` when it may be tried again. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.step();
  }

  /** The map has grown. */
  grown(): void {
    const before = this.#owner.map.groups.size - 2;
    if (before >= 0) this.store.read(before, 0); // it may be whole by that
    this.#isOver = false;
    this.step();
  }

  /** A peer sent a chunk. */
  async take(chunk: Chunk, from: PeerId): Promise<'taken' | 'unasked' | 'forged'> {
    if (!this.planner.came(chunk.header.sequence, from, performance.now())) return 'unasked';
    if (!(await this.#owner.isGenuine(chunk))) return 'forged';
    this.#hold(chunk);
    this.step();
    return 'taken';
  }

  close(): void {
    for (const abort of this.#reads.values()) abort.abort();
    this.#reads.clear();
    this.#isPaused = true;
  }

  #write(): void {
    const { map, writer } = this.#owner;
    while (!this.#isOver && writer.ahead(this.#timeOf(this.#playhead)) < AHEAD) {
      if (this.#place >= map.groups.size) {
        if (!map.running) this.#end();
        return;
      }
      const chunk = this.#next < map.sequenceAfter(this.#place) ? this.store.get(this.#next) : undefined;
      if (chunk) {
        this.#next++;
        writer.write(chunkOf(chunk));
      } else if (!this.#pass()) return;
    }
  }

  /** Goes on behind a hole, or with the next group; false when what comes next is still to be got. */
  #pass(): boolean {
    const { map } = this.#owner;
    if (this.#next < map.sequenceAfter(this.#place)) {
      if (!this.store.isWhole(this.#place)) return false;
      const later = this.store.sequencesOf(this.#place).find(sequence => sequence > this.#next);
      if (later !== undefined) {
        this.#next = later;
        return true;
      }
      if (map.isOpen(this.#place)) return false;
    }
    this.#place++;
    this.#next = map.groups.at(this.#place)?.sequence ?? this.#next;
    return true;
  }

  #end(): void {
    this.#isOver = true;
    this.#owner.ended();
  }

  async #read(span: ByteSpan, first: number, last: number): Promise<void> {
    const { files, map } = this.#owner;
    const abort = new AbortController();
    this.#reads.set(first, abort);
    const take = (messages: readonly FileMessage[]) => this.#takeRead(messages, first);
    let error: unknown;
    try {
      const { init, initSize } = map.group(first);
      const isKnown = this.#initsRead.has(init);
      const isBeside = init + initSize === span.from;
      if (!isKnown && !isBeside) await files.read({ from: init, to: init + initSize }, take, abort.signal);
      await files.read(isKnown || !isBeside ? span : { from: init, to: span.to }, take, abort.signal);
    } catch (caught) {
      error = caught;
    }
    if (abort.signal.aborted) return;
    this.#reads.delete(first);
    this.planner.readEnded(first);
    if (error instanceof ProtocolViolation) this.#owner.damaged(error.message);
    if (error === undefined || error instanceof ProtocolViolation) {
      // What isn't there after all of it was read will never be.
      for (let place = first; place <= last; place++) this.store.read(place, Math.min(span.to, map.bytesOf(place).to));
    } else this.#owner.readFailed(error);
    this.step();
  }

  async #takeRead(messages: readonly FileMessage[], first: number): Promise<void> {
    const { map } = this.#owner;
    const chunks: Promise<Chunk | undefined>[] = [];
    for (const { type, body, next } of messages) {
      if (type === initMessage.type) await this.#addInit(body, next);
      if (type !== chunkMessage.type) continue;
      const chunk = decodeBody(chunkMessage, body);
      chunks.push(this.#owner.isGenuine(chunk).then(is => (is ? chunk : undefined)));
    }
    for (const chunk of await Promise.all(chunks)) {
      if (chunk) this.#hold(chunk);
      else this.#owner.damaged('a chunk of the recording is not the publisher’s');
    }
    const { next } = messages.at(-1)!; // there is one
    let size = 0;
    for (const { body } of messages) size += body.length;
    this.#owner.cameFromRelay(size);
    // Of the groups before, all has come.
    const place = map.placeByOffset(next - 1);
    for (let read = first; read <= place; read++) this.store.read(read, Math.min(next, map.bytesOf(read).to));
    this.step();
  }

  async #addInit(body: Bytes, next: number): Promise<void> {
    const { track, document } = decodeBody(initMessage, body);
    const id = initIdOf(await this.#owner.digest(document));
    const message = encodeMessage(initMessage, { track, document });
    this.#initsRead.add(next - message.length);
    const key = toHex(id);
    if (!this.#inits.has(key)) this.#inits.set(key, { held: { id, message }, document: decodeInit(document.slice()) });
  }

  #hold(chunk: Chunk): void {
    const init = this.#inits.get(toHex(chunk.header.initId));
    if (!init) return;
    this.store.insert(chunk, init.held, performance.now());
    const { map } = this.#owner;
    const shown = Math.min(this.place, this.#place);
    this.store.trim(
      shown,
      Math.max(shown, this.planner.lastWanted(Math.min(this.#place, map.groups.size - 1), this.#playhead)),
    );
  }

  #timeOf(at: Ticks): Seconds {
    const { map } = this.#owner;
    return (at - map.start) / TICKS_PER_SECOND;
  }
}

function chunkOf({ message }: HeldChunk): Chunk {
  const reader = new ByteReader(message);
  reader.varint(); // type and length
  reader.varint();
  return decodeChunk(reader.rest());
}
