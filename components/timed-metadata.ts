// Holds what the stream says beside pictures and sound until the picture is there that it belongs to.

/** `detail` of a `metadata` event: `name` is `onMetaData`, `onCuePoint`, `ID3` …; `time` is in seconds on the video's clock. */
export interface Metadata {
  readonly name: string;
  /** Script data as plain values; of ID3 the tag's bytes. */
  readonly value: unknown;
  readonly time: number;
}

/** A paused viewer's backlog beyond this is told early. */
const MOST = 1_000;
/** The video's clock moves in steps of about this. */
const LEAST_MS = 15;

/** Tells each when the video comes to its time, or has passed it. */
export class TimedMetadata {
  readonly #video: HTMLVideoElement;
  readonly #tell: (metadata: Metadata) => void;
  #ahead: Metadata[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(video: HTMLVideoElement, tell: (metadata: Metadata) => void) {
    this.#video = video;
    this.#tell = tell;
    for (const type of ['timeupdate', 'playing', 'ratechange']) video.addEventListener(type, this.#step);
    // Another timeline begins, where nothing would be due any more.
    for (const type of ['emptied', 'ended']) video.addEventListener(type, () => this.#due(Number.POSITIVE_INFINITY));
  }

  add(metadata: Metadata): void {
    const text = JSON.stringify(metadata);
    // What is fetched again, for a viewer who went back, is told once.
    if (this.#ahead.some(other => other.time === metadata.time && JSON.stringify(other) === text)) return;
    const after = this.#ahead.findLastIndex(({ time }) => time <= metadata.time);
    this.#ahead.splice(after + 1, 0, metadata);
    this.#step();
  }

  /** Forgets all. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#ahead = [];
  }

  readonly #step = (): void => {
    const { currentTime, paused, playbackRate, readyState } = this.#video;
    this.#due(readyState ? currentTime : 0);
    clearTimeout(this.#timer);
    const [next] = this.#ahead;
    if (!next || paused || readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
    this.#timer = setTimeout(this.#step, Math.max(LEAST_MS, ((next.time - currentTime) / playbackRate) * 1_000));
  };

  #due(until: number): void {
    while (this.#ahead[0] && (this.#ahead[0].time <= until || this.#ahead.length > MOST))
      this.#tell(this.#ahead.shift()!); // it is there
  }
}
