// A channel without a relay around it, and media on it: a file's bytes as chunks, whose signatures are nobody's.

import type { Bytes } from '../../../../core/bytes.ts';
import { assembleChunk, type Chunk, encodeHeader } from '../../../../core/chunk.ts';
import type { Container } from '../../../../core/init-document.ts';
import { ChunkSequencer } from '../../../../core/media/chunk-sequencer.ts';
import type { ChunkerEvent } from '../../../../core/media/chunker.ts';
import { FlvChunker } from '../../../../core/media/flv/flv-chunker.ts';
import { TsChunker } from '../../../../core/media/mpeg-ts/ts-chunker.ts';
import type { Channel, ChannelWatcher, Publisher } from '../../../../relay/channels/channel.ts';
import { Channels } from '../../../../relay/channels/channels.ts';
import { parseConfig, type RelayConfigInput } from '../../../../relay/config/config.ts';
import { LiveConfig } from '../../../../relay/config/live-config.ts';
import { createLog } from '../../../../relay/log.ts';
import { messageTerms } from '../../../../relay/messages/message-terms.ts';

/** When the first chunk is captured: Unix milliseconds. */
export const BEGIN = 1_795_000_000_000;

/** What a publisher would send. */
export type Sent = { readonly init: Bytes } | { readonly chunk: Chunk };

/** Cuts files into what a publisher sends, one after the other on one channel. */
export class Source {
  readonly #sequencer: ChunkSequencer;
  readonly container: Container;
  #now = BEGIN;

  constructor(container: Container) {
    this.container = container;
    this.#sequencer = new ChunkSequencer({ container, track: 0, firstSequence: BEGIN });
  }

  /** All of a file, in an epoch of its own, as if it had arrived within `lasts` milliseconds. */
  file(bytes: Bytes, lasts = 4_000): Sent[] {
    const chunker = this.container === 'flv' ? new FlvChunker() : new TsChunker();
    const events: ChunkerEvent[] = [];
    this.#sequencer.restart();
    const pieces = Math.ceil(bytes.length / 10_000);
    for (let i = 0; i < pieces; i++) {
      events.push(...chunker.push(bytes.slice(i * 10_000, (i + 1) * 10_000), this.#now));
      this.#now += lasts / pieces;
    }
    events.push(...chunker.flush(this.#now));
    return events
      .flatMap(event => this.#sequencer.take(event))
      .map(event => {
        if (event.type === 'init') return { init: event.document };
        const encoded = encodeHeader(event.header, event.payload.length);
        return { chunk: assembleChunk(event.header, encoded, new Uint8Array(64), event.payload) };
      });
  }
}

/** Somebody who feeds a channel. */
export function publisherOf(key: number): Publisher {
  return { publicKey: new Uint8Array(32).fill(key), replace() {} };
}

/** Gives it to the channel, as the relay's session would. */
export function send(channel: Channel, sent: readonly Sent[]): void {
  for (const one of sent) {
    const fault = 'init' in one ? channel.addInit(0, one.init) : channel.addChunk(one.chunk);
    if (fault) throw new Error(fault);
  }
}

/** Channels with a clock that a test moves. */
export class Stage {
  now = 0;
  readonly live: LiveConfig;
  readonly channels: Channels;
  #tasks: (() => void)[] = [];

  constructor(config: RelayConfigInput = {}, watchers: readonly ChannelWatcher[] = []) {
    this.live = new LiveConfig(parseConfig(config));
    const time = { steady: () => this.now, after: (_: number, task: () => void) => void this.#tasks.push(task) };
    this.channels = new Channels({
      window: { maxAgeMs: 60_000, maxBytes: 64_000_000 },
      swarm: this.live.current.swarm,
      messages: messageTerms(this.live.current.messages, time),
      watchers,
      log: createLog('silent'),
      clock: () => BEGIN + this.now,
      ...time,
    });
  }

  /** What was put off until later is done now. */
  settle(): void {
    for (const task of this.#tasks.splice(0)) task();
  }
}
