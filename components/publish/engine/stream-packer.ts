// Encoded frames -> FLV -> numbered, signed chunks: what the ingester does with a source's bytes is done here with our own.

import { type Bytes, concat } from '../../../core/bytes.ts';
import type { Chunk } from '../../../core/chunk.ts';
import { FlvChunker } from '../../../core/media/flv/flv-chunker.ts';
import { type FlvConfigs, FlvWriter } from '../../../core/media/flv/flv-writer.ts';
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

/** A frame that waits for its turn. */
interface Held {
  readonly at: Millis;
  readonly write: () => Bytes;
}

const MAX_CHUNK_BYTES = 4_000;
/** A kind whose first frame takes longer comes later. */
const HOLD_MS: Millis = 1_000;

/** Capture times go along, so that a viewer's latency is from the lens to the screen. */
export class StreamPacker {
  readonly #options: StreamPackerOptions;
  readonly #writer = new FlvWriter();
  readonly #pipeline: ChunkPipeline;
  /** Capture time of FLV time 0. */
  readonly #start: Millis;
  #kinds = { audio: false, video: false };
  #configs: FlvConfigs = {};
  /** Frames that wait until all is known that a viewer must know first; undefined when it is. */
  #held: Held[] | undefined;
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
    this.#kinds = { ...kinds };
    this.#configs = {};
    this.#held = [];
  }

  picture({ config, at, key, data }: EncodedPicture): void {
    if (!this.#kinds.video) return;
    if (this.#held) this.#configs = { ...this.#configs, video: config };
    this.#put(at, () => this.#writer.picture(config, { time: this.#timeOf(at), key, data }));
  }

  sound({ config, at, data }: EncodedSound): void {
    if (!this.#kinds.audio) return;
    if (this.#held) this.#configs = { ...this.#configs, audio: config };
    this.#put(at, () => this.#writer.sound(config, { time: this.#timeOf(at), data }));
  }

  /** Cuts what is left; settles when all is signed. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#held?.length) this.#release(this.#held);
    this.#sign(this.#pipeline.break(this.#options.clock.now(), true));
    await this.#signing;
  }

  #timeOf(at: Millis): Millis {
    return Math.max(0, Math.round(at - this.#start));
  }

  #put(at: Millis, write: () => Bytes): void {
    const held = this.#held;
    if (!held) {
      this.#push(write(), at);
      return;
    }
    held.push({ at, write });
    const isComplete = (!this.#kinds.video || this.#configs.video) && (!this.#kinds.audio || this.#configs.audio);
    if (isComplete || at - held[0]!.at > HOLD_MS) this.#release(held); // it holds one at least
  }

  // A recording begins: what has no configuration by now brings it along later.
  #release(held: Held[]): void {
    this.#held = undefined;
    held.sort((one, other) => one.at - other.at);
    const { at } = held[0]!; // as above
    const writer = this.#writer;
    this.#push(concat([writer.begin(this.#kinds), writer.configure(this.#configs, this.#timeOf(at))]), at);
    for (const { at, write } of held) this.#push(write(), at);
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
