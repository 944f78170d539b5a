// What the sink is fed with: live as it comes, or the channel's past from where the viewer is, until that is live again.

import { type Bytes, toHex } from '../../core/bytes.ts';
import type { Chunk, ChunkHeader } from '../../core/chunk.ts';
import { decodeInit, type InitDocument } from '../../core/init-document.ts';
import type { PeerId } from '../../core/peer-id.ts';
import { type Millis, TICKS_PER_MILLI, TICKS_PER_SECOND, type Ticks } from '../../core/time.ts';
import type { Located } from '../../core/wire/located.ts';
import type { EngineCommand, EngineEvent, EngineFault, EngineWarning } from './engine-messages.ts';
import type { Seconds } from './live-controller.ts';
import { MediaWriter } from './media-writer.ts';
import type { PastReader } from './past-reader.ts';
import type { Sink } from './remote-sink.ts';
import type { SwarmClient } from './swarm-client.ts';

/** Live is left to be read on later when so much of it waits for the playhead. */
const FAR_AHEAD: Seconds = 30;
/** Peers hold the last minute; what nearly goes is not asked of them any more. */
const PEERS_PAST: Ticks = 55 * TICKS_PER_SECOND;
/** What was captured so long before all that is held here is no late part of live. */
const LATE_MS: Millis = 10_000;
/** Most init documents remembered. */
const MAX_INITS = 256;

/** What the feed needs. */
export interface StreamFeedOwner {
  readonly sink: Sink;
  readonly swarm: Pick<SwarmClient, 'window'>;
  readonly mpegAudioRaw: boolean;
  readonly relayIsUp: boolean;
  /** The broadcast is over. */
  readonly isOver: boolean;
  post(event: EngineEvent): void;
  warn(warning: EngineWarning): void;
  failed(fault: EngineFault): void;
}

/** Whom the past is asked for. */
export type PastGivers = Pick<SwarmClient, 'window' | 'holders' | 'fetch' | 'locate' | 'recalled'>;

/** Of one session. */
export class StreamFeed {
  /** Channel time of the oldest group that the relay can give. */
  windowStart: Ticks = 0;
  readonly #owner: StreamFeedOwner;
  readonly #writer: MediaWriter;
  /** Comes with the swarm, once the picture stands: before, there is nothing to go back to. */
  #past: PastReader | undefined;
  #givers: PastGivers | undefined;
  /** From where it is to read as soon as it is there. */
  #wish: ((past: PastReader) => void) | undefined;
  readonly #inits = new Map<string, InitDocument>();
  /** What live brings is written at once; else it is read on from the past. */
  #isFollowing = true;
  /** The viewer means to be behind live. */
  #isBehind = false;
  /** Unknown before the first picture. */
  #playhead: Seconds | undefined;
  /** The newest chunk that live has brought. */
  #live: ChunkHeader | undefined;

  constructor(owner: StreamFeedOwner) {
    this.#owner = owner;
    const feed = this;
    const { sink, mpegAudioRaw } = owner;
    this.#writer = new MediaWriter({
      ...{ sink, mpegAudioRaw },
      post: event => owner.post(event),
      warn: warning => owner.warn(warning),
      failed: fault => owner.failed(fault),
      initOf: id => this.#inits.get(id),
      get windowStart() {
        return feed.windowStart;
      },
    });
  }

  /** What reads the past has been loaded. */
  pastLoaded(Reader: typeof PastReader, givers: PastGivers): void {
    const owner = this.#owner;
    this.#givers = givers;
    this.#past = new Reader({
      window: givers.window,
      get relayIsUp() {
        return owner.relayIsUp;
      },
      ahead: () => this.ahead,
      holders: at => (this.#live && this.#live.timestamp - at < PEERS_PAST ? givers.holders : []),
      locate: question => givers.locate(question),
      fetch: (of, sequences) => givers.fetch(of, sequences),
      write: chunk => this.#writer.write(chunk),
    });
    this.#wish?.(this.#past);
  }

  get counters(): { readonly epochs: number; readonly damaged: number } {
    const { epochs, damaged } = this.#writer;
    return { epochs, damaged };
  }

  /** Goes on at a time of the video's clock. */
  seek({ time, id, isLive }: Extract<EngineCommand, { type: 'seek' }>): void {
    if (isLive && this.#isFollowing) return;
    const { sink, post } = this.#owner;
    this.#playhead = time;
    this.#isFollowing = false;
    sink.playhead(time);
    sink.clear(id);
    this.#writer.restart();
    const at = this.#writer.ticksAt(time);
    this.#readFrom(past => past.goTo(at));
    if (isLive) post({ type: 'begins', time });
    this.read();
  }

  /** Where the video is. `isShown`: it has shown a picture; before, its place means nothing. */
  playhead(time: Seconds, { isShown, isBehind }: { readonly isShown: boolean; readonly isBehind: boolean }): void {
    this.#owner.sink.playhead(time);
    this.#isBehind = isBehind;
    if (isShown) this.#playhead = time;
  }

  /** Seconds that are written and still to be played. */
  get ahead(): Seconds {
    return this.#writer.ahead(this.#playhead);
  }

  /** An init document came. Throws `ProtocolViolation`. */
  addInit(document: Bytes, id: Bytes): void {
    this.#inits.set(toHex(id), decodeInit(document));
    if (this.#inits.size > MAX_INITS) this.#inits.delete(this.#inits.keys().next().value!); // there is one
  }

  /** Takes the next chunk of live. */
  follow(chunk: Chunk): void {
    const { sequence, epoch, timestamp } = chunk.header;
    this.#live = chunk.header;
    if (!this.#isFollowing) return;
    const { last } = this.#writer;
    const isHole = last?.epoch === epoch && sequence > last.sequence + 1;
    if (isHole && this.#isBehind) this.#readOn(last.sequence + 1, last.timestamp);
    else if (this.ahead > FAR_AHEAD) this.#readOn(sequence, timestamp);
    else this.#writer.write(chunk);
  }

  /** The relay tells what there is of the past. */
  located(answer: Located): void {
    this.#past?.located(answer);
    this.read();
  }

  /** Takes a verified chunk if it is of the past. */
  recall(chunk: Chunk, from: PeerId): boolean {
    if (!this.#past?.take(chunk, from, performance.now())) {
      const held = this.#owner.swarm.window.oldest?.header;
      return held !== undefined && chunk.header.capturedAt < held.capturedAt - LATE_MS;
    }
    this.#givers?.recalled(chunk, from);
    this.read();
    return true;
  }

  /** Somebody doesn't hold these; gives back what was not asked for here. */
  lacking(from: PeerId, sequences: readonly number[]): readonly number[] {
    return this.#past?.lacking(from, sequences, performance.now()) ?? sequences;
  }

  /** The broadcast is over: ends the video when all is written. */
  end(): void {
    if (!this.#isFollowing) return;
    this.#writer.flush();
    this.#owner.sink.end();
  }

  /** Reads on from the past, as far as there is need; to be called some times a second. */
  read(): void {
    if (!this.#live || !this.#past?.step(this.#live.sequence + 1, performance.now())) return;
    this.#isFollowing = true;
    if (this.#owner.isOver) this.end();
  }

  /** Tells the page where it can go. */
  postWindow(): void {
    const live = this.#live;
    const end = live && this.#writer.timeOf(live.timestamp + live.duration);
    if (!live || end === undefined) return;
    const start = Math.max(0, this.#writer.timeOf(this.windowStart) ?? 0);
    const capturedAt = live.capturedAt + live.duration / TICKS_PER_MILLI;
    this.#owner.post({ type: 'window', start, end, capturedAt });
  }

  close(): void {
    this.#writer.close();
    this.#past?.stop();
  }

  #readOn(sequence: number, at: Ticks): void {
    this.#isFollowing = false;
    this.#readFrom(past => past.goOn(sequence, at));
  }

  #readFrom(wish: (past: PastReader) => void): void {
    this.#wish = wish;
    if (this.#past) wish(this.#past);
  }
}
