// Tracks -> encoded frames: reads, times, mutes and encodes them, and makes up for what doesn't come.

import type { Millis } from '../../../core/time.ts';
import { CaptureClock } from './capture-clock.ts';
import { FramePacer } from './frame-pacer.ts';
import { type EncodedPicture, PictureEncoder } from './picture-encoder.ts';
import { PictureFiller } from './picture-filler.ts';
import type { MediaKind, PublishSettings } from './publication-face.ts';
import { publishLog } from './publish-log.ts';
import type { RawSound, TrackSource } from './publish-messages.ts';
import type { RatePlan } from './rate-controller.ts';
import { type EncodedSound, SoundEncoder } from './sound-encoder.ts';
import { steadyClock } from './steady-clock.ts';
import { TrackReader } from './track-reader.ts';

/** Sound that is not here by then is silence. */
const SOUND_PATIENCE_MS: Millis = 200;

/** What goes into a stream. */
export interface MediaKinds {
  readonly video: boolean;
  readonly audio: boolean;
}

export interface MediaIntakeOptions {
  readonly settings: Required<PublishSettings>;
  readonly plan: () => RatePlan;
  /** What there is has changed. */
  readonly announce: (kinds: MediaKinds) => void;
  readonly picture: (picture: EncodedPicture) => void;
  readonly sound: (sound: EncodedSound) => void;
  /** This browser can encode nothing of what there is. */
  readonly failed: (message: string) => void;
}

/** One of each kind at most. A stream that once had a kind goes on with black or silence. */
export class MediaIntake {
  /** Frames that came from the camera. */
  captured = 0;
  readonly #options: MediaIntakeOptions;
  readonly #readers = {
    video: new TrackReader({ frame: frame => this.takeFrame(frame), sound: () => {} }),
    audio: new TrackReader({ frame: frame => frame.close(), sound: sound => this.takeSound(sound) }),
  };
  readonly #clocks = { video: new CaptureClock(), audio: new CaptureClock() };
  readonly #muted = { video: false, audio: false };
  readonly #kinds = { video: false, audio: false };
  readonly #filler = new PictureFiller();
  readonly #pacer = new FramePacer();
  readonly #pictures: PictureEncoder;
  readonly #sounds: SoundEncoder;
  #isOpen = false;
  /** Capture time of the last picture, and when sound came last. */
  #pictureAt: Millis = 0;
  #soundAt: Millis = 0;

  constructor(options: MediaIntakeOptions) {
    this.#options = options;
    const { width, height, keyframeSeconds, audioKbps } = options.settings;
    this.#pictures = new PictureEncoder({
      width,
      height,
      keyframeMs: keyframeSeconds * 1_000,
      encoded: options.picture,
      failed: message => this.#giveUp('video', message),
    });
    this.#sounds = new SoundEncoder({
      kbps: audioKbps,
      encoded: options.sound,
      failed: message => this.#giveUp('audio', message),
    });
  }

  get kinds(): MediaKinds {
    return { ...this.#kinds };
  }

  get pictures(): Pick<PictureEncoder, 'codec' | 'size' | 'dropped'> {
    return this.#pictures;
  }

  get audioCodec(): string {
    return this.#sounds.codec;
  }

  /** From now on what comes is encoded. */
  open(): void {
    this.#isOpen = true;
  }

  setSource(kind: MediaKind, source: TrackSource): void {
    this.#clocks[kind].restart();
    this.#readers[kind].read(source);
    if (source.type === 'none' || this.#kinds[kind]) return;
    this.#kinds[kind] = true;
    this.#options.announce(this.kinds);
  }

  mute(kind: MediaKind, isMuted: boolean): void {
    this.#muted[kind] = isMuted;
  }

  /** The next picture shall be a key frame. */
  wantKey(): void {
    this.#pictures.wantKey();
  }

  /** Takes a frame, and closes it. */
  takeFrame(frame: VideoFrame): void {
    const at = this.#clocks.video.place(frame.timestamp, steadyClock.now());
    this.captured++;
    if (!this.#isOpen || this.#muted.video) frame.close();
    else {
      this.#filler.keep(frame, at);
      this.#encode(frame, at);
    }
  }

  takeSound(sound: RawSound): void {
    this.#soundAt = steadyClock.now();
    const at = this.#clocks.audio.place(sound.time, this.#soundAt);
    if (this.#isOpen) this.#sounds.encode(sound, at, this.#muted.audio);
  }

  /** Where nothing comes from a track the stream's time goes on all the same; called some twenty times a second. */
  tick(now: Millis): void {
    if (!this.#isOpen) return;
    if (this.#kinds.audio && now - this.#soundAt > SOUND_PATIENCE_MS) this.#sounds.fill(now - SOUND_PATIENCE_MS / 2);
    if (!this.#kinds.video) return;
    const { size } = this.#pictures;
    const frame = this.#filler.take(now, this.#muted.video, size.width > 0 ? size : this.#options.settings);
    if (frame) this.#encode(frame, now);
  }

  close(): void {
    this.#isOpen = false;
    for (const reader of Object.values(this.#readers)) reader.close();
    this.#pictures.close();
    this.#sounds.close();
    this.#filler.close();
  }

  #encode(frame: VideoFrame, at: Millis): void {
    const plan = this.#options.plan();
    if (at <= this.#pictureAt || !this.#pacer.take(at, plan.frameRate)) frame.close();
    else {
      this.#pictureAt = at;
      this.#pictures.encode(frame, at, plan);
    }
  }

  // One kind that can't be encoded leaves the other.
  #giveUp(kind: MediaKind, message: string): void {
    this.#kinds[kind] = false;
    this.#readers[kind].close();
    if (this.#kinds.video || this.#kinds.audio) {
      publishLog.warn({}, message);
      this.#options.announce(this.kinds);
    } else this.#options.failed(message);
  }
}
