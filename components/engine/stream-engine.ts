// The engine: relay -> verified chunks in order -> fragments -> MediaSource. Runs in a worker or on the page alike.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import type { PeerId } from '../../core/peer-id.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import type { Millis } from '../../core/time.ts';
import type { ChannelState } from '../../core/wire/channel-state.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { beacon, located, message, messageLoss, renewAccess, subscribe } from '../../core/wire/index.ts';
import type { Refused } from '../../core/wire/refused.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import type { PeerCommand } from '../links/peer-messages.ts';
import { PendingRecording } from '../recording/pending-recording.ts';
import type { ChannelDocument } from './channel-document.ts';
import type { OrderedEvent } from './chunk-order.ts';
import { ChunkReceiver, type ChunkReceiverOwner } from './chunk-receiver.ts';
import type {
  EngineCommand,
  EngineFault,
  EngineOptions,
  EngineWarning,
  PeerTerms,
  PostEvent,
  Supply,
} from './engine-messages.ts';
import { heardMessage, lossWarning } from './heard-message.ts';
import type { Seconds } from './live-controller.ts';
import { loadTransmuxer } from './load-transmuxer.ts';
import { MediaSink, type MediaSinkOwner } from './media-sink.ts';
import type { PastReader } from './past-reader.ts';
import { PendingSwarm, type PendingSwarmOwner } from './pending-swarm.ts';
import { RelayConnection, type RelayConnectionOwner } from './relay-connection.ts';
import type { Sink } from './remote-sink.ts';
import { StreamFeed, type StreamFeedOwner } from './stream-feed.ts';
import type { SwarmClient } from './swarm-client.ts';

const COUNTERS_MS: Millis = 500;
/** The last chunks may come by slower lanes than the news that they were the last. */
const END_MS: Millis = 700;
const READ_MS: Millis = 100;
/** A viewer who is later than this is behind by choice: those it feeds are not. */
const LATE_MS: Millis = 4_000;

type SendCommand = Extract<EngineCommand, { type: 'send' }>;
type PlayheadCommand = Extract<EngineCommand, { type: 'playhead' }>;

export { MediaSink };

/** One channel or recording, from `start` to `stop`. */
export class StreamEngine {
  readonly #post: PostEvent;
  readonly #makeSink: (owner: MediaSinkOwner) => Sink;
  #session: Session | undefined;
  #recording: PendingRecording | undefined;

  /** `makeSink` where the media is not for a MediaSource of this thread. */
  constructor(post: PostEvent, makeSink = (owner: MediaSinkOwner): Sink => new MediaSink(owner)) {
    this.#post = post;
    this.#makeSink = makeSink;
  }

  /** Takes a command. */
  handle(command: EngineCommand): void {
    if (command.type === 'start' || command.type === 'stop') {
      this.#session?.close();
      this.#recording?.close();
      this.#session = this.#recording = undefined;
      if (command.type === 'start') this.#start(command.options);
    } else if (this.#recording) this.#recording.handle(command);
    else if (command.type === 'document') this.#session?.connection.answered(command.reply);
    else if (command.type === 'playhead') this.#session?.playhead(command);
    else if (command.type === 'seek') this.#session?.feed.seek(command);
    else if (command.type === 'swarm') this.#session?.swarm.setPolicy(command.policy);
    else if (command.type === 'token') this.#session?.renew(command.token);
    else if (command.type === 'peer') this.#session?.swarm.peerEvent(command.event);
    else if (command.type === 'rebuild') this.#session?.sink.rebuild('the browser failed to decode the stream');
    else if (command.type === 'sleep') this.#session?.sleep(command.isAsleep);
    else if (command.type === 'send') this.#session?.say(command);
    else this.#session?.connection.wake();
  }

  #start(options: EngineOptions): void {
    const needs = [options, this.#post, this.#makeSink] as const;
    if (isRecordingSwarm(options.name)) this.#recording = new PendingRecording(...needs);
    else this.#session = new Session(...needs);
  }
}

class Session implements RelayConnectionOwner, ChunkReceiverOwner, MediaSinkOwner, PendingSwarmOwner, StreamFeedOwner {
  readonly sink: Sink;
  readonly connection: RelayConnection;
  swarm: PendingSwarm | SwarmClient;
  readonly mpegAudioRaw: boolean;
  readonly post: PostEvent;
  readonly feed: StreamFeed;
  readonly #name: string;
  #document: ChannelDocument | undefined;
  readonly #receiver: ChunkReceiver;
  readonly #timers: ReturnType<typeof setInterval>[];
  #supply: Supply | undefined;
  #links = 0;
  /** When the playhead was last told, once there was a picture. */
  #toldAt: Millis | undefined;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #resume: Resume | undefined;
  /** For now. */
  #isRefused = false;
  #closed = false;

  constructor(options: EngineOptions, post: PostEvent, makeSink: (owner: MediaSinkOwner) => Sink) {
    this.post = post;
    this.#name = options.name;
    this.mpegAudioRaw = options.mpegAudioRaw;
    const subtle: unknown = globalThis.crypto?.subtle;
    this.#receiver = new ChunkReceiver(options.name, subtle, this);
    this.#setSupply('connecting');
    this.swarm = new PendingSwarm(options.swarm, this);
    this.sink = makeSink(this);
    this.feed = new StreamFeed(this);
    this.connection = new RelayConnection({ ...options, isAsked: true }, this);
    this.#timers = [setInterval(() => this.#postCounters(), COUNTERS_MS), setInterval(() => this.feed.read(), READ_MS)];
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers ?? []) clearInterval(timer);
    clearTimeout(this.#endTimer);
    this.swarm?.close();
    this.connection?.close();
    this.#receiver.close();
    this.feed?.close();
    this.sink?.close();
  }

  sleep(isAsleep: boolean): void {
    if (isAsleep) this.swarm.sleep();
    this.connection.sleep(isAsleep);
  }

  renew(token: string): void {
    this.connection.token = token;
    this.connection.send(encodeMessage(renewAccess, { token }));
  }

  say({ data, isText }: SendCommand): void {
    this.connection.send(encodeMessage(message, { from: '', own: false, isText, data }));
  }

  playhead({ currentTime, latency, targetLatency, stalls, stalledMs, startupMs, isBehind }: PlayheadCommand): void {
    const isShown = startupMs !== null;
    this.feed.playhead(currentTime, { isShown, isBehind });
    if (!isShown) return;
    this.#toldAt = performance.now();
    this.#tellBuffered();
    const targetLatencyMs = targetLatency * 1_000;
    const isLate = isBehind || (latency !== null && latency * 1_000 > targetLatencyMs + LATE_MS);
    const latencyMs = latency === null || isLate ? null : latency * 1_000;
    this.swarm.playback({ currentTime, latencyMs, targetLatencyMs, stalls, stalledMs, startupMs });
  }

  // RelayConnectionOwner

  found(document: ChannelDocument): void {
    this.#document = document;
    // Loaded while the link is being made. Whether that works is seen when there is something to read.
    for (const container of document.containers) loadTransmuxer(container).catch(() => undefined);
  }

  greeting(): Bytes {
    const resume = this.swarm.resume;
    this.#resume = resume;
    const { ticket } = this.#document ?? {};
    const { token } = this.connection;
    return encodeMessage(subscribe, {
      version: WIRE_VERSION,
      channel: this.#name,
      ...(resume && { resume }),
      token,
      ticket,
    });
  }

  opened(transport: 'webtransport' | 'websocket'): void {
    const document = this.#document!; // found before
    this.#links++;
    this.#receiver.linked(document.track, this.#resume !== undefined);
    this.swarm.relayUp(document);
    this.post({ type: 'connected', transport });
    this.#postCounters();
  }

  received(type: number, body: Bytes): void {
    if (type === beacon.type) this.feed.windowStart = decodeBody(beacon, body).windowStart;
    if (type === located.type) this.feed.located(decodeBody(located, body));
    else if (type === message.type) this.post({ type: 'message', ...heardMessage(body) });
    else if (type === messageLoss.type) this.warn(lossWarning(body));
    else if (!this.swarm.take(type, body)) this.#receiver.take(type, body);
  }

  clock(offset: Millis, roundTripMs: Millis): void {
    this.swarm.clock(offset, roundTripMs);
    this.post({ type: 'clock', offset, roundTripMs });
  }

  lost(reason: string | undefined): void {
    this.swarm.relayDown();
    this.#setSupply('connecting');
    if (reason !== undefined) this.warn({ code: this.#isRefused ? 'refused' : 'relay', message: reason });
    this.#isRefused = false;
  }

  refused(fault: EngineFault): void {
    this.failed(fault);
  }

  isFinal({ code, reason }: Refused): boolean {
    const isFinal = code === 'bad-name' || code === 'bad-version' || code === 'not-allowed';
    if (isFinal) this.failed({ code, message: reason });
    this.#isRefused = !isFinal;
    return isFinal;
  }

  // ChunkReceiverOwner

  channelState(state: ChannelState): void {
    this.feed.windowStart = state.windowStart;
    clearTimeout(this.#endTimer);
    if (state.state === 'ended') this.#endTimer = setTimeout(() => this.feed.end(), END_MS);
    this.#setSupply(state.state);
  }

  ordered(events: readonly OrderedEvent[]): void {
    for (const event of events) {
      if (this.#closed) return;
      if (event.type === 'epoch') this.#postCounters();
      else if (event.type === 'chunk') this.feed.follow(event.chunk);
    }
    this.#tellBuffered();
  }

  initCame(document: Bytes, id: Bytes): void {
    this.feed.addInit(document, id);
    this.swarm.addInit(document, id);
  }

  held(sequence: number): Bytes | undefined {
    return this.swarm.held(sequence);
  }

  verified(chunk: Chunk, from: PeerId): boolean {
    return this.swarm.verified(chunk, from);
  }

  recalled(chunk: Chunk, from: PeerId): boolean {
    return this.feed.recall(chunk, from);
  }

  forged(from: PeerId): void {
    this.swarm.forged(from);
  }

  // PendingSwarmOwner

  swarmLoaded(client: SwarmClient, Reader: typeof PastReader): void {
    this.swarm = client;
    this.feed.pastLoaded(Reader, client);
  }

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
    return this.feed.lacking(from, sequences);
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

  // StreamFeedOwner

  get relayIsUp(): boolean {
    return this.#supply !== 'connecting';
  }

  get isOver(): boolean {
    return this.#supply === 'ended';
  }

  /** The playhead is told once a second, and moves on meanwhile. */
  #tellBuffered(): void {
    if (this.#toldAt !== undefined) this.#receiver.buffered(this.feed.ahead * 1_000, this.#toldAt);
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
    const counters = { ...received, ...this.feed.counters, bytesFromRelay, reconnects };
    this.post({ type: 'counters', counters, swarm });
    this.feed.postWindow();
  }
}
