// Where a recording is watched: follows the page's playhead, and takes the reader where the page wants to be.

import { TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { EngineCommand } from '../engine/engine-messages.ts';
import type { Seconds } from '../engine/live-controller.ts';
import type { RecordingMap } from './recording-map.ts';
import type { RecordingMedia } from './recording-media.ts';
import type { ReplayReader } from './replay-reader.ts';

type SeekCommand = Extract<EngineCommand, { type: 'seek' }>;
type PlayheadCommand = Extract<EngineCommand, { type: 'playhead' }>;

/** What it moves. */
export interface RecordingPlaceParts {
  readonly map: RecordingMap;
  readonly media: RecordingMedia;
  readonly reader: ReplayReader;
  /** Something else than what follows is to be read. */
  readonly leaps: () => void;
  /** The picture stands. */
  readonly shown: () => void;
}

export class RecordingPlace {
  /** How often the picture has stood still. */
  stalls = 0;
  readonly #parts: RecordingPlaceParts;
  /** A seek from before there was anything to seek in. */
  #wanted: SeekCommand | undefined;
  #playhead: Seconds = 0;
  #isStarted = false;

  constructor(parts: RecordingPlaceParts) {
    this.#parts = parts;
  }

  /** There are groups, or more of them: begins to read where the page wants to be, or reads on. */
  grown(): void {
    const { reader, media } = this.#parts;
    if (this.#isStarted) {
      reader.grown();
      return;
    }
    this.#isStarted = true;
    const { time, id } = this.#wanted ?? { time: 0 };
    reader.goTo(this.#ticksAt(time));
    if (id !== undefined) media.cleared(id);
  }

  /** Takes news of the playhead. */
  follow({ currentTime, startupMs, stalls }: PlayheadCommand): void {
    const { reader, media, shown } = this.#parts;
    media.sink.playhead(currentTime);
    this.stalls = stalls;
    if (startupMs === null) return; // its place means nothing yet
    this.#playhead = currentTime;
    reader.playhead(this.#ticksAt(currentTime));
    shown();
  }

  seek(command: SeekCommand): void {
    if (!this.#isStarted) {
      this.#wanted = command;
      return;
    }
    const { reader, media } = this.#parts;
    const { time, id } = command;
    const at = this.#ticksAt(time);
    this.#playhead = time;
    media.sink.playhead(time);
    if (reader.isNear(at)) {
      media.cleared(id);
      return;
    }
    media.sink.clear(id);
    this.#goTo(at);
  }

  /** What was buffered is gone: reads it anew from the playhead on. */
  emptied(): void {
    if (this.#isStarted) this.#goTo(this.#ticksAt(this.#playhead));
  }

  #goTo(at: Ticks): void {
    const { reader, media, leaps } = this.#parts;
    leaps();
    media.restart();
    reader.goTo(at);
  }

  #ticksAt(time: Seconds): Ticks {
    return this.#parts.map.start + Math.round(time * TICKS_PER_SECOND);
  }
}
