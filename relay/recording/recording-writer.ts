// Writes one recording: takes messages as they are, at once, and brings them to the disk in order, one write at a time.

import { type Bytes, concat, equalBytes } from '../../core/bytes.ts';
import { startsGroup } from '../../core/chunk.ts';
import type { Container } from '../../core/init-document.ts';
import {
  encodeIndexRecord,
  GroupIndex,
  INDEX_RECORD_SIZE,
  type IndexedGroup,
} from '../../core/recording/group-index.ts';
import { recordingEnd } from '../../core/recording/recording-end.ts';
import { type RecordingHead, recordingHead } from '../../core/recording/recording-head.ts';
import type { HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import type { Millis, Ticks } from '../../core/time.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import type { RecordingFiles } from './disk.ts';
import type { Recording } from './recording.ts';

/** So much goes to the disk at a time, at most. */
const MAX_WRITE = 1_048_576;

interface Waiting {
  readonly bytes: Bytes;
  /** Channel time up to which there is media when this is written. */
  readonly to: Ticks;
  readonly group?: IndexedGroup;
}

export interface WriterOptions {
  readonly head: RecordingHead;
  readonly track: number;
  readonly container: Container;
  readonly create: () => Promise<RecordingFiles>;
  /** Something could not be written. Where the writer is faulty then, what waited is lost, and nothing more may be appended before `retry`. */
  readonly onFault: (error: unknown) => void;
}

export class RecordingWriter implements Recording {
  readonly channel: string;
  readonly publicKey: Bytes;
  readonly track: number;
  readonly container: Container;
  readonly startedAt: Millis;
  readonly endedAt = undefined;
  to: Ticks = 0;
  /** Bytes that wait to be written. */
  waiting = 0;
  readonly #options: WriterOptions;
  readonly #index = new GroupIndex();
  /** Groups whose records are in the index file. */
  #indexed = 0;
  #files: RecordingFiles | undefined;
  #queue: Waiting[] = [];
  /** The data file's size, and what it will be when all that waits is written. */
  #written = 0;
  #planned = 0;
  /** Where the recording's own end begins, once that is to be written. */
  #end: number | undefined;
  #init: { readonly of: HeldInit; readonly offset: number } | undefined;
  #work: Promise<void> | undefined;
  #fault: unknown;
  /** Bytes of data that survive the machine. */
  #safe = 0;
  #syncing: Promise<void> | undefined;
  #isFinishing = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    const { head, track, container } = options;
    this.channel = head.channel;
    this.publicKey = head.publicKey;
    this.startedAt = head.startedAt;
    this.track = track;
    this.container = container;
    this.#begin();
  }

  /** Known once there is something to play. */
  get id(): string {
    return `${this.channel}/${this.#files?.stamp ?? ''}`;
  }

  get directory(): string {
    return this.#files?.directory ?? '';
  }

  /** Whether there is something to play. */
  get isThere(): boolean {
    return this.#index.size > 0;
  }

  get groupCount(): number {
    return this.#index.size;
  }

  get from(): Ticks {
    return this.#index.first?.timestamp ?? 0;
  }

  get dataSize(): number {
    return this.#written;
  }

  get end(): number {
    return this.#end ?? this.#written;
  }

  get indexSize(): number {
    return this.#indexed * INDEX_RECORD_SIZE;
  }

  /** Whether a write has failed since the last `retry`. */
  get isFaulty(): boolean {
    return this.#fault !== undefined;
  }

  async groups(): Promise<GroupIndex> {
    return this.#index;
  }

  /** Takes the next chunk; the first of all, and the first after a fault, has to start a group. */
  append({ header, init, message }: HeldChunk): void {
    if (!this.#init || !equalBytes(this.#init.of.id, init.id)) {
      this.#init = { of: init, offset: this.#planned };
      this.#put({ bytes: init.message, to: this.to });
    }
    const { sequence, timestamp, capturedAt } = header;
    const { offset, of } = this.#init;
    const group = { sequence, timestamp, capturedAt, offset: this.#planned, init: offset, initSize: of.message.length };
    const to = Math.max(this.#queue.at(-1)?.to ?? this.to, timestamp + header.duration);
    this.#put({ bytes: message, to, ...(startsGroup(header) && { group }) });
    this.#start();
  }

  /** Makes ready to go on after a fault. Rejects when the disk still says no. */
  async retry(): Promise<void> {
    await this.#work;
    await this.#files?.truncate('data', this.#written);
    await this.#files?.truncate('index', this.indexSize);
    this.#fault = undefined;
    this.#init = undefined;
    this.#planned = this.#written;
    if (this.#written === 0) this.#begin();
  }

  /** Waits until the disk has what is written by now; more may be appended and written meanwhile. Never rejects. */
  sync(): Promise<void> {
    const [files, size] = [this.#files, this.#written];
    if (!files || this.#isFinishing || size === this.#safe) return Promise.resolve();
    this.#syncing ??= files
      .sync()
      .then(() => {
        this.#safe = size;
      }, this.#options.onFault)
      .finally(() => {
        this.#syncing = undefined;
      });
    return this.#syncing;
  }

  /** Writes what waits, and that this is the end; or deletes it all, where nothing can be played. Rejects when the disk says no: then the next start puts the end. */
  async finish(endedAt: Millis): Promise<void> {
    this.#isFinishing = true;
    await Promise.all([this.#work, this.#syncing]);
    try {
      if (this.#fault !== undefined) await this.retry();
      if (!this.isThere) return;
      this.#end = this.#written;
      const end = { endedAt, from: this.from, to: this.to, groups: this.#index.size };
      this.#put({ bytes: encodeMessage(recordingEnd, end), to: this.to });
      this.#start();
      await this.#work;
      if (this.#fault !== undefined) throw this.#fault;
    } finally {
      await (this.isThere ? this.#files?.close() : this.#files?.remove());
    }
  }

  #begin(): void {
    this.#put({ bytes: encodeMessage(recordingHead, this.#options.head), to: 0 });
  }

  #put(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#planned += waiting.bytes.length;
    this.waiting += waiting.bytes.length;
  }

  #start(): void {
    if (this.#work || this.#fault !== undefined) return;
    this.#work = this.#write().finally(() => {
      this.#work = undefined;
    });
  }

  async #write(): Promise<void> {
    try {
      this.#files ??= await this.#options.create();
      while (this.#queue.length > 0) {
        const batch = this.#takeBatch();
        await this.#files.write('data', concat(batch.map(({ bytes }) => bytes)), this.#written);
        this.#took(batch);
        await this.#writeIndex(this.#files);
      }
    } catch (error) {
      this.#fault = error ?? new Error('the disk says no');
      this.#queue = [];
      this.waiting = 0;
      this.#options.onFault(this.#fault);
    }
  }

  #takeBatch(): Waiting[] {
    let size = 0;
    const end = this.#queue.findIndex(({ bytes }, i) => (size += bytes.length) > MAX_WRITE && i > 0);
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end);
  }

  #took(batch: readonly Waiting[]): void {
    for (const { bytes, group, to } of batch) {
      this.#written += bytes.length;
      this.waiting -= bytes.length;
      this.to = to;
      if (group) this.#index.add(group);
    }
  }

  async #writeIndex(files: RecordingFiles): Promise<void> {
    const records: Bytes[] = [];
    for (let i = this.#indexed; i < this.#index.size; i++) records.push(encodeIndexRecord(this.#index.at(i)!)); // i < size
    if (records.length === 0) return;
    await files.write('index', concat(records), this.indexSize);
    this.#indexed += records.length;
  }
}
