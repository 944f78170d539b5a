// The engine of a recording, from `start` to `stop`: relay by byte range and peers -> verified chunks in order -> fragments -> MediaSource.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import type { PeerId } from '../../core/peer-id.ts';
import { createVerifier, type Verify, verifyChunk } from '../../core/signature.ts';
import { type Millis, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import { WIRE_VERSION } from '../../core/wire/codec.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { chunk as chunkMessage, renewAccess, subscribe } from '../../core/wire/index.ts';
import { backoff } from '../engine/backoff.ts';
import { channelUrl } from '../engine/channel-document.ts';
import type {
  DocumentReply,
  EngineCommand,
  EngineFault,
  EngineOptions,
  EngineWarning,
  PeerTerms,
  RelayTransport,
  Supply,
} from '../engine/engine-messages.ts';
import type { Seconds } from '../engine/live-controller.ts';
import { loadTransmuxer } from '../engine/load-transmuxer.ts';
import type { MediaSinkOwner } from '../engine/media-sink.ts';
import { MediaWriter } from '../engine/media-writer.ts';
import { RelayConnection, type RelayConnectionOwner } from '../engine/relay-connection.ts';
import type { Sink } from '../engine/remote-sink.ts';
import type { PostEvent } from '../engine/stream-engine.ts';
import type { PeerCommand } from '../links/peer-messages.ts';
import type { GroupStore } from './group-store.ts';
import { askForFacts, type PlayableFacts, readFacts } from './recording-facts.ts';
import { RecordingFiles, RecordingRefused } from './recording-files.ts';
import { RecordingMap } from './recording-map.ts';
import type { ReplayPeer } from './replay-planner.ts';
import { ReplayReader, type ReplayReaderOwner } from './replay-reader.ts';
import { ReplaySwarm, type ReplaySwarmOwner } from './replay-swarm.ts';

const STEP_MS: Millis = 100;
const COUNTERS_MS: Millis = 500;
/** A recording that runs is asked about so often. */
const GROWTH_MS: Millis = 1_000;

type SeekCommand = Extract<EngineCommand, { type: 'seek' }>;
type PlayheadCommand = Extract<EngineCommand, { type: 'playhead' }>;

/** One recording. */
export class RecordingSession implements RelayConnectionOwner, MediaSinkOwner, ReplayReaderOwner, ReplaySwarmOwner {
  readonly map = new RecordingMap();
  readonly writer: MediaWriter;
  bytesFromRelay = 0;
  rejected = 0;
  stalls = 0;
  readonly #options: EngineOptions;
  #token: string;
  readonly #post: PostEvent;
  readonly #sink: Sink;
  readonly #reader: ReplayReader;
  readonly #swarm: ReplaySwarm;
  readonly #ended = new AbortController();
  readonly #timers: ReturnType<typeof setInterval>[];
  readonly #asked: Promise<DocumentReply | undefined>;
  #answered: (reply: DocumentReply | undefined) => void = () => {};
  #facts: PlayableFacts | undefined;
  #files: RecordingFiles | undefined;
  #verify: Promise<Verify> | undefined;
  #connection: RelayConnection | undefined;
  #supply: Supply | undefined;
  /** A seek from before there was anything to seek in. */
  #wanted: SeekCommand | undefined;
  #playhead: Seconds = 0;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #wake: () => void = () => {};
  #failures = 0;
  #links = 0;
  #chunks = 0;
  #isAttached = false;

  constructor(options: EngineOptions, post: PostEvent, makeSink: (owner: MediaSinkOwner) => Sink) {
    this.#options = options;
    this.#token = options.token;
    this.#post = post;
    this.#asked = new Promise(resolve => {
      this.#answered = resolve;
    });
    this.#sink = makeSink(this);
    this.#swarm = new ReplaySwarm(options.swarm, this);
    const { map } = this;
    this.writer = new MediaWriter({
      sink: this.#sink,
      mpegAudioRaw: options.mpegAudioRaw,
      // Nobody asks how old it is.
      post: event => event.type !== 'capture' && post(event),
      warn: warning => this.warn(warning),
      failed: fault => this.failed(fault),
      initOf: id => this.#reader.initOf(id),
      windowStart: 0,
      get origin() {
        return map.start;
      },
    });
    this.#reader = new ReplayReader(this);
    this.store.changed = sequences => this.#swarm.changed(sequences);
    this.#become('connecting');
    this.#timers = [
      setInterval(() => this.#reader.step(), STEP_MS),
      setInterval(() => this.#postCounters(), COUNTERS_MS),
    ];
    void this.#run();
  }

  /** Takes a command. */
  handle(command: EngineCommand): void {
    if (command.type === 'document') this.#answered(command.reply);
    else if (command.type === 'playhead') this.#follow(command);
    else if (command.type === 'seek') this.#seek(command);
    else if (command.type === 'swarm') this.#swarm.setPolicy(command.policy);
    else if (command.type === 'peer') this.#swarm.peerEvent(command.event);
    else if (command.type === 'rebuild') this.#sink.rebuild('the browser failed to decode the recording');
    else if (command.type === 'token') this.#renew(command.token);
    else if (command.type === 'wake') {
      this.#wake();
      this.#connection?.wake();
    }
  }

  close(): void {
    this.#ended.abort();
    this.#wake();
    for (const timer of this.#timers ?? []) clearInterval(timer);
    clearTimeout(this.#endTimer);
    this.#connection?.close();
    this.#swarm?.close();
    this.#reader?.close();
    this.writer?.close();
    this.#sink?.close();
  }

  /** Finds out where everything is, and follows what grows. */
  async #run(): Promise<void> {
    const facts = await this.#insist(() => this.#find());
    if (!facts) return;
    this.#facts = facts;
    this.#files = new RecordingFiles(facts, () => this.#token);
    this.#verify = createVerifier(facts.publicKey, globalThis.crypto?.subtle);
    await Promise.all(facts.containers.map(container => loadTransmuxer(container).catch(() => undefined)));
    while (await this.#insist(() => this.#look())) {
      if (!this.map.running) return;
      await this.#rest(GROWTH_MS);
    }
  }

  async #find(): Promise<PlayableFacts | undefined> {
    const { relay, name, transports } = this.#options;
    const url = channelUrl(relay, name);
    const reply =
      (this.#failures === 0 ? await this.#asked : undefined) ??
      (await askForFacts(url, this.#token, this.#ended.signal));
    const answer = readFacts(reply, url);
    if (answer.type === 'refused') {
      this.failed(answer.fault);
      return undefined;
    }
    if (answer.facts.document && !this.#connection && !this.#ended.signal.aborted) {
      this.#connection = new RelayConnection({ relay, name, transports, token: this.#token, isAsked: true }, this);
      this.#connection.answered(reply);
    }
    return answer.facts;
  }

  /** Reads on in the index. */
  async #look(): Promise<true> {
    const before = this.map.groups.size;
    const answer = await this.files.index(this.map.unknown, this.#ended.signal);
    try {
      this.map.take(answer);
    } catch (error) {
      throw new RecordingRefused(200, `the recording's index can't be read: ${error}`);
    }
    const { duration, groups } = this.map;
    if (groups.size === 0) return true; // it has just begun
    this.#sink.lasts(duration);
    this.#post({ type: 'window', start: 0, end: duration, capturedAt: null });
    if (before > 0) this.#reader.grown();
    else this.#start();
    return true;
  }

  #start(): void {
    this.#become('live');
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted) this.#seek(wanted);
    else this.#reader.goTo(this.map.start);
  }

  /** Does it until it succeeds; undefined when there is no point in trying on. */
  async #insist<Result>(task: () => Promise<Result>): Promise<Result | undefined> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        const result = await task();
        this.#failures = 0;
        return signal.aborted ? undefined : result;
      } catch (error) {
        if (signal.aborted || this.#refusedBy(error)) return undefined;
        this.#trouble(error);
        await this.#rest(backoff(this.#failures++, Math.random()));
      }
    }
    return undefined;
  }

  #refusedBy(error: unknown): boolean {
    if (!(error instanceof RecordingRefused)) return false;
    const { status, message } = error;
    const code = status === 200 ? 'playback-failed' : status === 401 || status === 403 ? 'not-allowed' : 'no-recording';
    this.failed({ code, message });
    return true;
  }

  #trouble(error: unknown): void {
    this.#become('connecting');
    this.warn({ code: 'relay', message: error instanceof Error ? error.message : String(error) });
  }

  #rest(ms: Millis): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #renew(token: string): void {
    this.#token = token;
    if (this.#connection) this.#connection.token = token;
    this.tellRelay(encodeMessage(renewAccess, { token }));
  }

  #follow({ currentTime, startupMs, stalls }: PlayheadCommand): void {
    this.#sink.playhead(currentTime);
    this.stalls = stalls;
    if (startupMs === null) return; // its place means nothing yet
    this.#playhead = currentTime;
    this.#reader.playhead(this.#ticksAt(currentTime));
    this.#swarm.shown();
  }

  #seek(command: SeekCommand): void {
    if (this.map.groups.size === 0) {
      this.#wanted = command;
      return;
    }
    const { time, id } = command;
    const at = this.#ticksAt(time);
    this.#playhead = time;
    this.#sink.playhead(time);
    if (this.#reader.isNear(at)) {
      this.cleared(id);
      return;
    }
    this.#sink.clear(id);
    this.#goTo(at);
  }

  #goTo(at: Ticks): void {
    clearTimeout(this.#endTimer);
    if (this.#supply === 'ended') this.#become('live');
    this.writer.restart();
    this.#reader.goTo(at);
  }

  #ticksAt(time: Seconds): Ticks {
    return this.map.start + Math.round(time * TICKS_PER_SECOND);
  }

  #become(supply: Supply): void {
    if (supply === this.#supply) return;
    this.#supply = supply;
    this.#post({ type: 'supply', supply });
  }

  #postCounters(): void {
    const { epochs, damaged } = this.writer;
    const { bytesFromRelay, rejected: rejectedChunks } = this;
    const reconnects = Math.max(0, this.#links - 1);
    const received = { bytesFromRelay, chunks: this.#chunks, rejectedChunks, repeatedChunks: 0, gaps: 0 };
    this.#post({ type: 'counters', counters: { ...received, epochs, damaged, reconnects }, swarm: this.#swarm.stats });
  }

  // ReplayReaderOwner and ReplaySwarmOwner

  get files(): RecordingFiles {
    return this.#files!; // found before anything is read
  }

  get store(): GroupStore {
    return this.#reader.store;
  }

  get place(): number {
    return this.#reader.place;
  }

  get self(): PeerId {
    return this.#swarm.self;
  }

  get peers(): Iterable<ReplayPeer> {
    return this.#swarm.peers;
  }

  async isGenuine(chunk: Chunk): Promise<boolean> {
    const verify = await this.#verify;
    this.#chunks++;
    // A key or signature that WebCrypto can't even read is no good one.
    return verify !== undefined && verifyChunk(this.#facts?.channel ?? '', chunk, verify).catch(() => false);
  }

  fetch(of: PeerId, sequences: readonly number[]): void {
    this.#swarm.fetch(of, sequences);
  }

  cameFromRelay(bytes: number): void {
    this.bytesFromRelay += bytes;
    this.#failures = 0;
    if (this.#supply === 'connecting') this.#become('live');
  }

  readFailed(error: unknown): void {
    if (this.#refusedBy(error)) return;
    this.#trouble(error);
    this.#reader.pause();
    void this.#rest(backoff(this.#failures++, Math.random())).then(() => this.#reader.resume());
  }

  damaged(reason: string): void {
    this.rejected++;
    this.warn({ code: 'bad-media', message: reason });
  }

  /** What came last is still on its way through what reads it. */
  ended(): void {
    this.#endTimer = setTimeout(() => {
      this.writer.flush();
      this.#sink.end();
      this.#become('ended');
    });
  }

  tellRelay(message: Bytes): void {
    this.#connection?.send(message);
  }

  beginPeers(terms: PeerTerms): void {
    this.#post({ type: 'peers', terms });
  }

  tellPage(command: PeerCommand): void {
    this.#post({ type: 'peer', command });
  }

  chunkCame(body: Bytes, from: PeerId): void {
    const chunk = decodeBody(chunkMessage, body);
    void this.#reader.take(chunk, from).then(what => {
      if (what === 'taken') this.#swarm.took(from, chunk.bytes.length);
      if (what !== 'forged') return;
      this.rejected++;
      this.#swarm.forged(from);
    });
  }

  lacking(from: PeerId, sequences: readonly number[]): void {
    this.#reader.planner.lacking(from, sequences, performance.now());
  }

  left(peer: PeerId): void {
    this.#reader.planner.left(peer);
  }

  // RelayConnectionOwner: without a link there are only no peers

  greeting(): Bytes {
    const ticket = this.#facts?.document?.ticket;
    const asked = { version: WIRE_VERSION, channel: this.#options.name, token: this.#token };
    return encodeMessage(subscribe, { ...asked, ...(ticket !== undefined && { ticket }) });
  }

  opened(transport: RelayTransport): void {
    this.#links++;
    this.#post({ type: 'connected', transport });
    if (this.#facts?.document) this.#swarm.relayUp(this.#facts.document);
  }

  received(type: number, body: Bytes): void {
    this.#swarm.take(type, body);
  }

  clock(offset: Millis, roundTripMs: Millis): void {
    this.#post({ type: 'clock', offset, roundTripMs });
  }

  lost(): void {}

  refused(): void {}

  isFinal(): boolean {
    return true;
  }

  // MediaSinkOwner

  attach(source: MediaSource): void {
    this.#post({ type: 'attach', source });
    // Another one has none of what was written.
    if (this.#isAttached) queueMicrotask(() => this.#goTo(this.#ticksAt(this.#playhead)));
    this.#isAttached = true;
  }

  begins(time: Seconds): void {
    this.#post({ type: 'begins', time });
  }

  cleared(id: number): void {
    this.#post({ type: 'sought', id });
  }

  failed(fault: EngineFault): void {
    this.#post({ type: 'failed', fault });
    // The sink may fail while it is being made, before there is anything to close.
    queueMicrotask(() => this.close());
  }

  warn(warning: EngineWarning): void {
    this.#post({ type: 'warning', warning });
  }
}
