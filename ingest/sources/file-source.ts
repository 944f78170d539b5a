// A local FLV or TS file: one that an encoder is still writing is joined at its last keyframe and followed, a finished one is played as live.

import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Bytes } from '../../core/bytes.ts';
import { readFlvInit } from '../../core/media/flv/last-keyframe.ts';
import { growing } from './file-growth.ts';
import { Pace } from './paced.ts';
import { SNIFF_BYTES, sniff } from './sniff.ts';
import { type Source, type SourceContext, type SourceEvent, SourceFault } from './source.ts';

const BLOCK = 65_536;
const POLL_MS = 40;
/** A file that grows by so much at once after so long a pause is written in blocks. */
const BURST = 65_536;
const BURST_MS = 900;
/** With more than two blocks waiting, so much faster. */
const CATCH_UP = 1.1;
/** Of a longer file only the head and the last part are read to find the last keyframe. */
const WHOLE = 64 * 1_048_576;
const TAIL = 32 * 1_048_576;

export interface FileSourceOptions {
  /** Whether the file is still being written; found out by watching it if not given. */
  readonly mode?: 'follow' | 'paced';
  /** A finished file starts over instead of ending. */
  readonly loop?: boolean;
}

export class FileSource implements Source {
  readonly name: string;
  readonly #context: SourceContext;
  readonly #options: FileSourceOptions;
  #mode: 'follow' | 'paced' | undefined;

  constructor(path: string, context: SourceContext, options: FileSourceOptions = {}) {
    this.name = path;
    this.#context = context;
    this.#options = options;
    this.#mode = options.mode ?? (options.loop ? 'paced' : undefined);
  }

  async *open(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    if (!this.#mode) {
      await this.#check();
      this.#mode = (await growing(this.name, this.#context.clock, signal)) ? 'follow' : 'paced';
      if (signal.aborted) return;
      const how = this.#mode === 'follow' ? 'is being written: following it' : 'is finished: playing it as live';
      this.#context.log.info({ source: this.name, mode: this.#mode }, `the file ${how}`);
    }
    yield* this.#mode === 'follow' ? this.#follow(signal) : this.#play(signal);
  }

  async #check() {
    try {
      const found = await stat(this.name);
      if (!found.isFile() && !found.isFIFO()) throw new SourceFault(`${this.name} is not a file`, { permanent: true });
      return found;
    } catch (error) {
      throw fileFault(this.name, error);
    }
  }

  async *#play(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const pace = new Pace(this.#context.clock);
    for (;;) {
      const file = await openFile(this.name);
      let empty = true;
      try {
        for (let at = 0; !signal.aborted; ) {
          const bytes = await readAt(file, at, BLOCK);
          if (bytes.length === 0) break;
          empty = false;
          at += bytes.length;
          yield* pace.bytes(bytes, signal);
        }
        yield* pace.end(signal);
      } finally {
        await file.close();
      }
      if (empty) throw new SourceFault(`${this.name} is empty`, { permanent: true });
      if (signal.aborted) return;
      if (!this.#options.loop) return yield { type: 'end' };
      yield { type: 'discontinuity', reason: 'starts over', restarted: true };
    }
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    const { clock, log, stallMs } = this.#context;
    let file = await openFile(this.name);
    try {
      let at = yield* this.#backlog(file, signal);
      let seen = at;
      let grownAt = clock.now();
      let pace: Pace | undefined;
      let burst = 0;
      let told = false;
      while (!signal.aborted) {
        const held = await file.stat();
        if (held.size > at) {
          const bytes = await readAt(file, at, Math.min(BLOCK, held.size - at));
          const grown = held.size - seen;
          if (!pace && grown >= BURST && clock.now() - grownAt > BURST_MS) {
            pace = await this.#smoothing(file);
            burst = grown;
          }
          at += bytes.length;
          seen = held.size;
          grownAt = clock.now();
          told = false;
          const behind = held.size - at > 2 * burst;
          if (pace) yield* pace.bytes(bytes, signal, () => (behind ? CATCH_UP : 1));
          else yield { type: 'bytes', bytes, arrivedAt: grownAt };
          continue;
        }
        const next = await this.#replacement(file, held, at);
        if (next) {
          if (next !== file) await file.close();
          log.info({ source: this.name }, next === file ? 'the file was truncated' : 'the file was replaced');
          file = next;
          at = 0;
          seen = 0;
          pace = undefined;
          yield { type: 'discontinuity', reason: 'the file starts over', restarted: true };
          continue;
        }
        if (!told && clock.now() - grownAt > stallMs) {
          told = true;
          log.warn({ source: this.name }, `the file has not grown for ${stallMs / 1_000} s; waiting`);
        }
        await clock.wait(POLL_MS, signal);
      }
    } finally {
      await file.close();
    }
  }

  // An encoder that writes large blocks seldom: what it writes is let out by its timestamps.
  async #smoothing(file: FileHandle): Promise<Pace | undefined> {
    const kind = sniff(await readAt(file, 0, SNIFF_BYTES), true);
    if (kind !== 'flv' && kind !== 'ts') return undefined;
    const advice = 'let the encoder flush each packet for low latency (ffmpeg: -flush_packets 1)';
    this.#context.log.warn({ source: this.name }, `the file grows in large blocks, which are smoothed out; ${advice}`);
    return new Pace(this.#context.clock, kind);
  }

  // What was written before we came, up to the size that the file has now; returns where to read on.
  async *#backlog(file: FileHandle, signal: AbortSignal): AsyncGenerator<SourceEvent, number> {
    const { clock } = this.#context;
    const { size } = await file.stat();
    let at = 0;
    if (size > WHOLE) {
      const head = await readAt(file, 0, 262_144);
      // What a decoder of FLV must know is only there; TS repeats its tables.
      if (sniff(head, true) === 'flv') {
        yield { type: 'bytes', bytes: readFlvInit(head), arrivedAt: clock.now(), backlog: true };
      }
      at = size - TAIL;
      at -= at % 188;
    }
    while (at < size && !signal.aborted) {
      const bytes = await readAt(file, at, Math.min(BLOCK, size - at));
      if (bytes.length === 0) break;
      at += bytes.length;
      yield { type: 'bytes', bytes, arrivedAt: clock.now(), backlog: true };
    }
    yield { type: 'bytes', bytes: new Uint8Array(0), arrivedAt: clock.now() };
    return at;
  }

  // The same handle when the file was truncated, another when the path leads elsewhere now.
  async #replacement(file: FileHandle, held: Stats, at: number): Promise<FileHandle | undefined> {
    if (held.size < at) return file;
    const found = await stat(this.name).catch(() => undefined); // removed: a new one may come
    if (!found || (found.ino === held.ino && found.dev === held.dev)) return undefined;
    return open(this.name).catch(() => undefined); // likewise
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw fileFault(path, error);
  }
}

async function readAt(file: FileHandle, position: number, size: number): Promise<Bytes> {
  const bytes = new Uint8Array(size);
  const { bytesRead } = await file.read(bytes, 0, size, position);
  return bytes.subarray(0, bytesRead);
}

/** One sentence for a file that can't be read. */
export function fileFault(path: string, error: unknown): SourceFault {
  if (error instanceof SourceFault) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'reading it is not permitted' : String(error);
  return new SourceFault(`${path} can't be read: ${why}`, { permanent: true, cause: error });
}
