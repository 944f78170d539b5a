// The engine: relay -> verified chunks in order -> fragments -> MediaSource. Runs in a worker or on the page alike.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import type { Container } from '../../core/init-document.ts';
import { type TransmuxEvent, Transmuxer } from '../../core/media/transmuxer.ts';
import type { PeerId } from '../../core/peer-id.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { ChannelState } from '../../core/wire/channel-state.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import type { PeerCommand } from '../links/peer-messages.ts';
import type { ChannelDocument } from './channel-document.ts';
import type { OrderedEvent } from './chunk-order.ts';
import { ChunkReceiver, type ChunkReceiverOwner } from './chunk-receiver.ts';
import type {
  EngineCommand,
  EngineEvent,
  EngineFault,
  EngineOptions,
  EngineWarning,
  PeerTerms,
  Supply,
} from './engine-messages.ts';
import { MediaSink, type MediaSinkOwner } from './media-sink.ts';
import { RelayConnection, type RelayConnectionOwner } from './relay-connection.ts';
import type { Sink } from './remote-sink.ts';
import { SwarmClient, type SwarmClientOwner } from './swarm-client.ts';

const CAPTURE_MS: Millis = 100;
const COUNTERS_MS: Millis = 500;
/** The last chunks may come by slower lanes than the news that they were the last. */
const END_MS: Millis = 700;
/** The channel's timeline went back by more than this: what is buffered belongs to another time. */
const BACKWARDS: Ticks = TICKS_PER_SECOND;

/** Hands an event to the page. */
export type PostEvent = (event: EngineEvent) => void;

type PlayheadCommand = Extract<EngineCommand, { type: 'playhead' }>;

export { MediaSink };

/** One channel, from `start` to `stop`. */
export class StreamEngine {
  readonly #post: PostEvent;
  readonly #makeSink: (owner: MediaSinkOwner) => Sink;
  #session: Session | undefined;

  /** `makeSink` where the media is not for a MediaSource of this thread. */
  constructor(post: PostEvent, makeSink = (owner: MediaSinkOwner): Sink => new MediaSink(owner)) {
    this.#post = post;
    this.#makeSink = makeSink;
  }

  /** Takes a command. */
  handle(command: EngineCommand): void {
    if (command.type === 'start') {
      this.#session?.close();
      this.#session = new Session(command.options, this.#post, this.#makeSink);
    } else if (command.type === 'stop') {
      this.#session?.close();
      this.#session = undefined;
    } else if (command.type === 'playhead') this.#session?.playhead(command);
    else if (command.type === 'swarm') this.#session?.swarm.setPolicy(command.policy);
    else if (command.type === 'peer') this.#session?.swarm.peerEvent(command.event);
    else if (command.type === 'rebuild') this.#session?.sink.rebuild('the browser failed to decode the stream');
    else if (command.type === 'sleep') this.#session?.sleep(command.isAsleep);
    else this.#session?.connection.wake();
  }
}

class Session implements RelayConnectionOwner, ChunkReceiverOwner, MediaSinkOwner, SwarmClientOwner {
  readonly sink: Sink;
  readonly connection: RelayConnection;
  readonly swarm: SwarmClient;
  readonly #post: PostEvent;
  readonly #receiver: ChunkReceiver;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #mpegAudioRaw: boolean;
  #transmuxer: { readonly container: Container; readonly machine: Transmuxer } | undefined;
  #origin: Ticks | undefined;
  #newest: Ticks = 0;
  /** Bytes are missing before the next chunk that has an entry. */
  #broken = false;
  /** The epoch's init could not be read: its chunks can't either. */
  #unreadable = false;
  #supply: Supply | undefined;
  #epochs = 0;
  #damaged = 0;
  #links = 0;
  #capturePostedAt: Millis = 0;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #resume: Resume | undefined;
  #closed = false;

  constructor(options: EngineOptions, post: PostEvent, makeSink: (owner: MediaSinkOwner) => Sink) {
    this.#post = post;
    this.#mpegAudioRaw = options.mpegAudioRaw;
    const subtle: unknown = globalThis.crypto?.subtle;
    this.#receiver = new ChunkReceiver(options.name, subtle, this);
    this.#setSupply('connecting');
    this.swarm = new SwarmClient(options.swarm, this);
    this.sink = makeSink(this);
    this.connection = new RelayConnection(options, this);
    this.#timer = setInterval(() => this.#postCounters(), COUNTERS_MS);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#endTimer);
    this.swarm?.close();
    this.connection?.close();
    this.#receiver.close();
    this.sink?.close();
  }

  sleep(isAsleep: boolean): void {
    if (isAsleep) this.swarm.sleep();
    this.connection.sleep(isAsleep);
  }

  playhead({ currentTime, latency, targetLatency, stalls, isShown }: PlayheadCommand): void {
    this.sink.playhead(currentTime);
    if (!isShown) return;
    const latencyMs = latency === null ? null : latency * 1_000;
    this.swarm.playback({ latencyMs, targetLatencyMs: targetLatency * 1_000, stalls });
  }

  // RelayConnectionOwner

  resume(): Resume | undefined {
    this.#resume = this.swarm.resume;
    return this.#resume;
  }

  opened(transport: 'webtransport' | 'websocket', document: ChannelDocument): void {
    this.#links++;
    this.#receiver.linked(document.track, this.#resume !== undefined);
    this.swarm.relayUp(document);
    this.#post({ type: 'connected', transport });
    this.#postCounters();
  }

  received(type: number, body: Bytes): void {
    if (!this.swarm.take(type, body)) this.#receiver.take(type, body);
  }

  clock(offset: Millis, roundTripMs: Millis): void {
    this.swarm.clock(offset, roundTripMs);
    this.#post({ type: 'clock', offset, roundTripMs });
  }

  lost(reason: string | undefined): void {
    this.swarm.relayDown();
    this.#setSupply('connecting');
    if (reason !== undefined) this.warn({ code: 'relay', message: reason });
  }

  refused(fault: EngineFault): void {
    this.failed(fault);
  }

  // ChunkReceiverOwner

  channelState(state: ChannelState): void {
    clearTimeout(this.#endTimer);
    if (state.state === 'ended') this.#endTimer = setTimeout(() => this.#end(), END_MS);
    this.#setSupply(state.state);
  }

  ordered(events: readonly OrderedEvent[]): void {
    for (const event of events) {
      if (this.#closed) return;
      try {
        if (event.type === 'epoch') this.#startEpoch(event);
        else if (event.type === 'gap') this.#markGap();
        else this.#takeChunk(event.chunk);
      } catch (error) {
        // The publisher's bytes are not what its init says: nothing of this epoch can be played, the next one may be.
        this.#unreadable = true;
        this.warn({ code: 'bad-media', message: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  initCame(document: Bytes): void {
    this.swarm.addInit(document);
  }

  held(sequence: number): Bytes | undefined {
    return this.swarm.held(sequence);
  }

  verified(chunk: Chunk, from: PeerId): boolean {
    return this.swarm.verified(chunk, from);
  }

  forged(from: PeerId): void {
    this.swarm.forged(from);
  }

  // SwarmClientOwner

  tellRelay(message: Bytes): void {
    this.connection?.send(message);
  }

  beginPeers(terms: PeerTerms): void {
    this.#post({ type: 'peers', terms });
  }

  tellPage(command: PeerCommand): void {
    this.#post({ type: 'peer', command });
  }

  fromPeer(type: number, body: Bytes, peer: PeerId): void {
    this.#receiver.take(type, body, peer);
  }

  // MediaSinkOwner

  attach(source: MediaSource): void {
    this.#post({ type: 'attach', source });
  }

  failed(fault: EngineFault): void {
    this.#post({ type: 'failed', fault });
    // The sink may fail while it is being made, before there is anything to close.
    queueMicrotask(() => this.close());
  }

  warn(warning: EngineWarning): void {
    this.#post({ type: 'warning', warning });
  }

  #end(): void {
    if (this.#transmuxer) this.#use(this.#transmuxer.machine.flush());
    this.sink.end();
  }

  #startEpoch({ init, chunk }: Extract<OrderedEvent, { type: 'epoch' }>): void {
    const { timestamp } = chunk.header;
    this.#epochs++;
    this.#broken = false;
    this.#unreadable = false;
    if (this.#origin !== undefined && (timestamp < this.#newest - BACKWARDS || timestamp < this.#origin)) {
      this.#origin = undefined;
      this.#transmuxer = undefined;
      this.#newest = 0;
      this.sink.rebuild('the stream jumps back again and again');
    }
    // The first picture is at 0, so that no seek is needed before it shows.
    this.#origin ??= timestamp;
    if (this.#transmuxer?.container !== init.container) {
      const options = { container: init.container, origin: this.#origin, mpegAudioRaw: this.#mpegAudioRaw };
      this.#transmuxer = { container: init.container, machine: new Transmuxer(options) };
    }
    this.#use(this.#transmuxer.machine.start(init, timestamp));
    this.#postCounters();
  }

  #markGap(): void {
    if (this.#broken || !this.#transmuxer) return;
    this.#broken = true;
    this.#use(this.#transmuxer.machine.gap());
  }

  #takeChunk({ header, payload }: Chunk): void {
    if (!this.#transmuxer || this.#unreadable) return;
    this.#newest = Math.max(this.#newest, header.timestamp);
    let usable = payload;
    if (this.#broken) {
      usable = payload.subarray(header.entry);
      if (usable.length === 0) return;
      this.#broken = false;
    }
    this.#use(this.#transmuxer.machine.push(usable));
    const now = performance.now();
    if (now - this.#capturePostedAt < CAPTURE_MS) return;
    this.#capturePostedAt = now;
    const mediaTime = (header.timestamp - this.#origin!) / TICKS_PER_SECOND; // set with the transmuxer
    this.#post({ type: 'capture', mediaTime, capturedAt: header.capturedAt });
  }

  #use(events: readonly TransmuxEvent[]): void {
    for (const event of events) {
      if (event.type === 'fragment') this.sink.append(event.kind, event);
      else if (event.type === 'init') {
        this.#post({ type: 'track', kind: event.kind, codec: event.track.codecString });
        this.sink.init(event.kind, event.mime, event.bytes);
      } else if (event.type === 'metadata') {
        this.#post({ type: 'metadata', name: event.name, value: event.value, time: event.time });
      } else if (event.type === 'unsupported-codec') this.sink.unplayable(event.kind, event.codec);
      else this.#damaged++;
    }
  }

  #setSupply(supply: Supply): void {
    if (supply === this.#supply) return;
    this.#supply = supply;
    this.#post({ type: 'supply', supply });
  }

  #postCounters(): void {
    const reconnects = Math.max(0, this.#links - 1);
    const swarm = this.swarm.stats;
    const { bytesFromRelay } = swarm;
    const { counters: received } = this.#receiver;
    const counters = { ...received, bytesFromRelay, epochs: this.#epochs, reconnects, damaged: this.#damaged };
    this.#post({ type: 'counters', counters, swarm });
  }
}
