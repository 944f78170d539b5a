// What the transmuxer gives goes in here, and a MediaSource for the video comes out: in a worker or on the page alike.

import type { Bytes } from '../../core/bytes.ts';
import type { Fragment } from '../../core/media/isobmff/fragmenter.ts';
import type { MediaTrack } from '../../core/media/track.ts';
import type { Millis } from '../../core/time.ts';
import { AppendQueue } from './append-queue.ts';
import type { EngineFault, EngineWarning } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import { type MediaSourceClass, mediaSourceClass } from './media-source-class.ts';

type Kind = MediaTrack['kind'];

/** SourceBuffers can't be added later, so the other kind is waited for: at most this long, or this much media. */
const OTHER_KIND_MS: Millis = 1_000;
const OTHER_KIND_MEDIA: Seconds = 1;
/** A codec that can't be played is the end when no other stream has come within this time. */
const ANY_KIND_MS: Millis = 3_000;
/** When this much of one kind has come without any of the other, that one has stopped. */
const STOPPED: Seconds = 3;
/** More breakdowns than this within the time below are no accident. */
const MAX_REBUILDS = 4;
const REBUILDS_MS: Millis = 20_000;
const SAME_BREAKDOWN_MS: Millis = 500;
/** Later than any broadcast lasts: three years. */
const MAX_SAFE_TIME: Seconds = 1e8;

/** What the sink tells its owner. */
export interface MediaSinkOwner {
  attach(source: MediaSource): void;
  /** The first picture is here. */
  begins(time: Seconds): void;
  /** What `clear` was asked for is done. */
  cleared(id: number): void;
  failed(fault: EngineFault): void;
  warn(warning: EngineWarning): void;
}

interface Stream {
  mime: string;
  bytes: Bytes;
  /** Fragments come. Where none do, a SourceBuffer would hold up the other kind for ever. */
  active: boolean;
  /** How much came since the other kind's last fragment. */
  alone: Seconds;
  queue: AppendQueue | undefined;
  /** Fragments that came before there was a SourceBuffer. */
  early: Fragment[];
}

/** One video's media. */
export class MediaSink {
  readonly #owner: MediaSinkOwner;
  readonly #class: MediaSourceClass | undefined = mediaSourceClass();
  #source: MediaSource | undefined;
  readonly #streams: { video?: Stream; audio?: Stream } = {};
  /** What can't be played of each kind, in words. */
  readonly #unplayable = new Map<Kind, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitUntil: Millis = 0;
  #ending = false;
  #duration: Seconds = Number.POSITIVE_INFINITY;
  #rebuilds: Millis[] = [];

  constructor(owner: MediaSinkOwner) {
    this.#owner = owner;
    if (!this.#class) {
      owner.failed({ code: 'no-media-source', message: 'this browser has no Media Source Extensions' });
      return;
    }
    this.#open();
  }

  /** A stream begins or changes its configuration. */
  init(kind: Kind, mime: string, bytes: Bytes): void {
    if (!this.#class) return;
    if (!this.#class.isTypeSupported(mime)) {
      this.unplayable(kind, mime);
      return;
    }
    this.#unplayable.delete(kind);
    const stream = this.#streams[kind];
    if (stream) {
      stream.mime = mime;
      stream.bytes = bytes;
      if (stream.queue) stream.queue.init(mime, bytes);
      else stream.early = [];
    } else {
      this.#streams[kind] = { mime, bytes, active: true, alone: 0, queue: undefined, early: [] };
      if (this.#hasBuffers) this.#renew();
    }
    this.#begin();
  }

  /** There will be no playable stream of this kind: the other is enough, if there is one. */
  unplayable(kind: Kind, codec: string): void {
    if (this.#unplayable.has(kind)) return;
    const what = `this browser can't play the ${kind === 'video' ? 'picture' : 'sound'}: ${codec}`;
    this.#unplayable.set(kind, what);
    if (kind === 'video' || this.#unplayable.size === 2) {
      this.#owner.failed({ code: 'unsupported-codec', message: what });
    } else {
      this.#owner.warn({ code: 'unsupported-codec', message: what });
      this.#begin();
    }
  }

  append(kind: Kind, fragment: Fragment): void {
    const stream = this.#streams[kind];
    if (!stream || this.#unplayable.has(kind)) return;
    if (this.#ending) this.#renew();
    this.#watchKinds(stream, fragment, this.#streams[kind === 'video' ? 'audio' : 'video']);
    if (stream.queue) stream.queue.append(fragment);
    else {
      stream.early.push(fragment);
      this.#begin();
    }
  }

  /** Drops all media: what comes next is elsewhere. `cleared` answers. */
  clear(id: number): void {
    this.#ending = false;
    let waiting = 1;
    const done = () => {
      if (--waiting === 0) this.#owner.cleared(id);
    };
    for (const stream of [this.#streams.video, this.#streams.audio]) {
      if (!stream) continue;
      stream.early = [];
      stream.alone = 0;
      if (!stream.queue) continue;
      waiting++;
      stream.queue.clear(done);
    }
    done();
  }

  playhead(currentTime: Seconds): void {
    this.#streams.video?.queue?.playhead(currentTime);
    this.#streams.audio?.queue?.playhead(currentTime);
  }

  /** How long it is in all, if it isn't live; again when it has grown. */
  lasts(duration: Seconds): void {
    this.#duration = duration;
    this.#stretch();
  }

  /** The broadcast is over: the video may end when it has shown all. Goes on, on a new MediaSource, with the next fragment. */
  end(): void {
    this.#ending = true;
    this.#finish();
  }

  /** Starts on a new MediaSource with what comes next: the video broke down, or its timeline goes back. */
  rebuild(reason: string): void {
    const now = performance.now();
    // The page and a SourceBuffer may both tell of the same breakdown.
    if (now - (this.#rebuilds.at(-1) ?? Number.NEGATIVE_INFINITY) < SAME_BREAKDOWN_MS) return;
    this.#rebuilds = this.#rebuilds.filter(at => now - at < REBUILDS_MS);
    this.#rebuilds.push(now);
    if (this.#rebuilds.length > MAX_REBUILDS) this.#owner.failed({ code: 'playback-failed', message: reason });
    else this.#renew();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source = undefined;
    this.#streams.video = undefined;
    this.#streams.audio = undefined;
  }

  /** A kind may stop, or come back, with an epoch of the source; SourceBuffers can't be taken away or added, so it needs a new MediaSource. */
  #watchKinds(stream: Stream, fragment: Fragment, other: Stream | undefined): void {
    stream.alone += fragment.end - fragment.start;
    if (other) other.alone = 0;
    const returns = !stream.active;
    stream.active = true;
    const stops = other?.active === true && other.queue !== undefined && stream.alone > STOPPED;
    if (stops) other.active = false;
    if (returns || stops) this.#renew();
  }

  get #hasBuffers(): boolean {
    return (this.#streams.video?.queue ?? this.#streams.audio?.queue) !== undefined;
  }

  #renew(): void {
    this.#ending = false;
    for (const stream of [this.#streams.video, this.#streams.audio]) {
      if (!stream) continue;
      stream.queue = undefined;
      stream.early = [];
    }
    this.#open();
  }

  #open(): void {
    if (!this.#class) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const source = new this.#class();
    this.#source = source;
    source.addEventListener('sourceopen', () => {
      if (source !== this.#source) return;
      if (source.readyState === 'open' && !this.#hasBuffers) this.#begin();
    });
    this.#owner.attach(source);
  }

  /** Makes the SourceBuffers, once all kinds are known or have been waited for. */
  #begin(): void {
    if (this.#hasBuffers || this.#source?.readyState !== 'open') return;
    const video = this.#streams.video?.active ? this.#streams.video : undefined;
    const audio = this.#streams.audio?.active ? this.#streams.audio : undefined;
    if (!video && !audio) {
      const [what] = this.#unplayable.values();
      if (what && this.#waitedEnough(ANY_KIND_MS)) this.#owner.failed({ code: 'unsupported-codec', message: what });
      return;
    }
    const early = (video?.early.length ? video : audio)?.early ?? [];
    if (early.length === 0) return;
    const decided = (kind: Kind) => {
      const stream = this.#streams[kind];
      return stream ? !stream.active || stream.early.length > 0 : this.#unplayable.has(kind);
    };
    if (!decided('video') || !decided('audio')) {
      const media = early.at(-1)!.end - early[0]!.start; // there is one
      if (media < OTHER_KIND_MEDIA && !this.#waitedEnough(OTHER_KIND_MS)) return;
    }
    clearTimeout(this.#timer);
    for (const stream of [video, audio]) if (stream) this.#addBuffer(stream, this.#source);
    const starts = [video, audio].flatMap(stream => stream?.early[0]?.start ?? []);
    this.#owner.begins(Math.max(...starts));
    for (const stream of [video, audio]) {
      for (const fragment of stream?.early.splice(0) ?? []) stream?.queue?.append(fragment);
    }
  }

  #waitedEnough(ms: Millis): boolean {
    const now = performance.now();
    if (this.#timer === undefined) {
      this.#waitUntil = now + ms;
      this.#timer = setTimeout(() => this.#begin(), ms);
      return false;
    }
    return now >= this.#waitUntil - 1;
  }

  #addBuffer(stream: Stream, source: MediaSource): void {
    try {
      if (Number.isNaN(source.duration)) source.duration = this.#duration;
      if (source.duration === Number.POSITIVE_INFINITY) {
        // Else a video that is to begin elsewhere than at 0 forgets it: when it learns of its tracks, nothing is buffered yet.
        source.setLiveSeekableRange?.(0, MAX_SAFE_TIME);
      }
      const buffer = source.addSourceBuffer(stream.mime);
      stream.queue = new AppendQueue({
        buffer,
        mime: stream.mime,
        source,
        warn: warning => this.#owner.warn(warning),
        drained: () => {
          this.#stretch();
          this.#finish();
        },
        broken: reason => {
          this.#owner.warn({ code: 'bad-media', message: reason });
          this.rebuild(reason);
        },
      });
      buffer.addEventListener('error', () => {
        this.#owner.warn({ code: 'bad-media', message: `the browser can't read this ${stream.mime}` });
      });
      if (stream.bytes.length > 0) stream.queue.init(stream.mime, stream.bytes);
    } catch (error) {
      this.#owner.failed({ code: 'playback-failed', message: `${stream.mime}: ${String(error)}` });
    }
  }

  /** The duration can be changed only while nothing is appended. */
  #stretch(): void {
    const { video, audio } = this.#streams;
    const source = this.#source;
    const isIdle = video?.queue?.idle !== false && audio?.queue?.idle !== false;
    if (this.#ending || !isIdle || source?.readyState !== 'open') return;
    if (source.duration < this.#duration) source.duration = this.#duration;
  }

  /** Ends the stream when nothing is left to append. */
  #finish(): void {
    if (!this.#ending || this.#source?.readyState !== 'open' || !this.#hasBuffers) return;
    const { video, audio } = this.#streams;
    if (video?.queue?.idle !== false && audio?.queue?.idle !== false) this.#source.endOfStream();
  }
}
