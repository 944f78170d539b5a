// The source as a peer of the swarm: holds the latest chunks and pushes them to viewers that ask, so that their picture goes on without the relay.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { initId } from '../../core/init-document.ts';
import type { DataChannelLink } from '../../core/links/data-channel-link.ts';
import { PEER_SECRET_SIZE, type PeerId, peerIdOf, RELAY } from '../../core/peer-id.ts';
import type { Clock } from '../../core/publish/clock.ts';
import { ChunkScheduler } from '../../core/swarm/chunk-scheduler.ts';
import { ChunkWindow } from '../../core/swarm/chunk-window.ts';
import type { SchedulerPort } from '../../core/swarm/scheduler-port.ts';
import type { Millis } from '../../core/time.ts';
import type { Grievance } from '../../core/wire/complaint.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import * as wire from '../../core/wire/index.ts';
import type { ReleaseCause } from '../../core/wire/release.ts';
import { sequenceBits } from '../../core/wire/sequence-bits.ts';
import type { Log } from '../sources/source.ts';
import { loadWerift, type Werift } from './load-werift.ts';
import { isUsable, type PeerTerms } from './peer-terms.ts';
import { takeRequest } from './take-request.ts';
import { ViewerConnections } from './viewer-connections.ts';
import { ViewerLink } from './viewer-link.ts';

export interface SourcePeerOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Our steady time -> the relay's time. */
  readonly toRelay: (steady: Millis) => Millis;
  /** As the relay told last. */
  readonly terms: () => PeerTerms;
  /** Upload to viewers at most so much in all. */
  readonly maxUploadKbps?: number;
  /** Viewers at once; 16 if not given. */
  readonly maxConnections?: number;
  /** For tests: in place of the installed package. */
  readonly load?: () => Promise<Werift>;
}

export interface SourcePeerStats {
  readonly viewers: number;
  /** Stripes pushed, over all viewers. */
  readonly children: number;
  readonly bytesUploaded: number;
}

const TRACK = 0;
const MAX_CONNECTIONS = 16;
const WINDOW = { maxAgeMs: 30_000, maxBytes: 32 * 1024 * 1024 };
/** Chunks remembered: more than the window holds of a fast stream. */
const MEMORY = 4_096;
const TICK_MS: Millis = 50;
/** Viewers tell from our news whether the relay is silent or the stream. */
const HAVE_MS: Millis = 100;
/** What they ask for may be so old: they find out late that the relay is gone. */
const LATENCY_MS: Millis = 3_000;
/** An uplink that is not measured yet. */
const FIRST_UPLOAD_KBPS = 20_000;
const MAX_REPORTED = 64;

/** One channel's source in its swarm, over all sessions with the relay. It never takes chunks from peers. */
export class SourcePeer implements SchedulerPort {
  readonly id: PeerId;
  readonly #options: SourcePeerOptions;
  readonly #secret = crypto.getRandomValues(new Uint8Array(PEER_SECRET_SIZE));
  readonly #window = new ChunkWindow(WINDOW);
  readonly #scheduler: ChunkScheduler;
  readonly #links = new Map<PeerId, ViewerLink>();
  readonly #over = new AbortController();
  #connections: ViewerConnections | undefined;
  #state: 'idle' | 'loading' | 'ready' | 'unable' = 'idle';
  #tellRelay: ((message: Bytes) => void) | undefined;

  constructor(options: SourcePeerOptions) {
    this.#options = options;
    this.id = peerIdOf(this.#secret);
    const uploadKbps = options.maxUploadKbps ?? FIRST_UPLOAD_KBPS;
    this.#scheduler = new ChunkScheduler({ memory: MEMORY, uploadKbps, haveEveryMs: HAVE_MS, makesChunks: true }, this);
    this.#scheduler.latency(LATENCY_MS);
    if (options.maxUploadKbps !== undefined) this.#scheduler.uploadLimit(options.maxUploadKbps);
  }

  get stats(): SourcePeerStats {
    let children = 0;
    for (const { takes } of this.#scheduler.neighbours.values()) children += countBits(takes);
    return {
      viewers: [...this.#links.values()].filter(({ isUp }) => isUp).length,
      children,
      bytesUploaded: this.#scheduler.stats.bytesUploaded,
    };
  }

  /** The relay takes our chunks: it can introduce us to viewers. */
  relayUp(tell: (message: Bytes) => void): void {
    this.#tellRelay = tell;
    void this.#join();
  }

  relayDown(): void {
    this.#tellRelay = undefined;
  }

  /** Takes a message from the relay that the publisher doesn't know. Throws `ProtocolViolation`. */
  take(type: number, body: Bytes): void {
    const connections = this.#connections;
    if (!connections) return;
    if (type === wire.plan.type) this.#plan(decodeBody(wire.plan, body).parents.length);
    else if (type === wire.signal.type) connections.take(decodeBody(wire.signal, body));
    else if (type === wire.dropPeer.type) this.#scheduler.drop(decodeBody(wire.dropPeer, body).peer, this.#now());
  }

  /** The init document of the chunks that follow. */
  init(document: Bytes): void {
    if (this.#state !== 'unable') this.#window.addInit(TRACK, document, initId(document));
  }

  /** A chunk was made: it goes to the viewers that rely on us at once. */
  chunk(chunk: Chunk): void {
    if (this.#state === 'unable') return;
    const now = this.#now();
    this.#scheduler.clock(this.#options.toRelay(now) - now);
    if (this.#window.insert(chunk, now)) this.#scheduler.received(chunk.header, chunk.bytes.length, RELAY, now);
  }

  /** Ends all connections; the viewers are told. */
  close(): void {
    this.#over.abort();
    for (const [peer, { link }] of this.#links) {
      this.#links.delete(peer);
      link.close(0, 'the source leaves');
    }
    this.#connections?.close();
    this.#window.clear();
    this.#state = 'unable';
  }

  // SchedulerPort

  /** Viewers connect with us, never the other way round. */
  connect(): void {}

  disconnect(peer: PeerId, reason: string): void {
    this.#links.get(peer)?.link.close(0, reason);
    this.#links.delete(peer);
    this.#connections?.disconnect(peer, reason);
  }

  /** We make the chunks: nobody gives us any. */
  adopt(): void {}

  adopted(peer: PeerId, stripe: number): void {
    this.#tell(peer, encodeMessage(wire.adopted, { track: TRACK, stripe, depth: 0 }));
  }

  release(peer: PeerId, stripe: number, cause: ReleaseCause): void {
    this.#tell(peer, encodeMessage(wire.release, { track: TRACK, stripe, cause }));
  }

  push(peer: PeerId, sequence: number): boolean {
    const chunk = this.#window.get(sequence);
    return chunk !== undefined && this.#links.get(peer)?.push(chunk) === true;
  }

  backlog(peer: PeerId): number {
    return this.#links.get(peer)?.link.backlog ?? 0;
  }

  want(): void {}

  lacking(peer: PeerId, sequences: readonly number[]): void {
    this.#tell(peer, encodeMessage(wire.lacking, sequenceBits(TRACK, sequences)));
  }

  have(peer: PeerId, base: number, bits: Uint8Array): void {
    // Bits that are not kept may be written at once.
    this.#tell(peer, encodeMessage(wire.have, { track: TRACK, base, bits: new Uint8Array(bits) }));
  }

  pushStripes(): void {}

  served(): void {}

  complain(peer: PeerId, grievance: Grievance, stripes: number): void {
    if (grievance !== 'corrupt') return; // viewers come and go, and none of them feeds us
    this.#tellRelay?.(encodeMessage(wire.complaint, { peer, grievance, stripes }));
  }

  async #join(): Promise<void> {
    const { clock, log, load = loadWerift, terms, maxConnections = MAX_CONNECTIONS } = this.#options;
    if (!isUsable(terms())) return;
    if (this.#state === 'idle') {
      this.#state = 'loading';
      try {
        const werift = await load();
        if (this.#over.signal.aborted) return;
        this.#connections = new ViewerConnections({
          ...{ werift, clock, terms, maxConnections },
          onSignal: message => this.#tellRelay?.(encodeMessage(wire.signal, message)),
          onLink: (peer, link) => this.#linked(peer, link),
        });
        this.#state = 'ready';
        void this.#keepTicking();
      } catch (error) {
        this.#state = 'unable';
        this.#window.clear();
        const why = error instanceof Error ? error.message.split('\n')[0] : error;
        log.info({ err: error }, `no WebRTC here (${why}): the stream stops when the relay does`);
      }
    }
    if (this.#state !== 'ready') return;
    const neighbours = [...this.#scheduler.neighbours.values()]
      .filter(({ up }) => up)
      .slice(0, MAX_REPORTED)
      .map(({ id }) => ({ peer: id, stripes: 0 }));
    const { uploadKbps } = this.#scheduler.stats;
    this.#tellRelay?.(encodeMessage(wire.joinSwarm, { secret: this.#secret, role: 'source', uploadKbps, neighbours }));
  }

  // Whoever is connected stays: it relies on us for the time when the relay is away.
  #plan(stripes = this.#scheduler.stripes): void {
    if (stripes === 0) return;
    const spares = [...this.#scheduler.neighbours.keys()];
    this.#scheduler.plan({ parents: new Array<PeerId>(stripes).fill(RELAY), spares }, this.#now());
  }

  #linked(peer: PeerId, link: DataChannelLink): void {
    this.#forget(peer);
    const entry = new ViewerLink(link, this.#now());
    this.#links.set(peer, entry);
    link.receive = (type, body) => {
      if (this.#links.get(peer) === entry) this.#receive(peer, entry, type, body);
    };
    link.drained = () => this.#scheduler.drained(peer, this.#now());
    void link.opened.then(isOpen => {
      if (!isOpen || this.#links.get(peer) !== entry) return;
      entry.isUp = true;
      entry.heardAt = this.#now();
      this.#options.log.debug({ peer }, 'connected with a viewer');
      this.#scheduler.peerUp(peer, this.#now());
      this.#plan();
    });
    void link.closed.then(({ reason }) => {
      if (this.#links.get(peer) !== entry) return;
      this.#options.log.debug({ peer, reason }, 'the connection with a viewer ended');
      this.#forget(peer);
    });
  }

  #forget(peer: PeerId): void {
    this.#links.delete(peer);
    this.#scheduler.peerDown(peer, this.#now());
  }

  #tell(peer: PeerId, message: Bytes): void {
    this.#links.get(peer)?.tell(message);
  }

  #receive(peer: PeerId, entry: ViewerLink, type: number, body: Bytes): void {
    const now = this.#now();
    try {
      if (!entry.answer(type, body, now)) takeRequest(this.#scheduler, { peer, type, body }, now);
    } catch (error) {
      if (error instanceof ProtocolViolation) this.#scheduler.corrupt(peer, now);
      throw error;
    }
  }

  async #keepTicking(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#over;
    for (;;) {
      await clock.wait(TICK_MS, signal);
      if (signal.aborted) return;
      const now = clock.now();
      this.#connections?.check();
      // News go out more often than the scheduler itself looks round.
      if (this.#links.size > 0 || now >= this.#scheduler.wakeAt()) this.#scheduler.poll(now);
      for (const [peer, entry] of this.#links) if (!entry.tick(now)) this.#scheduler.drop(peer, now);
    }
  }

  #now(): Millis {
    return this.#options.clock.now();
  }
}

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
