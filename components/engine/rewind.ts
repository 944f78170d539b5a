// Where in the channel's past a video is, may go and goes: seeking within what is buffered is the video's own, beyond it the engine's.

import type { Millis } from '../../core/time.ts';
import type { EngineCommand, EngineEvent } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import { bufferedRanges } from './video-view.ts';

/** Nearer to the live edge than this is live. */
const LIVE: Seconds = 1;
/** Kept ahead of the playhead at the live edge whatever the latency aimed at. */
const MARGIN: Seconds = 0.3;
/** A range begins at its first picture, not a rounding error before. */
const INSIDE: Seconds = 0.02;

/** What it needs of the player. */
export interface RewindOwner {
  send(command: EngineCommand): void;
  /** The relay's clock now, Unix milliseconds; undefined while unknown. */
  relayNow(): Millis | undefined;
  /** Seconds from capture to showing that are aimed at. */
  target(): Seconds;
}

/** Of one player. */
export class Rewind {
  readonly #video: HTMLVideoElement;
  readonly #owner: RewindOwner;
  #window: Extract<EngineEvent, { type: 'window' }> | undefined;
  #seeks = 0;
  #isPending = false;

  constructor(video: HTMLVideoElement, owner: RewindOwner) {
    this.#video = video;
    this.#owner = owner;
  }

  /** Whether what is buffered is not yet what was sought. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Where live is, on the video's clock; null while unknown, and in a recording. */
  get liveEdge(): Seconds | null {
    if (!this.#window) return null;
    const { start, end, capturedAt } = this.#window;
    if (capturedAt === null) return null;
    const now = this.#owner.relayNow() ?? capturedAt;
    const live = end + (now - capturedAt) / 1_000 - this.#owner.target();
    return Math.max(start, Math.min(live, end - MARGIN));
  }

  /** What can be sought to; null while unknown. */
  get seekable(): { readonly start: Seconds; readonly end: Seconds } | null {
    const end = this.liveEdge ?? this.#window?.end ?? null;
    return end === null ? null : { start: Math.min(this.#window?.start ?? end, end), end };
  }

  /** Takes what the engine tells about it. */
  take(event: Extract<EngineEvent, { type: 'window' | 'begins' | 'sought' }>): void {
    if (event.type === 'window') this.#window = event;
    else if (event.type === 'sought') this.#isPending = this.#isPending && event.id !== this.#seeks;
    else if (event.time > INSIDE) this.#video.currentTime = event.time + INSIDE;
  }

  /** Another MediaSource begins, or (`isNew`) another channel. */
  restart(isNew: boolean): void {
    if (isNew) this.#window = undefined;
    this.#isPending = false;
  }

  /** Goes to a time, or to the nearest one that there is; whether that is behind live. */
  seek(time: Seconds): boolean {
    const { start, end } = this.seekable ?? { start: time, end: time };
    const to = Math.max(start, Math.min(time, end));
    if (end - to < LIVE && this.#window?.capturedAt !== null) {
      this.seekToLive();
      return false;
    }
    this.#video.currentTime = to;
    this.sought();
    return true;
  }

  /** The video has been sent elsewhere. */
  sought(): void {
    const { currentTime } = this.#video;
    if (!this.#isBuffered(currentTime)) this.#ask(currentTime, false);
  }

  /** Sees to it that live is what comes next; where in it the video goes is the live controller's part. */
  seekToLive(): void {
    const { liveEdge } = this;
    if (liveEdge !== null && !this.#isBuffered(liveEdge)) this.#ask(liveEdge, true);
  }

  /** What the video stands at is gone by now. */
  get isExpired(): boolean {
    const { currentTime } = this.#video;
    return this.#window !== undefined && currentTime < this.#window.start && !this.#isBuffered(currentTime);
  }

  #ask(time: Seconds, isLive: boolean): void {
    this.#isPending ||= !isLive;
    this.#owner.send({ type: 'seek', time, id: ++this.#seeks, isLive });
  }

  #isBuffered(time: Seconds): boolean {
    return !this.#isPending && bufferedRanges(this.#video).some(([start, end]) => time >= start && time < end - 0.1);
  }
}
