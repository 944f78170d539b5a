// The engine of a recording, from `start` to `stop`: relay by byte range and peers -> verified chunks in order -> fragments -> MediaSource.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import type { InitDocument } from '../../core/init-document.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { Millis, Ticks } from '../../core/time.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { chunk as chunkMessage } from '../../core/wire/index.ts';
import type { ChannelDocument } from '../engine/channel-document.ts';
import type {
  EngineCommand,
  EngineFault,
  EngineOptions,
  EngineWarning,
  PostEvent,
  RelayTransport,
  Supply,
} from '../engine/engine-messages.ts';
import type { Seconds } from '../engine/live-controller.ts';
import { loadTransmuxer } from '../engine/load-transmuxer.ts';
import type { MediaSinkOwner } from '../engine/media-sink.ts';
import type { MediaWriter } from '../engine/media-writer.ts';
import type { PeerIdentity } from '../engine/peer-identity.ts';
import type { Sink } from '../engine/remote-sink.ts';
import type { GroupStore } from './group-store.ts';
import type { RecordingFiles } from './recording-files.ts';
import { RecordingLink, type RecordingLinkOwner } from './recording-link.ts';
import { RecordingMap } from './recording-map.ts';
import { RecordingMedia, type RecordingMediaOwner } from './recording-media.ts';
import { RecordingPlace } from './recording-place.ts';
import { RecordingSource, type RecordingSourceOwner } from './recording-source.ts';
import type { ReplayPeer } from './replay-planner.ts';
import { ReplayReader, type ReplayReaderOwner } from './replay-reader.ts';
import { ReplaySwarm, type ReplaySwarmOwner } from './replay-swarm.ts';

const STEP_MS: Millis = 100;
const COUNTERS_MS: Millis = 500;
/** A recording that runs is asked about so often. */
const GROWTH_MS: Millis = 1_000;
/** Nobody is sent nearer to the end of one that runs: it comes in bursts there. */
const EDGE: Seconds = 6;

/** What plays it, as whom. */
export interface RecordingOptions extends EngineOptions {
  readonly identity: PeerIdentity;
}

/** One recording. */
export class RecordingSession
  implements RecordingSourceOwner, RecordingLinkOwner, RecordingMediaOwner, ReplayReaderOwner, ReplaySwarmOwner
{
  readonly map = new RecordingMap();
  readonly writer: MediaWriter;
  readonly post: PostEvent;
  readonly mpegAudioRaw: boolean;
  readonly identity: PeerIdentity;
  token: string;
  bytesFromRelay = 0;
  rejected = 0;
  readonly #options: EngineOptions;
  readonly #media: RecordingMedia;
  readonly #source: RecordingSource;
  readonly #reader: ReplayReader;
  readonly #swarm: ReplaySwarm;
  readonly #place: RecordingPlace;
  readonly #timers: ReturnType<typeof setInterval>[];
  #link: RecordingLink | undefined;
  #supply: Supply | undefined;
  #chunks = 0;
  #isClosed = false;

  constructor(options: RecordingOptions, post: PostEvent, makeSink: (owner: MediaSinkOwner) => Sink) {
    this.#options = options;
    this.token = options.token;
    this.identity = options.identity;
    this.#source = new RecordingSource(options.relay, options.name, this);
    this.post = post;
    this.mpegAudioRaw = options.mpegAudioRaw;
    this.#media = new RecordingMedia(this, makeSink);
    this.writer = this.#media.writer;
    this.#swarm = new ReplaySwarm(options.swarm, this);
    this.#reader = new ReplayReader(this);
    this.#place = new RecordingPlace({
      ...{ map: this.map, media: this.#media, reader: this.#reader },
      leaps: () => this.#supply === 'ended' && this.#become('live'),
      shown: () => this.#swarm.shown(),
    });
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
    if (command.type === 'document') this.#source.answered(command.reply);
    else if (command.type === 'playhead') this.#place.follow(command);
    else if (command.type === 'seek') this.#place.seek(command);
    else if (command.type === 'swarm') this.#swarm.setPolicy(command.policy);
    else if (command.type === 'peer') this.#swarm.peerEvent(command.event);
    else if (command.type === 'rebuild') this.#media.sink.rebuild('the browser failed to decode the recording');
    else if (command.type === 'token') {
      this.token = command.token;
      this.#link?.renew(command.token);
    } else if (command.type === 'wake') {
      this.#source.retries.wake();
      this.#link?.wake();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers ?? []) clearInterval(timer);
    this.#source.close();
    this.#link?.close();
    this.#swarm?.close();
    this.#reader?.close();
    this.#media?.close();
  }

  /** Finds out where everything is, and follows what grows. */
  async #run(): Promise<void> {
    const found = await this.#source.find();
    if (!found) return;
    const { containers, document } = found.facts;
    if (document) this.#link = new RecordingLink({ ...this.#options, token: this.token }, document, found.reply, this);
    await Promise.all(containers.map(container => loadTransmuxer(container).catch(() => undefined)));
    while ((await this.#source.look(this.map)) && !this.#isClosed) {
      this.#looked();
      if (!this.map.running) return;
      await this.#source.retries.rest(GROWTH_MS);
    }
  }

  #looked(): void {
    const { duration, groups } = this.map;
    if (groups.size === 0) return; // it has just begun
    this.#media.sink.lasts(duration);
    const end = this.map.running ? Math.max(0, duration - EDGE) : duration;
    this.post({ type: 'window', start: 0, end, capturedAt: null });
    this.#become('live');
    this.#place.grown();
  }

  #become(supply: Supply): void {
    if (supply === this.#supply) return;
    this.#supply = supply;
    this.post({ type: 'supply', supply });
  }

  #postCounters(): void {
    const { epochs, damaged } = this.writer;
    const { bytesFromRelay, rejected: rejectedChunks } = this;
    const reconnects = Math.max(0, (this.#link?.count ?? 0) - 1);
    const received = { bytesFromRelay, chunks: this.#chunks, rejectedChunks, repeatedChunks: 0, gaps: 0 };
    this.post({ type: 'counters', counters: { ...received, epochs, damaged, reconnects }, swarm: this.#swarm.stats });
  }

  // ReplayReaderOwner and ReplaySwarmOwner

  get files(): RecordingFiles {
    return this.#source.files;
  }

  get store(): GroupStore {
    return this.#reader.store;
  }

  get stalls(): number {
    return this.#place.stalls;
  }

  get place(): number {
    return this.#reader.place;
  }

  get self(): PeerId {
    return this.identity.id;
  }

  get peers(): Iterable<ReplayPeer> {
    return this.#swarm.peers;
  }

  digest(bytes: Bytes): Promise<Bytes> {
    return this.#source.digest(bytes);
  }

  isGenuine(chunk: Chunk): Promise<boolean> {
    this.#chunks++;
    return this.#source.isGenuine(chunk);
  }

  get mayMeet(): boolean {
    return this.#swarm.isOn;
  }

  fetch(of: PeerId, sequences: readonly number[]): void {
    this.#swarm.fetch(of, sequences);
  }

  cameFromRelay(bytes: number): void {
    this.bytesFromRelay += bytes;
    this.#source.retries.succeeded();
    if (this.#supply === 'connecting') this.#become('live');
  }

  readFailed(error: unknown): void {
    if (this.#source.isFinal(error)) return;
    this.trouble(error);
    this.#reader.pause();
    void this.#source.retries.failed().then(() => this.#isClosed || this.#reader.resume());
  }

  trouble(error: unknown): void {
    this.#become('connecting');
    this.warn({ code: 'relay', message: error instanceof Error ? error.message : String(error) });
  }

  damaged(reason: string): void {
    this.rejected++;
    this.warn({ code: 'bad-media', message: reason });
  }

  ended(): void {
    this.#media.end();
  }

  tellRelay(message: Bytes): void {
    this.#link?.send(message);
  }

  chunkCame(body: Bytes, from: PeerId): void {
    const chunk = decodeBody(chunkMessage, body);
    void this.#reader.take(chunk, from).then(what => {
      if (what === 'taken') this.#swarm.took(from, chunk.bytes.length);
      if (what !== 'forged') return;
      this.rejected++;
      this.#swarm.expel(from);
    });
  }

  lacking(from: PeerId, sequences: readonly number[]): void {
    this.#reader.planner.lacking(from, sequences, performance.now());
  }

  left(peer: PeerId): void {
    this.#reader.planner.left(peer);
  }

  // RecordingLinkOwner

  linked(transport: RelayTransport, document: ChannelDocument): void {
    this.post({ type: 'connected', transport });
    this.#swarm.relayUp(document);
  }

  heard(type: number, body: Bytes): void {
    this.#swarm.take(type, body);
  }

  clock(offset: Millis, roundTripMs: Millis): void {
    this.post({ type: 'clock', offset, roundTripMs });
  }

  // RecordingMediaOwner

  get start(): Ticks {
    return this.map.start;
  }

  initOf(id: string): InitDocument | undefined {
    return this.#reader.initOf(id);
  }

  emptied(): void {
    this.#place?.emptied();
  }

  over(): void {
    this.#become('ended');
  }

  failed(fault: EngineFault): void {
    this.post({ type: 'failed', fault });
    // The sink may fail while it is being made, before there is anything to close.
    queueMicrotask(() => this.close());
  }

  warn(warning: EngineWarning): void {
    this.post({ type: 'warning', warning });
  }
}
