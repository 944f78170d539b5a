// Feeds one channel from one source: opens and reopens the source, chunks, signs, publishes, until either ends.

import { channelNameFault } from '../core/channel-name.ts';
import { NotThisMedia } from '../core/errors.ts';
import { DEFAULT_LIMITS } from '../core/media/chunker.ts';
import { Backoff } from '../core/publish/backoff.ts';
import { ChunkPipeline, type PipelineEvent } from '../core/publish/chunk-pipeline.ts';
import { Publisher, type PublisherEnd } from '../core/publish/publisher.ts';
import { signChunk } from '../core/signature.ts';
import type { Millis } from '../core/time.ts';
import { type Clock, steadyClock } from './clock.ts';
import { createChunker } from './create-chunker.ts';
import { type IngestOptions, type PeerOptions, STALL_MS } from './ingest-options.ts';
import { nodeSigner } from './node-signer.ts';
import { DEFAULT_TERMS } from './peers/peer-terms.ts';
import { SourcePeer, type SourcePeerStats } from './peers/source-peer.ts';
import { createSource } from './sources/create-source.ts';
import { type Source, type SourceEvent, SourceFault } from './sources/source.ts';

export type { IngestOptions, PeerOptions };

/** With nothing to do, look again so often. */
const IDLE_MS: Millis = 60_000;

/** How it ended: `reason` is a sentence for people. */
export interface IngestOutcome {
  readonly code: 'finished' | 'stopped' | 'refused' | 'unreachable' | 'bad-source';
  readonly reason: string;
}

export interface IngestStats {
  readonly container: 'flv' | 'ts' | undefined;
  readonly connected: boolean;
  /** Sessions with the relay that began. */
  readonly sessions: number;
  /** Times that the source was opened. */
  readonly opened: number;
  readonly bytesIn: number;
  readonly chunksSent: number;
  readonly bytesSent: number;
  /** Chunks never sent, as the relay was away or the uplink too slow. */
  readonly chunksDropped: number;
  /** Viewers connected with, stripes pushed to them, and the chunks' bytes that went to them. */
  readonly peers: SourcePeerStats;
}

export interface Ingest {
  /** Ends; `unpublish` (true if not given) tells viewers that the broadcast is over. */
  stop(options?: { unpublish?: boolean }): Promise<void>;
  readonly done: Promise<IngestOutcome>;
  readonly stats: IngestStats;
}

/** Starts to publish; throws `TypeError` on a bad channel name. Everything later is told by `done`. */
export function startIngest(options: IngestOptions): Ingest {
  const fault = channelNameFault(options.channel);
  if (fault) throw new TypeError(fault);
  return new Ingester(options);
}

class Ingester implements Ingest {
  readonly done: Promise<IngestOutcome>;
  readonly #options: IngestOptions;
  readonly #clock: Clock;
  readonly #source: Source;
  readonly #stopping = new AbortController();
  #publisher: Publisher | undefined;
  #peer: SourcePeer | undefined;
  #pipeline: ChunkPipeline | undefined;
  #bytesIn = 0;
  /** When bytes came since the source was last opened. */
  #flowing: { from: Millis; to: Millis } | undefined;
  #opened = 0;
  #notes = 0;
  #unpublish = true;

  constructor(options: IngestOptions) {
    this.#options = options;
    this.#clock = options.clock ?? steadyClock;
    const { log, stallMs = STALL_MS, random = Math.random } = options;
    this.#source = createSource(options.source, { clock: this.#clock, log, stallMs, random }, options);
    this.done = this.#run();
  }

  get stats(): IngestStats {
    const sent = this.#publisher?.stats;
    return {
      container: this.#pipeline?.container,
      connected: sent?.connected ?? false,
      sessions: sent?.sessions ?? 0,
      opened: this.#opened,
      bytesIn: this.#bytesIn,
      chunksSent: sent?.chunks ?? 0,
      bytesSent: sent?.bytes ?? 0,
      chunksDropped: sent?.dropped ?? 0,
      peers: this.#peer?.stats ?? { viewers: 0, children: 0, bytesUploaded: 0 },
    };
  }

  async stop(options: { unpublish?: boolean } = {}): Promise<void> {
    this.#unpublish = options.unpublish ?? true;
    this.#stopping.abort();
    await this.done;
  }

  async #run(): Promise<IngestOutcome> {
    const { channel, log, random = Math.random } = this.#options;
    const signer = nodeSigner(this.#options.secretKey);
    const { signal } = this.#stopping;
    let first: (nextSequence: number) => void = () => {};
    const accepted = new Promise<number>(resolve => {
      first = resolve;
    });
    const peer = this.#newPeer(steady => publisher.relayClock.at(steady));
    this.#peer = peer;
    const publisher = new Publisher({
      ...this.#options,
      clock: this.#clock,
      random,
      signer,
      others: (type, body) => peer?.take(type, body),
      relayUp: tell => peer?.relayUp(tell),
      relayDown: () => peer?.relayDown(),
      published: nextSequence => {
        this.#pipeline?.raise(nextSequence);
        first(nextSequence);
      },
    });
    this.#publisher = publisher;
    let relayEnd: PublisherEnd | undefined;
    const running = new AbortController();
    const halt = () => running.abort();
    if (signal.aborted) halt();
    signal.addEventListener('abort', halt);
    void publisher.ended.then(end => {
      relayEnd = end;
      halt();
    });
    const halted = new Promise<undefined>(resolve => {
      running.signal.addEventListener('abort', () => resolve(undefined));
      if (running.signal.aborted) resolve(undefined);
    });
    let outcome: IngestOutcome | undefined;
    // The source is opened when the relay is ready, so that nothing is old before it is sent.
    const nextSequence = await Promise.race([accepted, halted]);
    if (nextSequence !== undefined) {
      const { relayClock } = publisher;
      const { name } = this.#source;
      const limits = { ...DEFAULT_LIMITS, ...this.#options.limits };
      this.#pipeline = new ChunkPipeline({
        createChunker: (head, complete) => createChunker(head, { complete, limits, name }),
        firstSequence: Math.max(nextSequence, Math.round(relayClock.at(this.#clock.now()))),
        toRelay: steady => relayClock.at(steady),
      });
      const send = async (event: PipelineEvent) => {
        if (event.type === 'init') {
          publisher.init(event.document);
          peer?.init(event.document);
        } else if (event.type === 'chunk') {
          const chunk = await signChunk(channel, event.header, event.payload, signer);
          publisher.chunk(chunk);
          peer?.chunk(chunk);
        } else this.#note(event);
      };
      try {
        outcome = await this.#supervise(this.#pipeline, send, running.signal);
      } catch (error) {
        log.error({ err: error }, 'an unexpected error ended the ingest');
        outcome = { code: 'bad-source', reason: `unexpected: ${error instanceof Error ? error.message : error}` };
      }
    }
    // What could not be shown is not over.
    if (!relayEnd) await publisher.stop({ unpublish: this.#unpublish && outcome?.code !== 'bad-source' });
    peer?.close();
    if (relayEnd?.code === 'refused') return { code: 'refused', reason: relayEnd.reason };
    if (relayEnd?.code === 'unreachable') return { code: 'unreachable', reason: relayEnd.reason };
    return outcome ?? { code: 'stopped', reason: 'stopped' };
  }

  #newPeer(toRelay: (steady: Millis) => Millis): SourcePeer | undefined {
    const { peers = {}, log } = this.#options;
    if (!peers) return undefined;
    return new SourcePeer({ terms: () => DEFAULT_TERMS, ...peers, clock: this.#clock, log, toRelay });
  }

  // Opens the source again whenever it breaks off; returns when it ends for good, or nothing when halted.
  async #supervise(
    pipeline: ChunkPipeline,
    send: (event: PipelineEvent) => Promise<void>,
    signal: AbortSignal,
  ): Promise<IngestOutcome | undefined> {
    const { log, random = Math.random, backoff: waits } = this.#options;
    const backoff = new Backoff(random, waits);
    const { name } = this.#source;
    let worked = false;
    while (!signal.aborted) {
      this.#flowing = undefined;
      let reason = `${name} ended`;
      this.#opened++;
      log.info({ source: name, opened: this.#opened }, 'opening the source');
      try {
        const ended = await this.#play(pipeline, send, signal);
        if (ended && !signal.aborted) return { code: 'finished', reason: `${name} has been played to its end` };
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof SourceFault || error instanceof NotThisMedia)) throw error;
        reason = error instanceof NotThisMedia ? `${name} can't be published: ${error.message}` : error.message;
        const permanent = error instanceof NotThisMedia || error.permanent;
        if (permanent && !worked) return { code: 'bad-source', reason };
      }
      worked ||= pipeline.container !== undefined;
      const flowed = this.#flowed();
      for (const event of pipeline.break(this.#clock.now(), true)) await send(event);
      if (signal.aborted) break;
      const wait = backoff.next(flowed);
      log.warn({ source: name, retryInMs: Math.round(wait) }, `${reason}; opening it again`);
      this.#options.broke?.(reason);
      await this.#clock.wait(wait, signal);
    }
    return undefined;
  }

  // For how long bytes came since the source was opened.
  #flowed(): Millis {
    return this.#flowing ? this.#flowing.to - this.#flowing.from : 0;
  }

  // Plays the source once; true when it ended for good.
  async #play(
    pipeline: ChunkPipeline,
    send: (event: PipelineEvent) => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const iterator = this.#source.open(signal)[Symbol.asyncIterator]();
    let arrived: { readonly result: IteratorResult<SourceEvent> } | { readonly error: unknown } | undefined;
    let wake = () => {};
    const ask = () => {
      arrived = undefined;
      const told = iterator.next().then(
        result => {
          arrived = { result };
        },
        (error: unknown) => {
          arrived = { error };
        },
      );
      void told.then(() => wake());
    };
    const halt = () => wake();
    signal.addEventListener('abort', halt);
    ask();
    try {
      while (!signal.aborted) {
        for (const event of pipeline.poll(this.#clock.now())) await send(event);
        if (!arrived && !signal.aborted) {
          const waiting = new AbortController();
          // A reason of its own: else each abort would make an exception, with its stack.
          wake = () => waiting.abort('arrived');
          const wakeAt = pipeline.wakeAt() ?? Number.POSITIVE_INFINITY;
          await this.#clock.wait(Math.min(IDLE_MS, wakeAt - this.#clock.now()), waiting.signal);
          wake = () => {};
        }
        const taken: typeof arrived = arrived;
        if (!taken || signal.aborted) continue;
        if ('error' in taken) throw taken.error;
        const { done, value } = taken.result;
        if (done || value.type === 'end') {
          for (const event of pipeline.end(this.#clock.now())) await send(event);
          return !done;
        }
        for (const event of this.#take(pipeline, value)) await send(event);
        ask();
      }
      return false;
    } finally {
      signal.removeEventListener('abort', halt);
      // Not awaited: a source that stalls doesn't return.
      iterator.return?.().catch((error: unknown) => this.#options.log.debug({ err: error }, 'closing the source'));
    }
  }

  #take(pipeline: ChunkPipeline, event: Exclude<SourceEvent, { type: 'end' }>): PipelineEvent[] {
    if (event.type === 'bytes') {
      this.#bytesIn += event.bytes.length;
      this.#flowing ??= { from: event.arrivedAt, to: event.arrivedAt };
      this.#flowing.to = event.arrivedAt;
      return pipeline.push(event.bytes, event.arrivedAt, event.backlog);
    }
    this.#options.log.info({ source: this.#source.name }, `the source: ${event.reason}`);
    return pipeline.break(this.#clock.now(), event.restarted);
  }

  // A damaged source would fill the log: the first notes are told, then each hundredth.
  #note(note: { reason: string; bytes: number }): void {
    this.#notes++;
    if (this.#notes > 20 && this.#notes % 100 !== 0) return;
    this.#options.log.warn({ source: this.#source.name, bytes: note.bytes, notes: this.#notes }, note.reason);
  }
}
