// Puts a channel's HLS behind a video that plays it by itself, as long as the channel is on air.

import { askForDocument, readReply } from '../engine/channel-document.ts';
import type { PlayerStats } from '../engine/player-stats.ts';
import { bufferedRanges, frameCounts } from '../engine/video-view.ts';
import type { PlayerError, PlayerState, SeekableSpan } from '../player.ts';

const STEP_MS = 1_000;
/** How often it is asked how the channel is, while nothing plays. */
const ASK_MS = 2_000;
const ANSWER_MS = 5_000;
const HAVE_FUTURE_DATA = 3;
/** Seconds that players keep from the end of a playlist: three segments (RFC 8216 §6.3.3). */
const HOLD_BACK = 6;
/** Seconds from the end that are too many to begin with. */
const TOO_LATE = 1.5 * HOLD_BACK;

/** Whom it plays for. */
export interface HlsPlaybackOwner {
  readonly options: { readonly relay: string; readonly name: string };
  readonly token: string;
  become(state: PlayerState): void;
  fail(error: PlayerError): void;
  dispatchEvent(event: Event): boolean;
}

/** Begins at once. */
export class HlsPlayback {
  readonly #video: HTMLVideoElement;
  readonly #owner: HlsPlaybackOwner;
  readonly #listeners = new AbortController();
  readonly #startedAt = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #firstFrameMs: number | null = null;
  #hasPlayed = false;
  #stalls = 0;
  /** The relay's clock minus this one's, in milliseconds. */
  #clockOffset: number | undefined;
  /** The video has an address. */
  #isOn = false;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(video: HTMLVideoElement, owner: HlsPlaybackOwner) {
    this.#video = video;
    this.#owner = owner;
    const { signal } = this.#listeners;
    for (const type of ['canplay', 'playing', 'timeupdate'])
      video.addEventListener(type, () => this.#look(), { signal });
    video.addEventListener('loadeddata', () => this.#onFirstFrame(), { signal });
    video.addEventListener('playing', () => this.#onPlaying(), { signal });
    video.addEventListener('waiting', () => this.#onWaiting(), { signal });
    for (const type of ['error', 'ended']) video.addEventListener(type, () => void this.#ask(), { signal });
    this.#timer = setInterval(() => this.#step(), STEP_MS);
    void this.#ask();
  }

  get stats(): Partial<PlayerStats> {
    const video = this.#video;
    const { currentTime, playbackRate } = video;
    const range = bufferedRanges(video).find(([start, end]) => currentTime >= start && currentTime <= end);
    return {
      ...frameCounts(video),
      ...{ playbackRate, latency: this.#latency, stalls: this.#stalls, firstFrameMs: this.#firstFrameMs },
      buffer: range ? range[1] - currentTime : 0,
    };
  }

  /** What the browser lets the viewer go to; null before the first picture. */
  get seekable(): SeekableSpan | null {
    const { seekable } = this.#video;
    if (this.#firstFrameMs === null || seekable.length === 0) return null;
    return { start: seekable.start(0), end: seekable.end(seekable.length - 1) };
  }

  /** As near to the end as is safe; null before the first picture. */
  get liveEdge(): number | null {
    const span = this.seekable;
    return span && Math.max(span.start, span.end - HOLD_BACK);
  }

  seek(time: number): void {
    const span = this.seekable;
    if (span) this.#video.currentTime = Math.min(Math.max(time, span.start), span.end);
  }

  /** Empties the video. */
  stop(): void {
    clearInterval(this.#timer);
    this.#listeners.abort();
    this.#detach();
  }

  #step(): void {
    const isStarved = this.#video.readyState < HAVE_FUTURE_DATA && !this.#video.seeking;
    if ((!this.#isOn || isStarved) && performance.now() - this.#askedAt > ASK_MS) void this.#ask();
    this.#owner.dispatchEvent(new Event('stats'));
  }

  /** Asks the relay how the channel is, and does accordingly. */
  async #ask(): Promise<void> {
    this.#askedAt = performance.now();
    const { options, token } = this.#owner;
    let body: unknown;
    try {
      const reply = await askForDocument(options.relay, options.name, AbortSignal.timeout(ANSWER_MS), token);
      if (this.#listeners.signal.aborted) return;
      const answer = readReply(reply, options.name);
      if (answer.type === 'refused') {
        this.#owner.fail(answer.fault);
        return;
      }
      ({ body } = reply);
    } catch {
      return; // it is asked again
    }
    const { clock, state, hls } = readDocument(body);
    this.#clockOffset = clock === undefined ? undefined : clock - Date.now();
    if (hls === undefined) {
      const message = 'this browser has no Media Source Extensions, and the relay gives no HLS';
      this.#owner.fail({ code: 'no-media-source', message });
    } else if (state === 'live') this.#play(hls, token);
    else if (!this.#isOn || this.#isDone) {
      this.#detach();
      this.#owner.become(state);
    }
  }

  /** What was there has been shown. */
  get #isDone(): boolean {
    const { ended, error, readyState } = this.#video;
    return ended || error !== null || readyState < HAVE_FUTURE_DATA;
  }

  #play(url: string, token: string): void {
    const { ended, error } = this.#video;
    if (this.#isOn && !ended && error === null) return;
    this.#isOn = true;
    this.#video.src = token === '' ? url : `${url}?${new URLSearchParams({ token })}`;
    this.#look();
  }

  #detach(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  #look(): void {
    if (this.#isOn && !this.#video.ended)
      this.#owner.become(this.#video.readyState >= HAVE_FUTURE_DATA ? 'playing' : 'buffering');
  }

  #onFirstFrame(): void {
    this.#firstFrameMs ??= performance.now() - this.#startedAt;
    // Some browsers begin with the oldest segment.
    const { seekable, liveEdge } = this;
    if (seekable && liveEdge !== null && seekable.end - this.#video.currentTime > TOO_LATE) this.seek(liveEdge);
    this.#look();
  }

  #onPlaying(): void {
    this.#hasPlayed = true;
  }

  #onWaiting(): void {
    if (this.#hasPlayed && !this.#video.seeking) this.#stalls++;
    this.#look();
  }

  /** By the dates in the playlist, where the browser tells them (WebKit does). */
  get #latency(): number | null {
    const tell: unknown = Reflect.get(this.#video, 'getStartDate');
    if (typeof tell !== 'function' || this.#clockOffset === undefined) return null;
    const start = Number(tell.call(this.#video));
    const latency = (Date.now() + this.#clockOffset - start) / 1_000 - this.#video.currentTime;
    return Number.isFinite(latency) ? latency : null;
  }
}

/** The parts of the channel document that count here. */
interface DocumentParts {
  readonly clock: number | undefined;
  readonly state: 'live' | 'ended' | 'waiting';
  /** The playlist. */
  readonly hls: string | undefined;
}

function readDocument(body: unknown): DocumentParts {
  const field = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const [clock, state, hls] = [field(body, 'clock'), field(body, 'state'), field(field(body, 'outputs'), 'hls')];
  return {
    clock: typeof clock === 'number' ? clock : undefined,
    state: state === 'live' || state === 'ended' ? state : 'waiting',
    hls: typeof hls === 'string' ? hls : undefined,
  };
}
