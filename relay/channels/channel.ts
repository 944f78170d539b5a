// A channel on the relay: its state, its tracks, its publisher and its viewers.

import { type Bytes, equalBytes, NO_BYTES } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { decodeInit } from '../../core/init-document.ts';
import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import type { HeldChunk, WindowLimits } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import type { State } from '../../core/wire/channel-state.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { channelState } from '../../core/wire/index.ts';
import type { Log } from '../log.ts';
import { Audience } from '../messages/audience.ts';
import type { MessageTerms } from '../messages/message-terms.ts';
import { ChannelSwarm } from '../swarm/channel-swarm.ts';
import type { Gathering } from '../swarm/gathering.ts';
import { RecentSum } from '../swarm/recent-sum.ts';
import { ReplaySwarm } from '../swarm/replay-swarm.ts';
import { type RecentAndTotal, ratio } from '../swarm/swarm-ledger.ts';
import type { SwarmSettings } from '../swarm/swarm-settings.ts';
import { BatchCache } from './batch-cache.ts';
import { Track } from './track.ts';

/** A viewer, as its channel sees it. */
export interface Viewer {
  /** Sends a control message. */
  tell(message: Bytes): void;
  /** Sends what there is of a track; returns the bytes of chunks sent. */
  feed(track: Track, batches: BatchCache): number;
  /** The windows were cleared. */
  reset(): void;
}

/** Whoever feeds a channel. */
export interface Publisher {
  readonly publicKey: Bytes;
  /** The same key has opened a newer session. */
  replace(): void;
}

/** Sees what happens on channels: recorder, rooms, sources on demand. Each is called at once, and must not throw. */
export interface ChannelWatcher {
  /** It began, paused or ended. */
  stateChanged?(channel: Channel): void;
  /** A viewer came or went. */
  viewersChanged?(channel: Channel): void;
  /** What was held is gone: another publisher's stream begins, or a source on demand has stopped. */
  cleared?(channel: Channel): void;
  /** The next verified chunk was taken; it names the init document that decodes it. */
  chunkTaken?(channel: Channel, track: Track, chunk: HeldChunk): void;
}

export interface ChannelOptions {
  readonly window: WindowLimits;
  readonly swarm: SwarmSettings;
  readonly messages: MessageTerms;
  /** Those who see what happens, in turn. */
  readonly watchers?: readonly ChannelWatcher[];
  readonly log: Log;
  /** The wall clock, Unix milliseconds. */
  readonly clock: () => Millis;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  /** Runs a task after some milliseconds. */
  readonly after: (ms: Millis, task: () => void) => void;
}

/** Chunks that arrive within this time go out together: each write costs a viewer's share of the CPU, 2 ms instead of 10 about a fifth more. */
const FLUSH_MS: Millis = 10;

/** Tracks that a publisher may have at most. */
const MAX_TRACKS = 8;

export class Channel {
  readonly name: string;
  readonly tracks = new Map<number, Track>();
  readonly viewers = new Set<Viewer>();
  /** Who hears what is said here. */
  readonly audience: Audience;
  state: State = 'waiting';
  /** Of the last publisher; empty while none has been seen. */
  publicKey: Bytes = NO_BYTES;
  publisher: Publisher | undefined;
  bytesIn = 0;
  bytesOut = 0;
  /** The part of `bytesOut` that viewers asked for chunk by chunk. */
  bytesPulled = 0;
  /** The viewers that may be introduced to each other; undefined before the first has asked. */
  swarm: ChannelSwarm | undefined;
  /** The same where it is a recording that they watch. */
  replaySwarm: ReplaySwarm | undefined;
  /** When somebody last published or watched. */
  usedAt: Millis;
  readonly #options: ChannelOptions;
  readonly #watchers: readonly ChannelWatcher[];
  readonly #batches = new BatchCache();
  #flushing = false;
  readonly #in = new RecentSum();
  readonly #out = new RecentSum();

  constructor(name: string, options: ChannelOptions) {
    this.name = name;
    this.#options = options;
    this.#watchers = options.watchers ?? [];
    this.audience = new Audience(options.messages);
    this.usedAt = options.clock();
  }

  /** The track that viewers get. */
  get mainTrack(): Track | undefined {
    const id = Math.min(...this.tracks.keys());
    return this.tracks.get(id);
  }

  /** The lowest sequence that a publisher may go on with. */
  get nextSequence(): number {
    let next = 0;
    for (const { window } of this.tracks.values()) next = Math.max(next, (window.newest?.header.sequence ?? -1) + 1);
    return next;
  }

  /** Of the track that viewers get; undefined while unknown. */
  get bytesPerSecond(): number | undefined {
    return this.mainTrack?.rate.bytesPerSecond(this.#options.steady());
  }

  /** Media bytes sent to viewers ÷ media bytes of the stream. */
  get copies(): RecentAndTotal {
    const now = this.#options.steady();
    return {
      recent: ratio(this.#out.recent(now), this.#in.recent(now)),
      total: ratio(this.bytesOut, this.bytesIn),
    };
  }

  /** Those whom its viewers may be introduced to; undefined before the first has asked. */
  get gathering(): Gathering | undefined {
    return this.swarm ?? this.replaySwarm;
  }

  /** The same; it begins with the first who asks for it. */
  enterSwarm(): Gathering {
    const own = this.#options;
    const { steady, after } = own;
    const options = {
      get settings() {
        return own.swarm; // it may change
      },
      ...{ steady, after, log: own.log.child({ channel: this.name }) },
    };
    if (isRecordingSwarm(this.name)) return (this.replaySwarm ??= new ReplaySwarm(options));
    if (!this.swarm) {
      this.swarm = new ChannelSwarm(options);
      this.#tellRate(this.swarm);
    }
    return this.swarm;
  }

  /** Counts on; called about once a second. */
  tick(): void {
    const now = this.#options.steady();
    this.#in.add(this.bytesIn - this.#in.total, now);
    this.#out.add(this.bytesOut - this.#out.total, now);
    if (this.swarm && this.state === 'live') this.#tellRate(this.swarm);
  }

  /** The `channel-state` message of this moment. */
  stateMessage(): Bytes {
    const windowStart = this.mainTrack?.windowStart ?? 0;
    return encodeMessage(channelState, { state: this.state, publicKey: this.publicKey, windowStart });
  }

  /** Forgets what was broadcast. */
  clear(): void {
    this.tracks.clear();
    this.#batches.clear();
    for (const viewer of this.viewers) viewer.reset();
    for (const watcher of this.#watchers) watcher.cleared?.(this);
  }

  /** Gives the channel to a publisher; an older one must have been replaced before. Another key clears the windows. */
  open(publisher: Publisher): void {
    if (!equalBytes(publisher.publicKey, this.publicKey)) this.clear();
    this.publicKey = publisher.publicKey;
    this.publisher = publisher;
    this.#become('live');
  }

  /** The publisher has gone: for good, or perhaps to come back. */
  close(publisher: Publisher, state: 'waiting' | 'ended'): void {
    if (this.publisher !== publisher) return;
    for (const viewer of this.viewers) this.pump(viewer); // what came last goes out before the news
    this.publisher = undefined;
    this.#become(state);
  }

  /** Holds an init document; says what is wrong, if anything. Throws `ProtocolViolation`. */
  addInit(id: number, document: Bytes): string | undefined {
    let track = this.tracks.get(id);
    if (!track) {
      if (this.tracks.size >= MAX_TRACKS) return `more than ${MAX_TRACKS} tracks`;
      track = new Track(id, decodeInit(document).container, this.#options.window);
      this.tracks.set(id, track);
    }
    track.addInit(document);
    return undefined;
  }

  /** Takes the next verified chunk and sends it on; says what is wrong with it, if anything. */
  addChunk(chunk: Chunk): string | undefined {
    const track = this.tracks.get(chunk.header.track);
    if (!track) return `track ${chunk.header.track} has no init document`;
    const fault = track.faultOf(chunk);
    if (fault) return fault;
    const isFirst = track.window.newest === undefined;
    track.window.insert(chunk, this.#options.clock());
    const held = track.window.newest!; // it comes last
    for (const watcher of this.#watchers) watcher.chunkTaken?.(this, track, held);
    track.rate.add(chunk.header, chunk.bytes.length, this.#options.steady());
    this.bytesIn += chunk.bytes.length;
    // Who waited for the broadcast sees it from its first chunk on, however many groups follow at once.
    if (isFirst) for (const viewer of this.viewers) this.pump(viewer);
    else this.#flushSoon();
    return undefined;
  }

  join(viewer: Viewer): void {
    this.viewers.add(viewer);
    viewer.tell(this.stateMessage());
    this.pump(viewer);
    for (const watcher of this.#watchers) watcher.viewersChanged?.(this);
  }

  leave(viewer: Viewer): void {
    this.viewers.delete(viewer);
    this.usedAt = this.#options.clock();
    for (const watcher of this.#watchers) watcher.viewersChanged?.(this);
  }

  /** Sends one viewer what there is. */
  pump(viewer: Viewer): void {
    const track = this.mainTrack;
    if (track && this.state !== 'waiting') this.bytesOut += viewer.feed(track, this.#batches);
    if (!this.#flushing) this.#batches.clear();
  }

  /** Counts chunks that a viewer asked for. */
  countPulled(bytes: number): void {
    this.bytesPulled += bytes;
    this.bytesOut += bytes;
  }

  /** Tells every viewer where the live edge is. */
  sendBeacon(): void {
    if (this.state !== 'live' || this.viewers.size === 0) return;
    const message = this.mainTrack?.beaconAt(this.#options.clock());
    if (message) for (const viewer of this.viewers) viewer.tell(message);
  }

  #tellRate(swarm: ChannelSwarm): void {
    const rate = this.bytesPerSecond;
    swarm.rate(rate === undefined ? undefined : (rate * 8) / 1_000);
  }

  #become(state: State): void {
    this.state = state;
    this.usedAt = this.#options.clock();
    const message = this.stateMessage();
    for (const viewer of this.viewers) {
      viewer.tell(message);
      this.pump(viewer);
    }
    for (const watcher of this.#watchers) watcher.stateChanged?.(this);
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#options.after(FLUSH_MS, () => {
      for (const viewer of this.viewers) this.pump(viewer);
      this.#flushing = false;
      this.#batches.clear();
    });
  }
}
