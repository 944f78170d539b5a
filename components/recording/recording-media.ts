// What a recording's chunks become: the writer before the sink, on one timeline that begins where the recording does.

import type { InitDocument } from '../../core/init-document.ts';
import type { Ticks } from '../../core/time.ts';
import type { EngineEvent, EngineFault, EngineWarning } from '../engine/engine-messages.ts';
import type { Seconds } from '../engine/live-controller.ts';
import type { MediaSinkOwner } from '../engine/media-sink.ts';
import { MediaWriter } from '../engine/media-writer.ts';
import type { Sink } from '../engine/remote-sink.ts';

/** What it needs of the session. */
export interface RecordingMediaOwner {
  readonly mpegAudioRaw: boolean;
  /** Channel time at the video's 0. */
  readonly start: Ticks;
  post(event: EngineEvent): void;
  failed(fault: EngineFault): void;
  warn(warning: EngineWarning): void;
  initOf(id: string): InitDocument | undefined;
  /** Another MediaSource begins, which has none of what was written. */
  emptied(): void;
  /** All of it has been handed to the video. */
  over(): void;
}

/** Of one recording. */
export class RecordingMedia implements MediaSinkOwner {
  readonly writer: MediaWriter;
  readonly sink: Sink;
  readonly #owner: RecordingMediaOwner;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #isAttached = false;

  constructor(owner: RecordingMediaOwner, makeSink: (owner: MediaSinkOwner) => Sink) {
    this.#owner = owner;
    this.sink = makeSink(this);
    this.writer = new MediaWriter({
      sink: this.sink,
      mpegAudioRaw: owner.mpegAudioRaw,
      // Nobody asks how old it is.
      post: event => event.type !== 'capture' && owner.post(event),
      warn: warning => owner.warn(warning),
      failed: fault => owner.failed(fault),
      initOf: id => owner.initOf(id),
      windowStart: 0,
      get origin() {
        return owner.start;
      },
    });
  }

  /** Goes on elsewhere. */
  restart(): void {
    clearTimeout(this.#endTimer);
    this.writer.restart();
  }

  /** All is written. What came last is still on its way through what reads it. */
  end(): void {
    this.#endTimer = setTimeout(() => {
      this.writer.flush();
      this.sink.end();
      this.#owner.over();
    });
  }

  close(): void {
    clearTimeout(this.#endTimer);
    this.writer?.close();
    this.sink?.close();
  }

  attach(source: MediaSource): void {
    this.#owner.post({ type: 'attach', source });
    if (this.#isAttached) queueMicrotask(() => this.#owner.emptied());
    this.#isAttached = true;
  }

  begins(time: Seconds): void {
    this.#owner.post({ type: 'begins', time });
  }

  cleared(id: number): void {
    this.#owner.post({ type: 'sought', id });
  }

  failed(fault: EngineFault): void {
    this.#owner.failed(fault);
  }

  warn(warning: EngineWarning): void {
    this.#owner.warn(warning);
  }
}
