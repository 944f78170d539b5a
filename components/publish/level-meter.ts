// How loud a track is, for the eye: peaks at once, falls slowly.

/** Decibels below full scale at which the meter begins. */
const FLOOR_DB = -60;
/** Decibels a second. */
const FALL_DB = 24;
const INTERVAL_MS = 33;

/** The next level (0–1) after `seconds`, from samples (−1 to 1) and the level before. */
export function nextLevel(level: number, samples: Float32Array, seconds: number): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  const db = peak > 0 ? 20 * Math.log10(peak) : FLOOR_DB;
  const now = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
  return Math.max(now, level - (FALL_DB / -FLOOR_DB) * seconds, 0);
}

/** Listens to one track at a time, and tells its level (0–1) up to 30 times a second while the page is seen. */
export class LevelMeter {
  readonly #tell: (level: number) => void;
  #context: AudioContext | undefined;
  #source: MediaStreamAudioSourceNode | undefined;
  #analyser: AnalyserNode | undefined;
  #samples = new Float32Array(1_024);
  #track: MediaStreamTrack | null = null;
  #frame = 0;
  #at = 0;
  #level = 0;

  constructor(tell: (level: number) => void) {
    this.#tell = tell;
  }

  /** The latest level, 0–1. */
  get level(): number {
    return this.#level;
  }

  /** Listens to this track instead; null to none. */
  follow(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#track = track;
    this.#source?.disconnect();
    this.#source = undefined;
    if (!track) {
      this.close();
      return;
    }
    this.#context ??= new AudioContext({ latencyHint: 'playback' });
    this.#analyser ??= new AnalyserNode(this.#context, { fftSize: 1_024 });
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
    // Browsers hold it back until the page is touched.
    void this.#context.resume().catch(() => undefined);
    if (!this.#frame) this.#frame = requestAnimationFrame(this.#look);
  }

  /** Lets go of everything; `follow` begins again. */
  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#track = null;
    this.#source?.disconnect();
    this.#source = undefined;
    this.#analyser = undefined;
    void this.#context?.close().catch(() => undefined); // closed already
    this.#context = undefined;
    if (this.#level > 0) this.#tell((this.#level = 0));
  }

  readonly #look = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#look);
    if (now - this.#at < INTERVAL_MS || !this.#analyser) return;
    const seconds = Math.min(1, (now - this.#at) / 1000);
    this.#at = now;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const level = nextLevel(this.#level, this.#samples, seconds);
    if (level === this.#level) return;
    this.#level = level;
    this.#tell(level);
  };
}
