// The engine: relay -> verified chunks in order -> fragments -> MediaSource. Runs in a worker or on the page alike.

import { type Bytes, toHex } from '../../core/bytes.ts';
import type { Chunk, ChunkHeader } from '../../core/chunk.ts';
import { decodeInit, type InitDocument, initId } from '../../core/init-document.ts';
import type { PeerId } from '../../core/peer-id.ts';
import { type Millis, TICKS_PER_MILLI, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { ChannelState } from '../../core/wire/channel-state.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { beacon, located } from '../../core/wire/index.ts';
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
import type { Seconds } from './live-controller.ts';
import { MediaSink, type MediaSinkOwner } from './media-sink.ts';
import { MediaWriter } from './media-writer.ts';
import { PastReader, type PastReaderPort } from './past-reader.ts';
import { RelayConnection, type RelayConnectionOwner } from './relay-connection.ts';
import type { Sink } from './remote-sink.ts';
import { SwarmClient, type SwarmClientOwner } from './swarm-client.ts';

const COUNTERS_MS: Millis = 500;
/** The last chunks may come by slower lanes than the news that they were the last. */
const END_MS: Millis = 700;
/** Live is left to be read on later when so much of it waits for the playhead. */
const FAR_AHEAD: Seconds = 30;
const READ_MS: Millis = 100;
/** Peers hold the last minute; what nearly goes is not asked of them any more. */
const PEERS_PAST: Ticks = 55 * TICKS_PER_SECOND;
/** Most init documents remembered. */
const MAX_INITS = 256;

/** Hands an event to the page. */
export type PostEvent = (event: EngineEvent) => void;

type PlayheadCommand = Extract<EngineCommand, { type: 'playhead' }>;
type SeekCommand = Extract<EngineCommand, { type: 'seek' }>;

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
    else if (command.type === 'seek') this.#session?.seek(command);
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
  readonly mpegAudioRaw: boolean;
  readonly post: PostEvent;
  readonly #receiver: ChunkReceiver;
  readonly #writer: MediaWriter;
  readonly #past: PastReader;
  readonly #inits = new Map<string, InitDocument>();
  readonly #timers: ReturnType<typeof setInterval>[];
  /** What live brings is written at once; else it is read on from the past. */
  #isFollowing = true;
  /** The viewer means to be behind live. */
  #isBehind = false;
  /** Unknown before the first picture. */
  #playhead: Seconds | undefined;
  /** The newest chunk that live has brought. */
  #live: ChunkHeader | undefined;
  windowStart: Ticks = 0;
  #supply: Supply | undefined;
  #links = 0;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #resume: Resume | undefined;
  #closed = false;

  constructor(options: EngineOptions, post: PostEvent, makeSink: (owner: MediaSinkOwner) => Sink) {
    this.post = post;
    this.mpegAudioRaw = options.mpegAudioRaw;
    const subtle: unknown = globalThis.crypto?.subtle;
    this.#receiver = new ChunkReceiver(options.name, subtle, this);
    this.#setSupply('connecting');
    this.swarm = new SwarmClient(options.swarm, this);
    this.sink = makeSink(this);
    this.#writer = new MediaWriter(this);
    this.connection = new RelayConnection(options, this);
    this.#past = new PastReader(this.#pastPort());
    this.#timers = [setInterval(() => this.#postCounters(), COUNTERS_MS), setInterval(() => this.#read(), READ_MS)];
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers ?? []) clearInterval(timer);
    clearTimeout(this.#endTimer);
    this.swarm?.close();
    this.connection?.close();
    this.#receiver.close();
    this.#writer?.close();
    this.sink?.close();
  }

  sleep(isAsleep: boolean): void {
    if (isAsleep) this.swarm.sleep();
    this.connection.sleep(isAsleep);
  }

  seek({ time, id, isLive }: SeekCommand): void {
    if (isLive && this.#isFollowing) return;
    this.#playhead = time;
    this.#isFollowing = false;
    this.sink.playhead(time);
    this.sink.clear(id);
    this.#writer.restart();
    this.#past.goTo(this.#writer.ticksAt(time));
    if (isLive) this.begins(time);
    this.#read();
  }

  playhead({ currentTime, latency, targetLatency, stalls, isShown, isBehind }: PlayheadCommand): void {
    this.#isBehind = isBehind;
    this.sink.playhead(currentTime);
    if (!isShown) return;
    this.#playhead = currentTime;
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
    this.post({ type: 'connected', transport });
    this.#postCounters();
  }

  received(type: number, body: Bytes): void {
    if (type === beacon.type) this.windowStart = decodeBody(beacon, body).windowStart;
    if (type === located.type) {
      this.#past.located(decodeBody(located, body));
      this.#read();
    } else if (!this.swarm.take(type, body)) this.#receiver.take(type, body);
  }

  clock(offset: Millis, roundTripMs: Millis): void {
    this.swarm.clock(offset, roundTripMs);
    this.post({ type: 'clock', offset, roundTripMs });
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
    this.windowStart = state.windowStart;
    clearTimeout(this.#endTimer);
    if (state.state === 'ended') this.#endTimer = setTimeout(() => this.#end(), END_MS);
    this.#setSupply(state.state);
  }

  ordered(events: readonly OrderedEvent[]): void {
    for (const event of events) {
      if (this.#closed) return;
      if (event.type === 'epoch') this.#postCounters();
      if (event.type !== 'chunk') continue;
      this.#follow(event.chunk);
    }
  }

  initCame(document: Bytes): void {
    this.#inits.set(toHex(initId(document)), decodeInit(document));
    if (this.#inits.size > MAX_INITS) this.#inits.delete(this.#inits.keys().next().value!); // there is one
    this.swarm.addInit(document);
  }

  held(sequence: number): Bytes | undefined {
    return this.swarm.held(sequence);
  }

  verified(chunk: Chunk, from: PeerId): boolean {
    return this.swarm.verified(chunk, from);
  }

  recalled(chunk: Chunk, from: PeerId): boolean {
    if (!this.#past.take(chunk)) return false;
    this.swarm.recalled(chunk, from);
    this.#read();
    return true;
  }

  forged(from: PeerId): void {
    this.swarm.forged(from);
  }

  // SwarmClientOwner

  tellRelay(message: Bytes): void {
    this.connection?.send(message);
  }

  beginPeers(terms: PeerTerms): void {
    this.post({ type: 'peers', terms });
  }

  tellPage(command: PeerCommand): void {
    this.post({ type: 'peer', command });
  }

  pastLacking(from: PeerId, sequences: readonly number[]): readonly number[] {
    return this.#past.lacking(from, sequences, performance.now());
  }

  fromPeer(type: number, body: Bytes, peer: PeerId): void {
    this.#receiver.take(type, body, peer);
  }

  // MediaSinkOwner

  attach(source: MediaSource): void {
    this.post({ type: 'attach', source });
  }

  begins(time: Seconds): void {
    this.post({ type: 'begins', time });
  }

  cleared(id: number): void {
    this.post({ type: 'sought', id });
  }

  failed(fault: EngineFault): void {
    this.post({ type: 'failed', fault });
    // The sink may fail while it is being made, before there is anything to close.
    queueMicrotask(() => this.close());
  }

  warn(warning: EngineWarning): void {
    this.post({ type: 'warning', warning });
  }

  // MediaWriterOwner

  initOf(id: string): InitDocument | undefined {
    return this.#inits.get(id);
  }

  #end(): void {
    if (!this.#isFollowing) return;
    this.#writer.flush();
    this.sink.end();
  }

  /** Takes the next chunk of live. */
  #follow(chunk: Chunk): void {
    const { sequence, epoch, timestamp } = chunk.header;
    this.#live = chunk.header;
    if (!this.#isFollowing) return;
    const { last } = this.#writer;
    const isHole = last?.epoch === epoch && sequence > last.sequence + 1;
    if (isHole && this.#isBehind) this.#readOn(last.sequence + 1, last.timestamp);
    else if (this.#writer.ahead(this.#playhead) > FAR_AHEAD) this.#readOn(sequence, timestamp);
    else this.#writer.write(chunk);
  }

  #readOn(sequence: number, at: Ticks): void {
    this.#isFollowing = false;
    this.#past.goOn(sequence, at);
  }

  /** Reads on from the past, as far as there is need. */
  #read(): void {
    if (!this.#live || !this.#past.step(this.#live.sequence + 1, performance.now())) return;
    this.#isFollowing = true;
    if (this.#supply === 'ended') this.#end();
  }

  #pastPort(): PastReaderPort {
    const session = this;
    return {
      window: this.swarm.window,
      get relayIsUp() {
        return session.#supply !== 'connecting';
      },
      ahead: () => this.#writer.ahead(this.#playhead),
      holders: at => (this.#live && this.#live.timestamp - at < PEERS_PAST ? this.swarm.holders : []),
      locate: question => this.swarm.locate(question),
      fetch: (of, sequences) => this.swarm.fetch(of, sequences),
      write: chunk => this.#writer.write(chunk),
    };
  }

  #postWindow(): void {
    const live = this.#live;
    const end = live && this.#writer.timeOf(live.timestamp + live.duration);
    if (!live || end === undefined) return;
    const start = Math.max(0, this.#writer.timeOf(this.windowStart) ?? 0);
    this.post({ type: 'window', start, end, capturedAt: live.capturedAt + live.duration / TICKS_PER_MILLI });
  }

  #setSupply(supply: Supply): void {
    if (supply === this.#supply) return;
    this.#supply = supply;
    this.post({ type: 'supply', supply });
  }

  #postCounters(): void {
    const reconnects = Math.max(0, this.#links - 1);
    const swarm = this.swarm.stats;
    const { bytesFromRelay } = swarm;
    const { counters: received } = this.#receiver;
    const { epochs, damaged } = this.#writer;
    const counters = { ...received, bytesFromRelay, epochs, reconnects, damaged };
    this.post({ type: 'counters', counters, swarm });
    this.#postWindow();
  }
}
