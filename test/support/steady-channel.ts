// A channel that is on air without an encoder: small chunks at a steady pace, by the publisher that the ingest program uses.

import { concat } from '../../core/bytes.ts';
import { encodeInit, initId } from '../../core/init-document.ts';
import { Publisher } from '../../core/publish/publisher.ts';
import { createSigner, type Signer, signChunk } from '../../core/signature.ts';
import { TICKS_PER_SECOND } from '../../core/time.ts';
import { steadyClock } from '../../ingest/clock.ts';
import { connectTo } from '../../ingest/connect.ts';
import { FRAMES_PER_GROUP, FRAMES_PER_SECOND, flvFrame, flvStart } from '../bench/synthetic-flv.ts';

/** Five chunks a second, a group each second, about 170 kbit/s. */
const FRAMES_PER_CHUNK = 5;
const BYTES_PER_SECOND = 20_000;
const DOCUMENT = encodeInit({ container: 'flv', timestampOffset: 0, bytes: flvStart() });
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

export class SteadyChannel {
  readonly name: string;
  readonly publisher: Publisher;
  readonly publicKey: Uint8Array;
  /** The sequence that comes next. */
  next: number;
  readonly #signer: Signer;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  readonly #epoch: number;
  #frame = 0;
  #group = 0;
  #queue = Promise.resolve();

  private constructor(relay: string, name: string, publishKey: string, signer: Signer) {
    this.name = name;
    this.#signer = signer;
    this.publicKey = signer.publicKey;
    this.next = this.#epoch = Date.now();
    this.publisher = new Publisher({
      ...{ channel: name, publishKey, signer, clock: steadyClock, log: QUIET, random: Math.random },
      connect: connectTo(relay, name),
      published: next => {
        this.next = Math.max(this.next, next);
      },
    });
    this.publisher.init(DOCUMENT);
    this.#timer = setInterval(() => this.#send(), 50);
  }

  static async start(relay: string, name: string, publishKey: string): Promise<SteadyChannel> {
    const signer = await createSigner(crypto.getRandomValues(new Uint8Array(32)), crypto.subtle);
    return new SteadyChannel(relay, name, publishKey, signer);
  }

  /** Ends the broadcast. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#queue;
    await this.publisher.stop({ unpublish: true });
  }

  #send(): void {
    const due = ((performance.now() - this.#startedAt) * FRAMES_PER_SECOND) / 1_000;
    for (; this.#frame + FRAMES_PER_CHUNK <= due; this.#frame += FRAMES_PER_CHUNK) {
      const first = this.#frame;
      this.#queue = this.#queue.then(() => this.#chunk(first));
    }
  }

  async #chunk(first: number): Promise<void> {
    const sequence = this.next++;
    if (first % FRAMES_PER_GROUP === 0 || this.#group === 0) this.#group = sequence;
    const frames = Array.from({ length: FRAMES_PER_CHUNK }, (_, i) => flvFrame(first + i, BYTES_PER_SECOND, 0));
    const ticksOf = (frame: number) => (frame * TICKS_PER_SECOND) / FRAMES_PER_SECOND;
    const header = {
      ...{ track: 0, sequence, group: this.#group, epoch: this.#epoch, discontinuity: false, end: false, entry: 0 },
      ...{ timestamp: ticksOf(first), duration: ticksOf(FRAMES_PER_CHUNK), initId: initId(DOCUMENT) },
      capturedAt: Date.now(),
    };
    this.publisher.chunk(await signChunk(this.name, header, concat(frames.flat()), this.#signer));
  }
}
