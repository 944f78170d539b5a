// Sound -> AAC or Opus by WebCodecs. Nothing is left out: holes are silence, so that sound and picture stay together.

import type { Bytes } from '../../../core/bytes.ts';
import type { FlvAudioCodec, FlvConfig } from '../../../core/media/flv/flv-writer.ts';
import { opusHead } from '../../../core/media/flv/flv-writer-configs.ts';
import type { Millis } from '../../../core/time.ts';
import { copyOf, ORIGIN } from './picture-encoder.ts';
import type { RawSound } from './publish-messages.ts';
import { SoundTimeline } from './sound-timeline.ts';

/** One encoded audio frame. */
export interface EncodedSound {
  readonly config: FlvConfig<FlvAudioCodec>;
  readonly at: Millis;
  readonly data: Bytes;
}

export interface SoundEncoderOptions {
  readonly kbps: number;
  readonly encoded: (sound: EncodedSound) => void;
  readonly failed: (message: string) => void;
}

/** Sound of no source at all has this rate. */
const DEFAULT_RATE = 48_000;
const OPUS_FRAME_US = 20_000;
/** What Opus encoders look ahead, in samples at 48 kHz. */
const OPUS_PRE_SKIP = 312;
/** Blocks that wait for an encoder that is dead: about two seconds. */
const MAX_QUEUE = 200;

interface Choice {
  readonly codec: FlvAudioCodec;
  readonly config: AudioEncoderConfig;
}

/** One encoder, whatever rate and channels the sources have. */
export class SoundEncoder {
  readonly #options: SoundEncoderOptions;
  #encoder: AudioEncoder | undefined;
  #choice: Choice | undefined;
  #choosing = false;
  #timeline: SoundTimeline | undefined;
  #channels = 0;
  #flvConfig: FlvConfig<FlvAudioCodec> | undefined;
  #failed = false;
  #closed = false;

  constructor(options: SoundEncoderOptions) {
    this.#options = options;
  }

  /** As WebCodecs spells it; empty before the first sound. */
  get codec(): string {
    return this.#flvConfig ? (this.#choice?.config.codec ?? '') : '';
  }

  /** Takes samples captured at `at`, or as many of silence. */
  encode(sound: RawSound, at: Millis, isMuted: boolean): void {
    const count = sound.planes[0]?.length ?? 0;
    const channels = Math.min(2, sound.planes.length);
    if (count === 0 || !this.#prepare(sound.sampleRate, channels, at)) return;
    const timeline = this.#timeline!; // prepared
    const begins = timeline.end;
    const { silence, skip } = timeline.place(at, count);
    if (silence > 0) this.#feed([], silence, begins);
    const planes = isMuted ? [] : sound.planes.slice(0, channels).map(plane => plane.subarray(skip));
    if (count > skip) this.#feed(planes, count - skip, begins + (silence * 1_000) / timeline.sampleRate);
  }

  /** Nothing came up to `until`: silence, so that time goes on. */
  fill(until: Millis): void {
    if (!this.#prepare(this.#timeline?.sampleRate ?? DEFAULT_RATE, this.#channels || 1, until)) return;
    const begins = this.#timeline!.end; // prepared
    const silence = this.#timeline!.fill(until);
    if (silence > 0) this.#feed([], silence, begins);
  }

  close(): void {
    this.#closed = true;
    if (this.#encoder?.state !== 'closed') this.#encoder?.close();
    this.#encoder = undefined;
  }

  #prepare(sampleRate: number, channels: number, at: Millis): boolean {
    if (this.#closed || this.#failed || this.#choosing) return false;
    if (this.#encoder && this.#timeline?.sampleRate === sampleRate && this.#channels === channels) return true;
    void this.#start(sampleRate, channels, Math.max(at, this.#timeline?.end ?? at));
    return false;
  }

  async #start(sampleRate: number, channels: number, at: Millis): Promise<void> {
    this.#choosing = true;
    try {
      const before = this.#encoder;
      this.#encoder = undefined;
      await before?.flush().catch(() => {}); // a broken one has nothing to give
      if (before && before.state !== 'closed') before.close();
      const choice = await choose(sampleRate, channels, this.#options.kbps * 1_000);
      if (this.#closed) return;
      if (!choice) throw new Error('this browser encodes neither AAC nor Opus');
      this.#choice = choice;
      this.#channels = channels;
      this.#timeline = new SoundTimeline(sampleRate, at);
      this.#flvConfig = undefined;
      this.#encoder = this.#create(choice);
    } catch (error) {
      this.#failed = true;
      this.#options.failed(error instanceof Error ? error.message : String(error));
    } finally {
      this.#choosing = false;
    }
  }

  #create(choice: Choice): AudioEncoder {
    const encoder: AudioEncoder = new AudioEncoder({
      output: (chunk, metadata) => this.#output(choice, chunk, metadata),
      error: () => {
        if (encoder === this.#encoder) this.#encoder = undefined; // the next sound makes another
      },
    });
    encoder.configure(choice.config);
    return encoder;
  }

  #feed(planes: readonly Float32Array<ArrayBuffer>[], count: number, at: Millis): void {
    const encoder = this.#encoder;
    if (encoder?.state !== 'configured' || encoder.encodeQueueSize > MAX_QUEUE) return;
    const data = new Float32Array(count * this.#channels);
    for (const [index, plane] of planes.entries()) data.set(plane, index * count);
    const block = new AudioData({
      format: 'f32-planar',
      sampleRate: this.#timeline!.sampleRate, // made with the encoder
      numberOfFrames: count,
      numberOfChannels: this.#channels,
      timestamp: Math.round((at - ORIGIN) * 1_000),
      data,
    });
    encoder.encode(block);
    block.close();
  }

  #output({ codec, config }: Choice, chunk: EncodedAudioChunk, metadata?: EncodedAudioChunkMetadata): void {
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    const told = metadata?.decoderConfig?.description;
    if (codec === 'mp4a' && told) this.#flvConfig = { codec, description: copyOf(told) };
    if (codec === 'Opus') {
      const channels = config.numberOfChannels === 2 ? 2 : 1;
      this.#flvConfig ??= { codec, description: opusHead(channels, OPUS_PRE_SKIP, config.sampleRate) };
    }
    if (this.#flvConfig) this.#options.encoded({ config: this.#flvConfig, at: ORIGIN + chunk.timestamp / 1_000, data });
  }
}

async function choose(sampleRate: number, numberOfChannels: number, bitrate: number): Promise<Choice | undefined> {
  const common = { sampleRate, numberOfChannels, bitrate };
  const choices: Choice[] = [
    { codec: 'mp4a', config: { ...common, codec: 'mp4a.40.2' } },
    // The DOM library lacks `opus`.
    { codec: 'Opus', config: { ...common, codec: 'opus', ...{ opus: { frameDuration: OPUS_FRAME_US } } } },
    { codec: 'Opus', config: { ...common, codec: 'opus' } },
  ];
  for (const choice of choices) {
    const answer = await AudioEncoder.isConfigSupported(choice.config).catch(() => undefined);
    if (answer?.supported) return choice;
  }
  return undefined;
}
