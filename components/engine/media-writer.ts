// Chunks in order, from live or from the past -> what the sink appends, on the one timeline of the video.

import { toHex } from '../../core/bytes.ts';
import { type Chunk, type ChunkHeader, startsGroup } from '../../core/chunk.ts';
import type { Container, InitDocument } from '../../core/init-document.ts';
import type { TransmuxEvent, Transmuxer } from '../../core/media/transmuxer.ts';
import { TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { EngineEvent, EngineFault, EngineWarning } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import { type ContainerReader, loadTransmuxer } from './load-transmuxer.ts';
import type { Sink } from './remote-sink.ts';

/** Pairs of media time and capture time are this far apart. */
const CAPTURE_STEP: Seconds = 0.1;
/** The channel's timeline went back by more than this: what is buffered belongs to another time. */
const BACKWARDS: Ticks = TICKS_PER_SECOND;
/** Whoever joins at the beginning of a channel's first group has nothing before it; more than this nobody can go back. */
const MAX_PAST: Ticks = 86_400 * TICKS_PER_SECOND;
/** Most chunks held while what reads them is being loaded; then the oldest go. */
const MAX_HELD = 1_000;

/** What a writer needs. */
export interface MediaWriterOwner {
  readonly sink: Sink;
  readonly mpegAudioRaw: boolean;
  post(event: EngineEvent): void;
  warn(warning: EngineWarning): void;
  failed(fault: EngineFault): void;
  /** The init document of this (hexadecimal) id. */
  initOf(id: string): InitDocument | undefined;
  /** Channel time of the oldest group that can be fetched, as far as is known. */
  readonly windowStart: Ticks;
  /** Channel time at the video's 0, where that is known beforehand. */
  readonly origin?: Ticks;
}

/** Of one session. */
export class MediaWriter {
  epochs = 0;
  /** Stretches of bytes that could not be used. */
  damaged = 0;
  readonly #owner: MediaWriterOwner;
  readonly #readers: { [container in Container]?: ContainerReader } = {};
  /** While what reads them is being loaded. */
  #held: Chunk[] | undefined;
  #transmuxer: { readonly container: Container; readonly machine: Transmuxer } | undefined;
  /** Channel time at the video's 0. */
  #origin: Ticks | undefined;
  #last: ChunkHeader | undefined;
  #began: Seconds = 0;
  /** Bytes are missing before the next chunk that has an entry. */
  #broken = false;
  /** The epoch's init could not be read: its chunks can't either. */
  #unreadable = false;
  #capturePosted: Seconds = Number.NEGATIVE_INFINITY;

  constructor(owner: MediaWriterOwner) {
    this.#owner = owner;
  }

  /** The last chunk written. */
  get last(): ChunkHeader | undefined {
    return this.#last;
  }

  /** Where a channel time lies on the video's clock; undefined before the first chunk. */
  timeOf(ticks: Ticks): Seconds | undefined {
    return this.#origin === undefined ? undefined : (ticks - this.#origin) / TICKS_PER_SECOND;
  }

  /** The channel time at a time of the video's clock. */
  ticksAt(time: Seconds): Ticks {
    return Math.max(0, Math.round((this.#origin ?? 0) + time * TICKS_PER_SECOND));
  }

  /** How much of what was written lies ahead of a time, or of where writing began; 0 when nothing was written. */
  ahead(of = this.#began): Seconds {
    if (!this.#last) return 0;
    return (this.timeOf(this.#last.timestamp + this.#last.duration) ?? 0) - of;
  }

  /** Goes on elsewhere: what was written has been cleared away. */
  restart(): void {
    this.#transmuxer?.machine.flush();
    this.#last = undefined;
    if (this.#held) this.#held = [];
  }

  /** Writes the next chunk. */
  write(chunk: Chunk): void {
    if (this.#held) {
      this.#held.push(chunk);
      if (this.#held.length > MAX_HELD) this.#held.shift();
      return;
    }
    const { header } = chunk;
    const last = this.#last;
    try {
      if (!last || last.epoch !== header.epoch || !sameInit(last, header)) {
        const init = this.#owner.initOf(toHex(header.initId));
        if (!init) throw new Error('an epoch without its init document');
        const reader = this.#readers[init.container];
        if (!reader || reader.lacksCodecs(init.bytes)) {
          this.#held = [chunk];
          void this.#load(init.container, reader);
          return;
        }
        this.#startEpoch(header, init, reader);
      } else if (header.sequence !== last.sequence + 1 || header.discontinuity) this.#gap();
      if (!last) this.#began = this.timeOf(header.timestamp) ?? 0;
      this.#last = header;
      this.#push(chunk);
    } catch (error) {
      // The publisher's bytes are not what its init says: nothing of this epoch can be played, the next one may be.
      this.#last = header;
      this.#unreadable = true;
      this.#owner.warn({ code: 'bad-media', message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Nothing is written any more. */
  close(): void {
    this.#held = [];
  }

  /** The stream ends here: what was held back is written. */
  flush(): void {
    if (this.#transmuxer) this.#use(this.#transmuxer.machine.flush());
  }

  // First what reads the container, then, if that lacks them, the codecs that few streams have.
  async #load(container: Container, reader: ContainerReader | undefined): Promise<void> {
    try {
      if (reader) await reader.loadCodecs();
      else this.#readers[container] = await loadTransmuxer(container);
    } catch (error) {
      this.#owner.failed({ code: 'internal', message: String(error) });
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const chunk of held) this.write(chunk);
  }

  // What an init doesn't tell is read on without, until there is what reads it.
  async #learn(): Promise<void> {
    try {
      await (this.#transmuxer && this.#readers[this.#transmuxer.container]?.loadCodecs());
    } catch (error) {
      this.#owner.warn({ code: 'internal', message: String(error) });
    }
  }

  #startEpoch(header: ChunkHeader, init: InitDocument, reader: ContainerReader): void {
    const { timestamp } = header;
    const { windowStart, origin, mpegAudioRaw, sink } = this.#owner;
    this.epochs++;
    this.#broken = false;
    this.#unreadable = false;
    const newest = this.#last?.timestamp ?? 0;
    if (this.#origin !== undefined && (timestamp < newest - BACKWARDS || timestamp < this.#origin)) {
      this.#origin = undefined;
      this.#transmuxer = undefined;
      sink.rebuild('the stream jumps back again and again');
    }
    // What can be gone back to lies behind 0, and the clock runs on as it is whatever is sought.
    this.#origin ??= origin ?? Math.max(Math.min(windowStart || timestamp, timestamp), timestamp - MAX_PAST);
    if (this.#transmuxer?.container !== init.container) {
      const machine = reader.createTransmuxer({ origin: this.#origin, mpegAudioRaw });
      this.#transmuxer = { container: init.container, machine };
    }
    this.#use(this.#transmuxer.machine.start(init, timestamp));
    if (!startsGroup(header) || header.discontinuity) this.#gap();
  }

  #gap(): void {
    if (this.#broken || !this.#transmuxer) return;
    this.#broken = true;
    this.#use(this.#transmuxer.machine.gap());
  }

  #push({ header, payload }: Chunk): void {
    if (!this.#transmuxer || this.#unreadable) return;
    let usable = payload;
    if (this.#broken) {
      usable = payload.subarray(header.entry);
      if (usable.length === 0) return;
      this.#broken = false;
    }
    this.#use(this.#transmuxer.machine.push(usable));
    const mediaTime = this.timeOf(header.timestamp) ?? 0;
    if (Math.abs(mediaTime - this.#capturePosted) < CAPTURE_STEP) return;
    this.#capturePosted = mediaTime;
    this.#owner.post({ type: 'capture', mediaTime, capturedAt: header.capturedAt });
  }

  #use(events: readonly TransmuxEvent[]): void {
    const { sink, post } = this.#owner;
    for (const event of events) {
      if (event.type === 'fragment') sink.append(event.kind, event);
      else if (event.type === 'init') {
        post({ type: 'track', kind: event.kind, codec: event.track.codecString });
        sink.init(event.kind, event.mime, event.bytes);
      } else if (event.type === 'metadata') {
        post({ type: 'metadata', name: event.name, value: event.value, time: event.time });
      } else if (event.type === 'unsupported-codec') sink.unplayable(event.kind, event.codec);
      else if (event.type === 'unknown-codec') void this.#learn();
      else this.damaged++;
    }
  }
}

function sameInit(a: ChunkHeader, b: ChunkHeader): boolean {
  return a.initId.every((byte, i) => byte === b.initId[i]);
}
