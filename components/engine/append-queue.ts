// Feeds one SourceBuffer: one operation at a time, what waits joined into few appends, the past evicted when it is full.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { Fragment } from '../../core/media/isobmff/fragmenter.ts';
import type { EngineWarning } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import { wantsMedia } from './media-source-class.ts';

/** Kept behind the playhead. */
const BACK_BUFFER: Seconds = 15;
/** Eviction waits until this much more has gathered, so that it is rare. */
const BACK_SLACK: Seconds = 5;
/** With so much ahead, the room for more comes with playing on. */
const ENOUGH: Seconds = 5;
/** A managed source that wants no more for now still gets so much: live needs it. */
const AHEAD_ANYWAY: Seconds = 5;
/** One append holds at most this many bytes. */
const MAX_APPEND = 1024 * 1024;
/** Most bytes that may wait for the SourceBuffer. */
const MAX_QUEUED = 32 * 1024 * 1024;
/** Raw audio is moved to where it belongs when it has drifted this far. */
const MAX_DRIFT: Seconds = 0.05;

type Job =
  | { readonly type: 'init'; readonly mime: string; readonly bytes: Bytes }
  | { readonly type: 'fragment'; readonly fragment: Fragment };

/** The queue of one kind of media. */
export class AppendQueue {
  readonly #buffer: SourceBuffer;
  readonly #source: MediaSource;
  readonly #warn: (warning: EngineWarning) => void;
  readonly #drained: () => void;
  readonly #broken: (reason: string) => void;
  #isBroken = false;
  #cleared: (() => void) | undefined;
  #mime: string;
  #jobs: Job[] = [];
  #queuedBytes = 0;
  #playhead: Seconds = 0;
  /** Media times that wait to be removed, and whether an append waits for the room. */
  #remove: readonly [Seconds, Seconds] | undefined;
  #expected: Seconds | undefined;

  /** `source` is the buffer's. `drained` is called whenever nothing is left to do, `broken` once if the SourceBuffer can't be used any more. */
  constructor(options: {
    buffer: SourceBuffer;
    mime: string;
    source: MediaSource;
    warn: (warning: EngineWarning) => void;
    drained: () => void;
    broken: (reason: string) => void;
  }) {
    this.#buffer = options.buffer;
    this.#mime = options.mime;
    this.#source = options.source;
    this.#warn = options.warn;
    this.#drained = options.drained;
    this.#broken = options.broken;
    this.#buffer.addEventListener('updateend', () => this.#next());
    this.#source.addEventListener('startstreaming', () => this.#next());
  }

  /** Nothing is being done and nothing waits. */
  get idle(): boolean {
    return !this.#buffer.updating && this.#jobs.length === 0;
  }

  init(mime: string, bytes: Bytes): void {
    this.#jobs.push({ type: 'init', mime, bytes });
    this.#next();
  }

  append(fragment: Fragment): void {
    this.#jobs.push({ type: 'fragment', fragment });
    this.#queuedBytes += fragment.bytes.length;
    while (this.#queuedBytes > MAX_QUEUED) this.#dropOldest();
    this.#next();
  }

  /** Drops all media, also what waits; calls `done` then. */
  clear(done: () => void): void {
    const before = this.#cleared;
    this.#cleared = () => {
      before?.();
      done();
    };
    this.#jobs = this.#jobs.filter(job => job.type === 'init');
    this.#queuedBytes = 0;
    this.#expected = undefined;
    this.#remove = [0, Number.POSITIVE_INFINITY];
    this.#next();
  }

  /** Tells where the video is. */
  playhead(currentTime: Seconds): void {
    this.#playhead = currentTime;
    this.#next();
  }

  #next(): void {
    if (this.#isBroken || this.#buffer.updating) return;
    try {
      if (this.#trim()) return;
      const cleared = this.#cleared;
      this.#cleared = undefined;
      cleared?.();
      const job = this.#jobs[0];
      if (!job) this.#drained();
      else if (job.type === 'init') this.#appendInit(job);
      else if (wantsMedia(this.#source) || this.#ahead < AHEAD_ANYWAY) this.#appendFragments(job.fragment);
    } catch (error) {
      this.#recover(error);
    }
  }

  get #ahead(): Seconds {
    const { buffered } = this.#buffer;
    return buffered.length > 0 ? buffered.end(buffered.length - 1) - this.#playhead : 0;
  }

  #appendInit(job: Extract<Job, { type: 'init' }>): void {
    if (job.mime !== this.#mime) {
      this.#buffer.changeType(job.mime);
      this.#mime = job.mime;
    }
    this.#jobs.shift();
    if (job.bytes.length > 0) this.#buffer.appendBuffer(job.bytes);
    else this.#next();
  }

  #appendFragments(first: Fragment): void {
    // A format without timestamps of its own is placed by hand.
    const raw = this.#buffer.mode === 'sequence';
    if (raw && (this.#expected === undefined || Math.abs(first.start - this.#expected) > MAX_DRIFT)) {
      this.#buffer.abort();
      this.#buffer.timestampOffset = first.start;
      this.#expected = first.start;
    }
    const parts: Bytes[] = [];
    let count = 0;
    let size = 0;
    for (const job of this.#jobs) {
      if (job.type !== 'fragment' || (count > 0 && size + job.fragment.bytes.length > MAX_APPEND)) break;
      if (raw && Math.abs(job.fragment.start - (this.#expected ?? 0)) > MAX_DRIFT) break;
      if (raw) this.#expected = (this.#expected ?? 0) + job.fragment.end - job.fragment.start;
      parts.push(job.fragment.bytes);
      size += job.fragment.bytes.length;
      count++;
    }
    this.#buffer.appendBuffer(concat(parts));
    this.#jobs.splice(0, count);
    this.#queuedBytes -= size;
  }

  /** Whether a removal has begun. */
  #trim(): boolean {
    const { buffered } = this.#buffer;
    if (this.#remove === undefined && buffered.length > 0) {
      const start = buffered.start(0);
      if (this.#playhead - start > BACK_BUFFER + BACK_SLACK) this.#remove = [0, this.#playhead - BACK_BUFFER];
    }
    if (!this.#remove) return false;
    const [from, to] = this.#remove;
    this.#remove = undefined;
    this.#buffer.remove(from, to);
    return true;
  }

  #recover(error: unknown): void {
    const isQuota = error instanceof DOMException && error.name === 'QuotaExceededError';
    if (!isQuota) {
      this.#isBroken = true;
      this.#jobs = [];
      this.#broken(`the browser refuses the media: ${String(error)}`);
      return;
    }
    const { buffered } = this.#buffer;
    const past = this.#playhead - 1;
    if (buffered.length > 0 && buffered.start(0) < past) this.#buffer.remove(0, past);
    else if (this.#ahead < ENOUGH) {
      this.#dropOldest();
      this.#warn({ code: 'quota', message: 'the browser has no room for more media' });
    }
  }

  #dropOldest(): void {
    const index = this.#jobs.findIndex(job => job.type === 'fragment');
    const [dropped] = index < 0 ? [] : this.#jobs.splice(index, 1);
    if (dropped?.type === 'fragment') this.#queuedBytes -= dropped.fragment.bytes.length;
  }
}
