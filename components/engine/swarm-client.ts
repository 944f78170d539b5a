// The engine's part in the swarm. Holds the chunks, speaks to the peers and to the relay about them.

import type { Bytes } from '../../core/bytes.ts';
import type { Chunk } from '../../core/chunk.ts';
import { type PeerId, RELAY } from '../../core/peer-id.ts';
import { ChunkScheduler } from '../../core/swarm/chunk-scheduler.ts';
import type { ChunkWindow } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import * as wire from '../../core/wire/index.ts';
import type { Locate } from '../../core/wire/locate.ts';
import { sequenceBits, sequencesIn } from '../../core/wire/sequence-bits.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import type { PeerCommand, PeerEvent } from '../links/peer-messages.ts';
import type { ChannelDocument } from './channel-document.ts';
import type { PeerTerms } from './engine-messages.ts';
import type { PeerIdentity } from './peer-identity.ts';
import { PeerLinks } from './peer-links.ts';
import { nameOf, peerViews, stripesIn } from './peer-views.ts';
import { type PlaybackQuality, QualityReporter } from './quality-reporter.ts';
import { SwarmHands } from './swarm-hands.ts';
import { NO_PEERS, type SwarmPolicy } from './swarm-policy.ts';
import { NO_SWARM, type SwarmStats } from './swarm-stats.ts';

/** In the same file: both are needed once the picture stands. */
export { PastReader } from './past-reader.ts';

/** What it begins with. */
export interface SwarmClientBase {
  readonly identity: PeerIdentity;
  /** What is held here. */
  readonly window: ChunkWindow;
}

/** What the client needs of the session that it belongs to. */
export interface SwarmClientOwner {
  /** Sends a message to the relay, if it can be reached. */
  tellRelay(message: Bytes): void;
  /** Peers are about to be connected. */
  beginPeers(terms: PeerTerms): void;
  tellPage(command: PeerCommand): void;
  /** Relay or peer don't hold these chunks; gives back what was not fetched for the past. */
  pastLacking(from: PeerId, sequences: readonly number[]): readonly number[];
  /** A peer sent a chunk or an init document. Throws `ProtocolViolation`. */
  fromPeer(type: number, body: Bytes, peer: PeerId): void;
}

/** How playback fares, for the relay's figures and the deadlines. */
export interface PlaybackFigures extends PlaybackQuality {
  readonly targetLatencyMs: Millis;
}

const POLL_MS: Millis = 40;
const REPORT_MS: Millis = 2_000;
/** Whoever was playing with less delay than this could not wait for peers at all. */
const LEAST_LATENCY_MS: Millis = 500;
const MAX_REPORTED = 64;

/** One channel's swarm, from the first picture to the session's end. */
export class SwarmClient {
  readonly #owner: SwarmClientOwner;
  readonly #identity: PeerIdentity;
  /** What is held here. */
  readonly window: ChunkWindow;
  readonly #scheduler: ChunkScheduler;
  readonly #links: PeerLinks;
  readonly #timer: ReturnType<typeof setInterval>;
  #policy: SwarmPolicy = NO_PEERS;
  #document: ChannelDocument | undefined;
  #track = 0;
  #isShown = false;
  #isJoined = false;
  #uploadSpent = false;
  #rejected = 0;
  readonly #recalled = { peers: 0, relay: 0 };
  readonly #quality: QualityReporter;
  #figures: Pick<PlaybackFigures, 'latencyMs' | 'stalls'> = { latencyMs: null, stalls: 0 };
  #reportedAt: Millis = 0;

  constructor(policy: SwarmPolicy, { identity, window }: SwarmClientBase, owner: SwarmClientOwner) {
    this.#owner = owner;
    this.#identity = identity;
    this.window = window;
    this.#quality = new QualityReporter(message => owner.tellRelay(message));
    const known = policy.knownUploadKbps;
    const client = this;
    const hands = new SwarmHands({
      window,
      get links() {
        return client.#links;
      },
      get track() {
        return client.#track;
      },
      get isJoined() {
        return client.#isJoined;
      },
      get stripes() {
        return client.#scheduler.stripes;
      },
      get resumeFrom() {
        return client.#scheduler.resumeFrom;
      },
      tellRelay: message => owner.tellRelay(message),
      tellPage: command => owner.tellPage(command),
    });
    this.#scheduler = new ChunkScheduler(known === null ? {} : { uploadKbps: known }, hands);
    this.#scheduler.clock(Date.now() - performance.now());
    this.#links = new PeerLinks({
      up: peer => {
        this.#quality.nat.hasPeer = true;
        this.#scheduler.peerUp(peer, performance.now());
      },
      down: (peer, attempt) => {
        owner.tellPage({ type: 'disconnect', peer, reason: 'the link ended', attempt });
        this.#scheduler.peerDown(peer, performance.now());
      },
      drained: peer => this.#scheduler.drained(peer, performance.now()),
      roundTrip: (peer, ms) => this.#scheduler.roundTrip(peer, ms),
      receive: (peer, type, body) => this.#receive(peer, type, body),
      violation: peer => this.#scheduler.corrupt(peer, performance.now()),
    });
    this.#timer = setInterval(() => this.#tick(), POLL_MS);
    this.setPolicy(policy);
  }

  /** Goes on from what came before it was there: what the window holds, these bytes from the relay in all, and so many forged chunks. */
  takeOver(bytesFromRelay: number, rejected: number): void {
    for (let i = 0; i < this.window.size; i++) {
      const { header, message, heldAt } = this.window.at(i)!; // within its size
      this.#scheduler.received(header, message.length, RELAY, heldAt);
    }
    this.#recalled.relay += Math.max(0, bytesFromRelay - this.#scheduler.stats.bytesFromRelay);
    this.#rejected += rejected;
  }

  /** Whether chunks are worth holding for others. */
  get #isOn(): boolean {
    return this.#policy.mode !== 'off' && this.#document?.swarm.enabled === true;
  }

  /** For `subscribe` after a reconnection: what the relay shall push, where peers push the rest. */
  get resume(): Resume | undefined {
    const { stripes, relayStripes, resumeFrom, neighbours } = this.#scheduler;
    if (!this.#isJoined || stripes === 0 || neighbours.size === 0) return undefined;
    return { count: stripes, stripes: relayStripes, from: resumeFrom };
  }

  get stats(): SwarmStats {
    const stats = this.#scheduler.stats;
    const { stripes, relayStripes } = this.#scheduler;
    const peers = peerViews(this.#scheduler.neighbours.values());
    const isFed = peers.some(({ gives, takes }) => gives.length + takes.length > 0);
    return {
      ...NO_SWARM,
      state: !this.#isOn ? 'off' : isFed ? 'joined' : 'relay-only',
      id: this.#isJoined ? nameOf(this.#identity.id) : null,
      stripes,
      relayStripes: stripesIn(relayStripes),
      bytesPushed: stats.bytesPushed,
      bytesPulled: stats.bytesPulled + this.#recalled.peers,
      bytesFromRelay: stats.bytesFromRelay + this.#recalled.relay,
      bytesUploaded: stats.bytesUploaded,
      duplicateChunks: stats.duplicates,
      rejectedChunks: this.#rejected,
      deadlineFallbacks: stats.fallbacks,
      hops: stripes === 0 ? null : stats.hops,
      delayMs: stats.delayMs,
      uploadKbps: stats.uploadKbps,
      peers,
    };
  }

  /** A link to the relay is up, and the channel is asked for. */
  relayUp(document: ChannelDocument): void {
    this.#document = document;
    this.#track = document.track;
    this.#quality.nat.hasServers = document.iceServers.length > 0;
    this.#quality.linked(true);
    this.#scheduler.relayUp(performance.now());
    if (this.#isJoined) this.#join();
    else this.#joinIfDue();
  }

  relayDown(): void {
    this.#quality.linked(false);
    this.#scheduler.relayDown(performance.now());
  }

  /** The relay's clock is `offset` ahead of `performance.timeOrigin + performance.now()`. */
  clock(offset: Millis, roundTripMs: Millis): void {
    this.#scheduler.clock(performance.timeOrigin + offset);
    this.#scheduler.relayRoundTrip(roundTripMs);
  }

  /** Leaves until the relay is up again. */
  sleep(): void {
    if (this.#isJoined) this.#leave();
    this.#document = undefined;
  }

  /** How playback fares. With the first figures the picture stands, and it is time for peers. */
  playback(figures: PlaybackFigures): void {
    this.#figures = figures;
    this.#isShown = true;
    this.#quality.playback(figures, performance.now());
    this.#scheduler.latency(Math.max(LEAST_LATENCY_MS, figures.latencyMs ?? figures.targetLatencyMs));
    this.#joinIfDue();
  }

  /** Takes new terms. */
  setPolicy(policy: SwarmPolicy): void {
    const before = this.#policy;
    this.#policy = policy;
    if (policy.mode === 'off') {
      if (this.#isJoined) this.#leave();
      return;
    }
    this.#limitUpload();
    if (this.#isJoined && before.mode !== policy.mode) this.#join();
    else this.#joinIfDue();
  }

  /** Takes a message from the relay that is about the swarm; false when it is about something else. */
  take(type: number, body: Bytes): boolean {
    const now = performance.now();
    if (type === wire.beacon.type) {
      const { track, edge } = decodeBody(wire.beacon, body);
      if (track === this.#track) this.#scheduler.beacon(edge);
    } else if (type === wire.plan.type) {
      if (this.#isJoined) this.#scheduler.plan(decodeBody(wire.plan, body), now);
    } else if (type === wire.signal.type) {
      if (this.#isJoined) this.#owner.tellPage({ type: 'signal', signal: decodeBody(wire.signal, body) });
    } else if (type === wire.dropPeer.type) {
      this.#scheduler.drop(decodeBody(wire.dropPeer, body).peer, now);
    } else if (type === wire.lacking.type) {
      this.#lacking(RELAY, body, now);
    } else return false;
    return true;
  }

  /** Takes news of the page's connections. */
  peerEvent(event: PeerEvent): void {
    if (event.type === 'signal') {
      const { attempt, kind, text } = event.signal;
      if (kind === 'candidate') this.#quality.nat.candidate(attempt, text, performance.now());
      this.#owner.tellRelay(encodeMessage(wire.signal, event.signal));
    } else if (event.type === 'channels' || event.type === 'port') this.#links.add(event);
    else {
      this.#links.remove(event.peer, event.reason);
      const now = performance.now();
      if (event.type === 'closed') this.#scheduler.peerDown(event.peer, now);
      else this.#scheduler.peerFailed(event.peer, now);
    }
  }

  /** Holds an encoded init document. */
  addInit(document: Bytes, id: Bytes): void {
    this.window.addInit(this.#track, document, id);
  }

  /** The message of a chunk that is held. */
  held(sequence: number): Bytes | undefined {
    return this.window.get(sequence)?.message;
  }

  /** A verified chunk came; true unless it is held already. */
  verified(chunk: Chunk, from: PeerId): boolean {
    const now = performance.now();
    this.window.insert(chunk, now);
    return this.#scheduler.received(chunk.header, chunk.bytes.length, from, now) !== 'known';
  }

  /** A chunk came that the publisher never signed. */
  forged(from: PeerId): void {
    this.#rejected++;
    if (from !== RELAY) this.#scheduler.corrupt(from, performance.now());
  }

  /** Neighbours that may hold the past, the nearest first. */
  get holders(): readonly PeerId[] {
    const up = [...this.#scheduler.neighbours.values()].filter(neighbour => neighbour.up);
    return up.sort((a, b) => a.roundTripMs - b.roundTripMs).map(({ id }) => id);
  }

  /** Asks relay or peer for chunks of the past. */
  fetch(of: PeerId, sequences: readonly number[]): void {
    const message = encodeMessage(wire.fetch, sequenceBits(this.#track, sequences));
    if (of === RELAY) this.#owner.tellRelay(message);
    else this.#links.tell(of, message);
  }

  /** Asks the relay what there is of the past. */
  locate(question: Omit<Locate, 'track'>): void {
    this.#owner.tellRelay(encodeMessage(wire.locate, { track: this.#track, ...question }));
  }

  /** A chunk of the past came. */
  recalled(chunk: Chunk, from: PeerId): void {
    this.#recalled[from === RELAY ? 'relay' : 'peers'] += chunk.bytes.length;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#quality.report(performance.now());
    this.#links.close();
  }

  #receive(peer: PeerId, type: number, body: Bytes): void {
    const now = performance.now();
    const scheduler = this.#scheduler;
    if (type === wire.chunk.type || type === wire.init.type) this.#owner.fromPeer(type, body, peer);
    else if (type === wire.have.type) {
      const { base, bits } = decodeBody(wire.have, body);
      scheduler.peerHave(peer, base, bits, now);
    } else if (type === wire.want.type) scheduler.peerWant(peer, decodeBody(wire.want, body));
    else if (type === wire.fetch.type) scheduler.peerWant(peer, decodeBody(wire.fetch, body), true);
    else if (type === wire.lacking.type) this.#lacking(peer, body, now);
    else if (type === wire.adopt.type) {
      const { count, stripe, from } = decodeBody(wire.adopt, body);
      scheduler.peerAdopt(peer, count, stripe, from, now);
    } else if (type === wire.adopted.type) {
      const { stripe, depth } = decodeBody(wire.adopted, body);
      scheduler.peerAdopted(peer, stripe, depth, now);
    } else if (type === wire.release.type) {
      const { stripe, cause } = decodeBody(wire.release, body);
      scheduler.peerRelease(peer, stripe, cause, now);
    }
  }

  #lacking(from: PeerId, body: Bytes, now: Millis): void {
    const told = decodeBody(wire.lacking, body);
    const left = this.#owner.pastLacking(from, sequencesIn(told));
    this.#scheduler.lacking(from, sequenceBits(told.track, left), now);
  }

  #joinIfDue(): void {
    if (!this.#isJoined && this.#isShown && this.#isOn) this.#join();
  }

  #join(): void {
    const { iceServers, iceTransportPolicy } = this.#document!; // known since the relay was reached
    if (!this.#isJoined) {
      this.#owner.beginPeers({ iceServers, iceTransportPolicy, self: this.#identity.id });
    }
    this.#isJoined = true;
    this.#limitUpload();
    const neighbours = [...this.#scheduler.neighbours.values()]
      .filter(({ up }) => up)
      .slice(0, MAX_REPORTED)
      .map(({ id, gives }) => ({ peer: id, stripes: gives }));
    const { uploadKbps } = this.#scheduler.stats;
    this.#owner.tellRelay(
      encodeMessage(wire.joinSwarm, { secret: this.#identity.secret, role: 'viewer', uploadKbps, neighbours }),
    );
    this.#reportedAt = performance.now();
  }

  #leave(): void {
    this.#isJoined = false;
    this.#owner.tellRelay(encodeMessage(wire.leaveSwarm, {}));
    this.#scheduler.leave(performance.now());
  }

  #limitUpload(): void {
    const { mode, maxUploadKbps } = this.#policy;
    this.#scheduler.uploadLimit(mode !== 'on' || this.#uploadSpent ? 0 : maxUploadKbps);
  }

  #tick(): void {
    if (!this.#document) return;
    const now = performance.now();
    if (now + POLL_MS / 2 >= this.#scheduler.wakeAt()) this.#scheduler.poll(now);
    this.#links.tick(now);
    const { maxUploadBytes } = this.#policy;
    if (!this.#uploadSpent && maxUploadBytes !== null && this.#scheduler.stats.bytesUploaded >= maxUploadBytes) {
      this.#uploadSpent = true;
      this.#limitUpload();
      if (this.#isJoined) this.#join();
    }
    if (this.#isJoined && now - this.#reportedAt >= REPORT_MS) this.#report(now);
  }

  #report(now: Millis): void {
    this.#reportedAt = now;
    const stats = this.#scheduler.stats;
    const peers = [...this.#scheduler.neighbours.values()].flatMap(({ id, measuredRoundTripMs }) =>
      measuredRoundTripMs === null ? [] : [{ peer: id, roundTripMs: Math.round(measuredRoundTripMs) }],
    );
    const report = {
      fromPeers: stats.bytesPushed + stats.bytesPulled,
      fromRelay: stats.bytesFromRelay,
      uploaded: stats.bytesUploaded,
      duplicates: stats.duplicates,
      rejected: this.#rejected,
      fallbacks: stats.fallbacks,
      stalls: this.#figures.stalls,
      uploadKbps: stats.uploadKbps,
      latencyMs: Math.max(0, Math.round(this.#figures.latencyMs ?? 0)),
      peers: peers.slice(0, MAX_REPORTED),
    };
    this.#owner.tellRelay(encodeMessage(wire.swarmReport, report));
  }
}
