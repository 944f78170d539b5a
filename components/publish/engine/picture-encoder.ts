// Pictures -> H.264, VP9 or AV1 by WebCodecs: picks the encoder, follows the plan, and leaves out what it can't follow.

import type { Bytes } from '../../../core/bytes.ts';
import type { FlvConfig, FlvVideoCodec } from '../../../core/media/flv/flv-writer.ts';
import { av1Config, vp9Config } from '../../../core/media/flv/flv-writer-configs.ts';
import type { Millis } from '../../../core/time.ts';
import { fitSize, type VideoCandidate, videoCandidates } from './codec-choice.ts';
import type { RatePlan } from './rate-controller.ts';

/** One encoded picture. */
export interface EncodedPicture {
  readonly config: FlvConfig<FlvVideoCodec>;
  /** As the frame's that went in. */
  readonly at: Millis;
  readonly key: boolean;
  readonly data: Bytes;
}

export interface PictureEncoderOptions {
  readonly width: number;
  readonly height: number;
  readonly keyframeMs: Millis;
  readonly encoded: (picture: EncodedPicture) => void;
  /** No encoder of this browser takes it. */
  readonly failed: (message: string) => void;
}

/** More frames waiting inside the encoder than this, and the next is left out. */
const MAX_QUEUE = 2;
/** Frames' timestamps count from here: some encoders know no large ones. */
export const ORIGIN: Millis = performance.timeOrigin;

/** An encoder that keeps more than so many to itself looks ahead (Firefox's H.264: two seconds): another one is taken. */
const MAX_INSIDE = 12;
/** Smaller changes of bitrate are not worth a new configuration. */
const WORTH = 0.1;

/** One encoder after another, as sizes change and encoders fail. */
export class PictureEncoder {
  readonly #options: PictureEncoderOptions;
  #encoder: VideoEncoder | undefined;
  #config: VideoEncoderConfig | undefined;
  #candidates: VideoCandidate[] | undefined;
  #chosen: VideoCandidate | undefined;
  #choosing = false;
  #flvConfig: FlvConfig<FlvVideoCodec> | undefined;
  #codecString = '';
  #lastKeyAt: Millis = Number.NEGATIVE_INFINITY;
  #wantsKey = true;
  #hasWorked = false;
  /** Timestamps that went in and have not come out; encoders may leave frames out. */
  #inside: number[] = [];
  #closed = false;
  /** Frames left out as the encoder was busy, in all. */
  dropped = 0;

  constructor(options: PictureEncoderOptions) {
    this.#options = options;
  }

  /** As WebCodecs spells it; empty before the first picture. */
  get codec(): string {
    return this.#codecString;
  }

  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#config?.width ?? 0, height: this.#config?.height ?? 0 };
  }

  /** The next picture shall be a key frame. */
  wantKey(): void {
    this.#wantsKey = true;
  }

  /** Takes a frame captured at `at` and closes it; false when it was left out. */
  encode(frame: VideoFrame, at: Millis, plan: RatePlan): boolean {
    const isTaken = this.#take(frame, at, plan);
    frame.close();
    return isTaken;
  }

  close(): void {
    this.#closed = true;
    if (this.#encoder?.state !== 'closed') this.#encoder?.close();
    this.#encoder = undefined;
  }

  #take(frame: VideoFrame, at: Millis, plan: RatePlan): boolean {
    if (this.#closed || this.#choosing) return false;
    const limit = { width: this.#options.width, height: this.#options.height };
    const size = fitSize({ width: frame.displayWidth, height: frame.displayHeight }, limit, plan.scale);
    if (!this.#chosen) {
      void this.#choose(size, plan);
      return false;
    }
    this.#configure(this.#chosen, size, plan);
    if (this.#inside.length > MAX_INSIDE && (this.#candidates?.length ?? 0) > 1) {
      this.#leave();
      return false;
    }
    const encoder = this.#encoder;
    if (encoder?.state !== 'configured') return false;
    if (encoder.encodeQueueSize > MAX_QUEUE) {
      this.dropped++;
      return false;
    }
    const keyFrame = this.#wantsKey || at - this.#lastKeyAt >= this.#options.keyframeMs - 500 / plan.frameRate;
    if (keyFrame) {
      this.#wantsKey = false;
      this.#lastKeyAt = at;
    }
    // The time goes along as the timestamp, in microseconds.
    const timed = new VideoFrame(frame, { timestamp: Math.round((at - ORIGIN) * 1_000) });
    try {
      encoder.encode(timed, { keyFrame });
      this.#inside.push(timed.timestamp);
    } finally {
      timed.close();
    }
    return true;
  }

  // For the next candidate, which is asked for with the next frame.
  #leave(): void {
    if (this.#encoder?.state !== 'closed') this.#encoder?.close();
    this.#encoder = undefined;
    this.#config = undefined;
    this.#chosen = undefined;
    this.#candidates?.shift();
  }

  // Asks once; what fails later makes room for the next.
  async #choose(size: { width: number; height: number }, plan: RatePlan): Promise<void> {
    this.#choosing = true;
    this.#candidates ??= videoCandidates(this.#options.width, this.#options.height, plan.frameRate);
    try {
      while (!this.#closed && this.#candidates.length > 0) {
        const candidate = this.#candidates[0]!; // there is one
        const answer = await VideoEncoder.isConfigSupported(configOf(candidate, size, plan)).catch(() => undefined);
        if (answer?.supported) {
          this.#chosen = candidate;
          return;
        }
        this.#candidates.shift();
      }
      if (!this.#closed) this.#options.failed('this browser encodes none of H.264, VP9 and AV1');
    } finally {
      this.#choosing = false;
    }
  }

  #configure(candidate: VideoCandidate, size: { width: number; height: number }, plan: RatePlan): void {
    const before = this.#config;
    const wanted = configOf(candidate, size, plan);
    const isSized = before?.width === wanted.width && before.height === wanted.height;
    const change = Math.abs((wanted.bitrate ?? 0) / (before?.bitrate ?? 1) - 1);
    if (this.#encoder && before && isSized && change < WORTH && before.framerate === wanted.framerate) return;
    this.#encoder ??= this.#create(candidate);
    this.#config = wanted;
    if (!isSized) this.#wantsKey = true;
    this.#encoder.configure(wanted);
  }

  #create(candidate: VideoCandidate): VideoEncoder {
    this.#wantsKey = true;
    this.#hasWorked = false;
    this.#inside = [];
    const encoder: VideoEncoder = new VideoEncoder({
      output: (chunk, metadata) => {
        if (encoder === this.#encoder) this.#output(candidate, chunk, metadata);
      },
      error: () => {
        if (encoder !== this.#encoder) return;
        this.#encoder = undefined;
        this.#config = undefined;
        this.#chosen = undefined;
        // One that has worked was taken away, and may come back; else the next is asked for with the next frame.
        if (!this.#hasWorked) this.#candidates?.shift();
      },
    });
    return encoder;
  }

  #output(candidate: VideoCandidate, chunk: EncodedVideoChunk, metadata?: EncodedVideoChunkMetadata): void {
    this.#inside = this.#inside.filter(timestamp => timestamp > chunk.timestamp);
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    const key = chunk.type === 'key';
    const decoder = metadata?.decoderConfig;
    if (decoder || (key && candidate.codec === 'av01')) {
      const codecString = decoder?.codec ?? candidate.codecString;
      const description = describe(candidate.codec, codecString, decoder?.description, data);
      if (description) this.#flvConfig = { codec: candidate.codec, description };
      this.#codecString = codecString;
    }
    if (!this.#flvConfig) return;
    this.#hasWorked = true;
    this.#options.encoded({ config: this.#flvConfig, at: ORIGIN + chunk.timestamp / 1_000, key, data });
  }
}

function configOf(
  { codec, codecString, hardwareAcceleration }: VideoCandidate,
  { width, height }: { width: number; height: number },
  plan: RatePlan,
): VideoEncoderConfig {
  return {
    codec: codecString,
    width,
    height,
    bitrate: plan.videoKbps * 1_000,
    framerate: plan.frameRate,
    hardwareAcceleration,
    latencyMode: 'realtime',
    bitrateMode: 'variable',
    ...(codec === 'avc1' && { avc: { format: 'avc' as const } }),
  };
}

function describe(
  codec: FlvVideoCodec,
  codecString: string,
  description: AllowSharedBufferSource | undefined,
  keyFrame: Bytes,
): Bytes | undefined {
  if (codec === 'vp09') return vp9Config(codecString);
  if (codec === 'av01') return av1Config(codecString, keyFrame);
  return description && copyOf(description);
}

/** The bytes of whatever kind of buffer. */
export function copyOf(source: AllowSharedBufferSource): Bytes {
  const view = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return new Uint8Array(view);
}
