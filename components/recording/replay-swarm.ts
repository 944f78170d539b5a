// A viewer's part among those who watch the same recording: finds them by way of the relay, tells them what it holds, gives and takes chunks. Nothing is pushed.

import type { Bytes } from '../../core/bytes.ts';
import { PEER_SECRET_SIZE, type PeerId, peerIdOf, RELAY } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { Grievance } from '../../core/wire/complaint.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import * as wire from '../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../core/wire/sequence-bits.ts';
import type { ChannelDocument } from '../engine/channel-document.ts';
import type { PeerTerms } from '../engine/engine-messages.ts';
import { PeerLinks } from '../engine/peer-links.ts';
import { nameOf } from '../engine/peer-views.ts';
import type { SwarmPolicy } from '../engine/swarm-policy.ts';
import { NO_SWARM, type SwarmStats } from '../engine/swarm-stats.ts';
import type { PeerCommand, PeerEvent } from '../links/peer-messages.ts';
import type { GroupStore } from './group-store.ts';
import type { RecordingMap } from './recording-map.ts';
import { ReplayNeighbour } from './replay-neighbour.ts';
import { BLOCK, blockOf } from './sequence-blocks.ts';
import { UploadBudget } from './upload-budget.ts';

const TICK_MS: Millis = 100;
const NEWS_MS: Millis = 300;
const REPORT_MS: Millis = 2_000;
/** A link takes chunks until so many bytes wait in it. */
const LINK_BYTES = 65_536;
/** What a viewer is taken for that has not measured. */
const UNKNOWN_KBPS = 1_500;
/** Whom the relay doesn't name any more and who was of no use for so long is let go. */
const IDLE_MS: Millis = 20_000;

/** What it needs of the session. */
export interface ReplaySwarmOwner {
  readonly map: RecordingMap;
  readonly store: GroupStore;
  /** The group that is shown. */
  readonly place: number;
  readonly stalls: number;
  readonly bytesFromRelay: number;
  readonly rejected: number;
  tellRelay(message: Bytes): void;
  beginPeers(terms: PeerTerms): void;
  tellPage(command: PeerCommand): void;
  /** Throws `ProtocolViolation`. */
  chunkCame(body: Bytes, from: PeerId): void;
  lacking(from: PeerId, sequences: readonly number[]): void;
  left(peer: PeerId): void;
}

/** Of one recording and one viewer. */
export class ReplaySwarm {
  readonly #owner: ReplaySwarmOwner;
  readonly #secret = crypto.getRandomValues(new Uint8Array(PEER_SECRET_SIZE));
  readonly self: PeerId = peerIdOf(this.#secret);
  readonly #neighbours = new Map<PeerId, ReplayNeighbour>();
  /** Who sent what the publisher never signed. */
  readonly #banned = new Set<PeerId>();
  readonly #links: PeerLinks;
  readonly #upload: UploadBudget;
  readonly #timer: ReturnType<typeof setInterval>;
  #policy: SwarmPolicy;
  #document: ChannelDocument | undefined;
  #isShown = false;
  #isJoined = false;
  #bytesPulled = 0;
  #toldPlace: number | undefined;
  #newsAt: Millis = 0;
  #reportedAt: Millis = 0;

  constructor(policy: SwarmPolicy, owner: ReplaySwarmOwner) {
    this.#owner = owner;
    this.#policy = policy;
    this.#upload = new UploadBudget(policy);
    this.#links = new PeerLinks({
      up: peer => this.#up(peer),
      down: (peer, attempt) => {
        owner.tellPage({ type: 'disconnect', peer, reason: 'the link ended', attempt });
        this.#forget(peer);
      },
      drained: peer => this.#pump(peer),
      roundTrip: (peer, ms) => this.#neighbours.get(peer)?.roundTrip(ms),
      receive: (peer, type, body) => this.#receive(peer, type, body),
      violation: peer => this.#expel(peer),
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Those with whom there is a connection. */
  get peers(): readonly ReplayNeighbour[] {
    return [...this.#neighbours.values()].filter(({ up }) => up);
  }

  get stats(): SwarmStats {
    const now = performance.now();
    const peers = [...this.#neighbours.values()].map(neighbour => neighbour.view(now));
    const state = !this.#isOn ? 'off' : this.peers.length > 0 ? 'joined' : 'relay-only';
    return {
      ...NO_SWARM,
      ...{ state, peers },
      id: this.#isJoined ? nameOf(this.self) : null,
      bytesPulled: this.#bytesPulled,
      bytesFromRelay: this.#owner.bytesFromRelay,
      bytesUploaded: this.#upload.spent,
      rejectedChunks: this.#owner.rejected,
      uploadKbps: this.#uploadKbps,
    };
  }

  /** A link to the relay is up. */
  relayUp(document: ChannelDocument): void {
    this.#document = document;
    if (this.#isJoined) this.#join();
    else this.#joinIfDue();
  }

  /** The picture stands: it is time for peers. */
  shown(): void {
    this.#isShown = true;
    this.#joinIfDue();
  }

  setPolicy(policy: SwarmPolicy): void {
    this.#policy = policy;
    this.#upload.limit(policy);
    if (policy.mode !== 'off') {
      if (this.#isJoined) this.#join();
      else this.#joinIfDue();
    } else if (this.#isJoined) this.#leave();
  }

  /** Takes a message of the relay's if it is about peers. Throws `ProtocolViolation`. */
  take(type: number, body: Bytes): void {
    if (!this.#isJoined) return;
    if (type === wire.plan.type) this.#introduce(decodeBody(wire.plan, body).spares);
    else if (type === wire.signal.type) this.#owner.tellPage({ type: 'signal', signal: decodeBody(wire.signal, body) });
    else if (type === wire.dropPeer.type) this.#drop(decodeBody(wire.dropPeer, body).peer, 'the relay says so');
  }

  /** Takes news of the page's connections. */
  peerEvent(event: PeerEvent): void {
    if (event.type === 'signal') this.#owner.tellRelay(encodeMessage(wire.signal, event.signal));
    else if (event.type === 'channels' || event.type === 'port') {
      this.#row(event.peer);
      this.#links.add(event);
      if (this.#banned.has(event.peer)) this.#drop(event.peer, 'it sent what the publisher never signed');
    } else {
      this.#links.remove(event.peer, event.reason);
      if (event.type === 'failed' && this.#neighbours.has(event.peer)) this.#complain(event.peer, 'unreachable');
      this.#forget(event.peer);
    }
  }

  /** Asks a peer for chunks. */
  fetch(of: PeerId, sequences: readonly number[]): void {
    for (let at = 0; at < sequences.length; ) {
      const base = sequences[at]!; // at < length
      const near = sequences.slice(at).filter(sequence => sequence - base < BLOCK);
      this.#links.tell(of, encodeMessage(wire.fetch, sequenceBits(this.#track, near)));
      at += near.length;
    }
  }

  /** A chunk came that was asked for. */
  took(from: PeerId, bytes: number): void {
    this.#bytesPulled += bytes;
    this.#neighbours.get(from)?.gave(bytes, performance.now());
  }

  /** A peer sent a chunk that the publisher never signed. */
  forged(from: PeerId): void {
    this.#expel(from);
  }

  /** These are held from now on, or are not any more. */
  changed(sequences: readonly number[]): void {
    for (const neighbour of this.peers) for (const sequence of sequences) neighbour.news.add(blockOf(sequence));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#links.close();
  }

  get #isOn(): boolean {
    return this.#policy.mode !== 'off' && this.#document?.swarm.enabled === true;
  }

  get #track(): number {
    return this.#document?.track ?? 0;
  }

  get #uploadKbps(): number {
    const { maxUploadKbps, knownUploadKbps } = this.#policy;
    if (!this.#upload.isOpen) return 0;
    return Math.round(Math.min(maxUploadKbps ?? Number.POSITIVE_INFINITY, knownUploadKbps ?? UNKNOWN_KBPS));
  }

  #joinIfDue(): void {
    if (!this.#isJoined && this.#isShown && this.#isOn) this.#join();
  }

  #join(): void {
    if (!this.#document) return;
    const { iceServers, iceTransportPolicy } = this.#document;
    if (!this.#isJoined) this.#owner.beginPeers({ iceServers, iceTransportPolicy, self: this.self });
    this.#isJoined = true;
    const neighbours = this.peers.map(({ id }) => ({ peer: id, stripes: 0 }));
    const join = { secret: this.#secret, role: 'viewer', uploadKbps: this.#uploadKbps, neighbours } as const;
    this.#owner.tellRelay(encodeMessage(wire.joinSwarm, join));
    this.#toldPlace = undefined;
    this.#tellPlace();
  }

  #leave(): void {
    this.#isJoined = false;
    this.#owner.tellRelay(encodeMessage(wire.leaveSwarm, {}));
    for (const peer of [...this.#neighbours.keys()]) this.#drop(peer, 'the viewer wants no peers');
  }

  #introduce(peers: readonly PeerId[]): void {
    const now = performance.now();
    for (const neighbour of this.#neighbours.values()) neighbour.isPlanned = peers.includes(neighbour.id);
    for (const peer of peers) {
      if (peer === RELAY || peer === this.self || this.#banned.has(peer)) continue;
      const isNew = !this.#neighbours.has(peer);
      const row = this.#row(peer);
      row.isPlanned = true;
      row.usedAt = now;
      if (isNew) this.#owner.tellPage({ type: 'connect', peer });
    }
  }

  #row(peer: PeerId): ReplayNeighbour {
    let row = this.#neighbours.get(peer);
    if (!row) {
      row = new ReplayNeighbour(peer, this.#owner.map, performance.now());
      this.#neighbours.set(peer, row);
    }
    return row;
  }

  #up(peer: PeerId): void {
    const row = this.#row(peer);
    row.up = true;
    const { store } = this.#owner;
    for (const place of store.whole) for (const sequence of store.sequencesOf(place)) row.news.add(blockOf(sequence));
    this.#links.tell(peer, this.#placeMessage());
    this.#tellNews(row);
  }

  #receive(peer: PeerId, type: number, body: Bytes): void {
    const row = this.#neighbours.get(peer);
    if (!row) return;
    const { lacking, chunkCame } = this.#owner;
    if (type === wire.chunk.type) chunkCame.call(this.#owner, body, peer);
    else if (type === wire.have.type) row.has(decodeBody(wire.have, body));
    else if (type === wire.lacking.type) lacking.call(this.#owner, peer, sequencesIn(decodeBody(wire.lacking, body)));
    else if (type === wire.fetch.type || type === wire.want.type) {
      this.#give(row, sequencesIn(decodeBody(wire.fetch, body)));
    }
  }

  #give(row: ReplayNeighbour, sequences: readonly number[]): void {
    const isOpen = this.#upload.isOpen;
    const missing = sequences.filter(sequence => !isOpen || !this.#owner.store.get(sequence) || !row.wants(sequence));
    this.#tellLacking(row.id, missing);
    this.#pump(row.id);
  }

  #pump(peer: PeerId): void {
    const row = this.#neighbours.get(peer);
    const now = performance.now();
    while (row && row.queue.length > 0 && this.#links.backlog(peer) < LINK_BYTES) {
      const chunk = this.#owner.store.get(row.queue[0]!); // length > 0
      const size = chunk?.message.length ?? 0;
      if (!this.#upload.isOpen) {
        this.#tellLacking(peer, row.queue.splice(0));
        return;
      }
      if (!this.#upload.take(size, now)) return;
      const [sequence] = row.queue.splice(0, 1);
      if (chunk && this.#links.push(peer, chunk)) row.took(size, now);
      else this.#tellLacking(peer, [sequence!]); // it was there
    }
  }

  #tellLacking(peer: PeerId, sequences: readonly number[]): void {
    if (sequences.length > 0) this.#links.tell(peer, encodeMessage(wire.lacking, sequenceBits(this.#track, sequences)));
  }

  #tick(): void {
    const now = performance.now();
    this.#links.tick(now);
    for (const row of [...this.#neighbours.values()]) {
      if (row.queue.length > 0) this.#pump(row.id);
      if (row.up && !row.isPlanned && now - row.usedAt > IDLE_MS) this.#drop(row.id, 'of no use any more');
    }
    if (now - this.#newsAt >= NEWS_MS) {
      this.#newsAt = now;
      this.#tellPlace();
      for (const row of this.peers) this.#tellNews(row);
    }
    if (this.#isJoined && now - this.#reportedAt >= REPORT_MS) this.#report(now);
  }

  /** Where one watches, to the relay and to the neighbours: a base without bits. */
  #tellPlace(): void {
    const { place } = this.#owner;
    if (!this.#isJoined || place === this.#toldPlace) return;
    this.#toldPlace = place;
    const message = this.#placeMessage();
    this.#owner.tellRelay(message);
    for (const { id } of this.peers) this.#links.tell(id, message);
  }

  #placeMessage(): Bytes {
    const { map, place } = this.#owner;
    const base = map.groups.at(place)?.sequence ?? 0;
    return encodeMessage(wire.have, { track: this.#track, base, bits: new Uint8Array(0) });
  }

  /** Which blocks have changed since it was told. */
  #tellNews(row: ReplayNeighbour): void {
    if (!this.#upload.isOpen) return;
    const { map, store } = this.#owner;
    for (const base of row.news) {
      const bits = new Uint8Array(BLOCK / 8);
      for (let i = 0; i < BLOCK; i++) {
        const isHeld = store.get(base + i) && store.whole.has(map.placeOf(base + i));
        if (isHeld) bits[i >> 3]! |= 1 << (i & 7);
      }
      this.#links.tell(row.id, encodeMessage(wire.have, { track: this.#track, base, bits }));
    }
    row.news.clear();
  }

  #report(now: Millis): void {
    this.#reportedAt = now;
    const { stalls, bytesFromRelay, rejected } = this.#owner;
    const peers = this.peers.flatMap(({ id, roundTripMs }) =>
      roundTripMs === null ? [] : [{ peer: id, roundTripMs: Math.round(roundTripMs) }],
    );
    const counts = { fromPeers: this.#bytesPulled, fromRelay: bytesFromRelay, uploaded: this.#upload.spent };
    const events = { duplicates: 0, rejected, fallbacks: 0, stalls };
    const report = { ...counts, ...events, uploadKbps: this.#uploadKbps, latencyMs: 0, peers: peers.slice(0, 64) };
    this.#owner.tellRelay(encodeMessage(wire.swarmReport, report));
  }

  #expel(peer: PeerId): void {
    if (this.#banned.has(peer)) return;
    this.#banned.add(peer);
    this.#complain(peer, 'corrupt');
    this.#drop(peer, 'it sent what the publisher never signed');
  }

  #complain(peer: PeerId, grievance: Grievance): void {
    this.#owner.tellRelay(encodeMessage(wire.complaint, { peer, grievance, stripes: 0 }));
  }

  #drop(peer: PeerId, reason: string): void {
    this.#links.remove(peer, reason);
    this.#owner.tellPage({ type: 'disconnect', peer, reason });
    this.#forget(peer);
  }

  #forget(peer: PeerId): void {
    this.#neighbours.delete(peer);
    this.#owner.left(peer);
  }
}
