// Encoded frames -> FLV -> numbered, signed chunks: what the ingester does with a source's bytes is done here with our own.

import type { Bytes } from '../../../core/bytes.ts';
import type { Chunk } from '../../../core/chunk.ts';
import { FlvChunker } from '../../../core/media/flv/flv-chunker.ts';
import { FlvWriter } from '../../../core/media/flv/flv-writer.ts';
import { ChunkPipeline, type PipelineEvent } from '../../../core/publish/chunk-pipeline.ts';
import type { Clock } from '../../../core/publish/clock.ts';
import { type Signer, signChunk } from '../../../core/signature.ts';
import type { Millis } from '../../../core/time.ts';
import type { EncodedPicture } from './picture-encoder.ts';
import type { EncodedSound } from './sound-encoder.ts';

export interface StreamPackerOptions {
  readonly channel: string;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly chunkMs: Millis;
  readonly firstSequence: number;
  /** Steady time -> the relay's. */
  readonly toRelay: (steady: Millis) => Millis;
  readonly init: (document: Bytes) => void;
  readonly chunk: (chunk: Chunk) => void;
  readonly failed: (error: unknown) => void;
}

const MAX_CHUNK_BYTES = 4_000;

/** Capture times go along, so that a viewer's latency is from the lens to the screen. */
export class StreamPacker {
  readonly #options: StreamPackerOptions;
  readonly #writer = new FlvWriter();
  readonly #pipeline: ChunkPipeline;
  /** Capture time of FLV time 0. */
  readonly #start: Millis;
  #kinds = { audio: false, video: false };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being signed, in order. */
  #signing: Promise<void> = Promise.resolve();

  constructor(options: StreamPackerOptions) {
    const limits = { maxMs: options.chunkMs, maxBytes: MAX_CHUNK_BYTES };
    this.#options = options;
    // Room for frames that were captured before the first one that is packed.
    this.#start = options.clock.now() - 1_000;
    this.#pipeline = new ChunkPipeline({
      createChunker: () => new FlvChunker(limits),
      firstSequence: options.firstSequence,
      toRelay: options.toRelay,
    });
  }

  /** The relay wants no sequence below this. */
  raise(sequence: number): void {
    this.#pipeline.raise(sequence);
  }

  /** Says what there will be; another recording begins where that changes. */
  announce(kinds: { readonly audio: boolean; readonly video: boolean }): void {
    if (kinds.audio === this.#kinds.audio && kinds.video === this.#kinds.video) return;
    this.#kinds = kinds;
    this.#push(this.#writer.begin(kinds), this.#options.clock.now());
  }

  picture({ config, at, key, data }: EncodedPicture): void {
    if (this.#kinds.video) this.#push(this.#writer.picture(config, { time: this.#timeOf(at), key, data }), at);
  }

  sound({ config, at, data }: EncodedSound): void {
    if (this.#kinds.audio) this.#push(this.#writer.sound(config, { time: this.#timeOf(at), data }), at);
  }

  /** Cuts what is left; settles when all is signed. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#sign(this.#pipeline.break(this.#options.clock.now(), true));
    await this.#signing;
  }

  #timeOf(at: Millis): Millis {
    return Math.max(0, Math.round(at - this.#start));
  }

  #push(bytes: Bytes, at: Millis): void {
    this.#sign(this.#pipeline.push(bytes, at));
    this.#wake();
  }

  #wake(): void {
    const { clock } = this.#options;
    clearTimeout(this.#timer);
    const wakeAt = this.#pipeline.wakeAt();
    if (wakeAt === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#sign(this.#pipeline.poll(clock.now()));
        this.#wake();
      },
      Math.max(0, wakeAt - clock.now()),
    );
  }

  #sign(events: readonly PipelineEvent[]): void {
    if (events.length === 0) return;
    const { channel, signer, init, chunk, failed } = this.#options;
    this.#signing = this.#signing
      .then(async () => {
        const signed = events.map(event =>
          event.type === 'chunk' ? signChunk(channel, event.header, event.payload, signer) : event,
        );
        for (const one of signed) {
          const ready = await one;
          if (!('type' in ready)) chunk(ready);
          else if (ready.type === 'init') init(ready.document);
        }
      })
      .catch(failed);
  }
}
