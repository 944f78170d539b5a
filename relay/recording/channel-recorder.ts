// Decides for one channel what is recorded where: when a recording begins, goes on, stops for a while, and ends.

import type { Bytes } from '../../core/bytes.ts';
import { startsGroup } from '../../core/chunk.ts';
import type { Container } from '../../core/init-document.ts';
import type { HeldChunk } from '../../core/swarm/chunk-window.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { Log } from '../log.ts';
import type { RecordingWriter, WriterOptions } from './recording-writer.ts';

/** A publisher that is away for less goes on in the same recording. */
const PAUSE_MS: Millis = 60_000;
/** Steps back of the channel's time by more than this are another timeline, and so another recording. */
const BACKWARDS: Ticks = TICKS_PER_SECOND;
/** From one beginning to the next. */
const BEGIN_MS: Millis = 1_000;
/** After so long it is tried again. */
const RETRY_MS: Millis = 10_000;

export interface RecorderState {
  /** Of the recording that runs, once there is something to play. */
  readonly id: string | null;
  /** Why nothing is recorded although it should be. */
  readonly stopped: string | null;
}

export interface RecorderOptions {
  readonly channel: string;
  readonly clock: () => Millis;
  readonly log: Log;
  begin(options: Omit<WriterOptions, 'create'>): RecordingWriter;
  /** No more is appended to it. */
  finish(writer: RecordingWriter, endedAt: Millis): void;
  /** Why nothing may be written at all, if so. */
  obstacle(): string | undefined;
  /** Something could not be written; says it in a sentence. */
  fault(error: unknown): string;
  /** How much may wait to be written, in bytes. */
  maxWaiting(): number;
}

export class ChannelRecorder {
  readonly #options: RecorderOptions;
  #writer: RecordingWriter | undefined;
  /** What comes must start a group. */
  #awaitsGroup = true;
  #stopped: { readonly reason: string; readonly at: Millis } | undefined;
  #isRetrying = false;
  #begunAt: Millis = Number.NEGATIVE_INFINITY;
  #takenAt: Millis = Number.NEGATIVE_INFINITY;
  #timestamp: Ticks = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get state(): RecorderState {
    return { id: this.#writer?.isThere ? this.#writer.id : null, stopped: this.#stopped?.reason ?? null };
  }

  /** What is being written, also before there is anything to play. */
  get writer(): RecordingWriter | undefined {
    return this.#writer;
  }

  /** Whether nothing has been done for long. */
  get isIdle(): boolean {
    return !this.#writer && this.#options.clock() - this.#takenAt > PAUSE_MS;
  }

  /** Takes the channel's next chunk. Never throws. */
  take(chunk: HeldChunk, of: { readonly id: number; readonly container: Container }, publicKey: Bytes): void {
    const { header } = chunk;
    if (this.#writer && !this.#goesOn(chunk, of)) this.end();
    const obstacle = this.#options.obstacle();
    if (obstacle !== undefined) this.#stop(obstacle);
    if (this.#stopped || (this.#awaitsGroup && !startsGroup(header))) return;
    const now = this.#options.clock();
    if (!this.#writer) {
      if (now - this.#begunAt < BEGIN_MS) return;
      this.#begin(now, of, publicKey);
    }
    const writer = this.#writer!; // begun above
    const waiting = writer.waiting + chunk.message.length;
    if (waiting > this.#options.maxWaiting()) {
      this.#stop(`the disk is too slow: ${Math.round(waiting / 1e6)} MB wait to be written`);
      return;
    }
    this.#awaitsGroup = false;
    this.#takenAt = now;
    this.#timestamp = header.timestamp;
    writer.append(chunk);
  }

  /** Tries again what was stopped, and ends what nobody goes on with; called about once a second. */
  tick(): void {
    const now = this.#options.clock();
    if (this.#writer && now - this.#takenAt >= PAUSE_MS) this.end();
    const isDue = this.#stopped && now - this.#stopped.at >= RETRY_MS && !this.#isRetrying;
    if (!isDue || this.#options.obstacle() !== undefined) return;
    if (this.#writer?.isFaulty) void this.#retry(this.#writer, now);
    else if (!this.#writer || this.#writer.waiting === 0) this.#goOn();
  }

  /** The recording is over. */
  end(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    this.#awaitsGroup = true;
    if (writer) this.#options.finish(writer, this.#takenAt);
  }

  #goesOn({ header }: HeldChunk, of: { readonly id: number; readonly container: Container }): boolean {
    const writer = this.#writer!; // asked only while there is one
    const isSame = writer.track === of.id && writer.container === of.container;
    const isAhead = header.timestamp >= this.#timestamp - BACKWARDS;
    return isSame && isAhead && this.#options.clock() - this.#takenAt < PAUSE_MS;
  }

  #begin(now: Millis, of: { readonly id: number; readonly container: Container }, publicKey: Bytes): void {
    this.#begunAt = now;
    const { channel, begin, fault } = this.#options;
    const writer: RecordingWriter = begin({
      head: { channel, publicKey, startedAt: now },
      track: of.id,
      container: of.container,
      onFault: error => {
        const reason = fault(error);
        if (this.#writer === writer) this.#stop(reason);
      },
    });
    this.#writer = writer;
  }

  #stop(reason: string): void {
    this.#awaitsGroup = true;
    if (this.#stopped?.reason === reason) return;
    this.#stopped = { reason, at: this.#options.clock() };
    this.#options.log.error({ channel: this.#options.channel, reason }, 'recording has stopped; the broadcast goes on');
  }

  async #retry(writer: RecordingWriter, now: Millis): Promise<void> {
    this.#isRetrying = true;
    try {
      await writer.retry();
      if (this.#writer === writer) this.#goOn();
    } catch (error) {
      this.#stopped = { reason: this.#options.fault(error), at: now };
    } finally {
      this.#isRetrying = false;
    }
  }

  #goOn(): void {
    this.#stopped = undefined;
    this.#options.log.info({ channel: this.#options.channel }, 'recording goes on');
  }
}
