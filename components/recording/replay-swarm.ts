// A viewer's part among those who watch the same recording: finds them by way of the relay, tells them what it holds, gives and takes chunks. Nothing is pushed.

import type { Bytes } from '../../core/bytes.ts';
import { type PeerId, RELAY } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { Grievance } from '../../core/wire/complaint.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import * as wire from '../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../core/wire/sequence-bits.ts';
import type { ChannelDocument } from '../engine/channel-document.ts';
import type { PostEvent } from '../engine/engine-messages.ts';
import type { PeerIdentity } from '../engine/peer-identity.ts';
import { PeerLinks } from '../engine/peer-links.ts';
import { nameOf } from '../engine/peer-views.ts';
import type { SwarmPolicy } from '../engine/swarm-policy.ts';
import { NO_SWARM, type SwarmStats } from '../engine/swarm-stats.ts';
import type { PeerCommand, PeerEvent } from '../links/peer-messages.ts';
import type { GroupStore } from './group-store.ts';
import type { RecordingMap } from './recording-map.ts';
import { ReplayGiver } from './replay-giver.ts';
import { ReplayNeighbour } from './replay-neighbour.ts';
import { reportMessage } from './replay-news.ts';
import { ReplayTeller } from './replay-teller.ts';
import { blockOf, runsWithinBlock } from './sequence-blocks.ts';
import { UploadBudget } from './upload-budget.ts';

const TICK_MS: Millis = 100;
/** Whom the relay doesn't name any more and who was of no use for so long is let go. */
const IDLE_MS: Millis = 60_000;

/** What it needs of the session. */
export interface ReplaySwarmOwner {
  readonly identity: PeerIdentity;
  readonly post: PostEvent;
  readonly map: RecordingMap;
  readonly store: GroupStore;
  /** The group that is shown. */
  readonly place: number;
  readonly stalls: number;
  readonly bytesFromRelay: number;
  readonly rejected: number;
  tellRelay(message: Bytes): void;
  /** Throws `ProtocolViolation`. */
  chunkCame(body: Bytes, from: PeerId): void;
  lacking(from: PeerId, sequences: readonly number[]): void;
  left(peer: PeerId): void;
}

/** Of one recording and one viewer. */
export class ReplaySwarm {
  readonly #owner: ReplaySwarmOwner;
  readonly #neighbours = new Map<PeerId, ReplayNeighbour>();
  /** Who sent what the publisher never signed. */
  readonly #banned = new Set<PeerId>();
  readonly #links: PeerLinks;
  readonly #upload: UploadBudget;
  readonly #giver: ReplayGiver;
  readonly #teller: ReplayTeller;
  readonly #timer: ReturnType<typeof setInterval>;
  #policy: SwarmPolicy;
  #document: ChannelDocument | undefined;
  #isShown = false;
  #isJoined = false;
  #bytesPulled = 0;

  constructor(policy: SwarmPolicy, owner: ReplaySwarmOwner) {
    this.#owner = owner;
    this.#policy = policy;
    this.#upload = new UploadBudget(policy);
    this.#links = new PeerLinks({
      up: peer => {
        const row = this.#row(peer);
        row.up = true;
        this.#teller.meet(row);
      },
      down: (peer, attempt) => {
        this.#tellPage({ type: 'disconnect', peer, reason: 'the link ended', attempt });
        this.#forget(peer);
      },
      drained: peer => this.#giver.pump(this.#neighbours.get(peer)),
      roundTrip: (peer, ms) => this.#neighbours.get(peer)?.roundTrip(ms),
      receive: (peer, type, body) => this.#receive(peer, type, body),
      violation: peer => this.expel(peer),
    });
    this.#giver = new ReplayGiver({
      upload: this.#upload,
      links: this.#links,
      held: sequence => owner.store.get(sequence),
      lack: (peer, sequences) =>
        this.#links.tell(peer, encodeMessage(wire.lacking, sequenceBits(this.#track, sequences))),
    });
    this.#teller = new ReplayTeller({
      viewer: owner,
      track: () => this.#track,
      isJoined: () => this.#isJoined,
      isGiving: () => this.#upload.isOpen,
      peers: () => this.peers,
      tellPeer: (peer, message) => this.#links.tell(peer, message),
      report: () => this.#report(),
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Whether there may be peers at all. */
  get isOn(): boolean {
    return this.#policy.mode !== 'off' && this.#document?.swarm.enabled === true;
  }

  /** Those with whom there is a connection. */
  get peers(): readonly ReplayNeighbour[] {
    return [...this.#neighbours.values()].filter(({ up }) => up);
  }

  get stats(): SwarmStats {
    const now = performance.now();
    const peers = [...this.#neighbours.values()].map(neighbour => neighbour.view(now));
    const isOff = this.#policy.mode === 'off' || this.#document?.swarm.enabled === false;
    const state = isOff ? 'off' : this.peers.length > 0 ? 'joined' : 'relay-only';
    return {
      ...NO_SWARM,
      ...{ state, peers },
      id: this.#isJoined ? nameOf(this.#owner.identity.id) : null,
      bytesPulled: this.#bytesPulled,
      bytesFromRelay: this.#owner.bytesFromRelay,
      bytesUploaded: this.#upload.spent,
      rejectedChunks: this.#owner.rejected,
      uploadKbps: this.#upload.kbps,
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
    if (!this.#isJoined) this.#joinIfDue();
    else if (policy.mode === 'off') this.#leave();
    else this.#join();
  }

  /** Takes a message of the relay's if it is about peers. Throws `ProtocolViolation`. */
  take(type: number, body: Bytes): void {
    if (!this.#isJoined) return;
    if (type === wire.plan.type) this.#introduce(decodeBody(wire.plan, body).spares);
    else if (type === wire.signal.type) this.#tellPage({ type: 'signal', signal: decodeBody(wire.signal, body) });
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
      const isKnown = this.#isJoined && this.#neighbours.has(event.peer);
      if (isKnown) this.#complain(event.peer, event.type === 'failed' ? 'unreachable' : 'lost');
      this.#forget(event.peer);
    }
  }

  /** Asks a peer for chunks. */
  fetch(of: PeerId, sequences: readonly number[]): void {
    for (const near of runsWithinBlock(sequences)) {
      this.#links.tell(of, encodeMessage(wire.fetch, sequenceBits(this.#track, near)));
    }
  }

  /** A chunk came that was asked for. */
  took(from: PeerId, bytes: number): void {
    this.#bytesPulled += bytes;
    this.#neighbours.get(from)?.gave(bytes, performance.now());
  }

  /** A peer sent what the publisher never signed: it is not met again. */
  expel(peer: PeerId): void {
    if (this.#banned.has(peer)) return;
    this.#banned.add(peer);
    this.#complain(peer, 'corrupt');
    this.#drop(peer, 'it sent what the publisher never signed');
  }

  /** These are held from now on, or are not any more. */
  changed(sequences: readonly number[]): void {
    for (const neighbour of this.peers) for (const sequence of sequences) neighbour.news.add(blockOf(sequence));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#links.close();
  }

  get #track(): number {
    return this.#document?.track ?? 0;
  }

  #joinIfDue(): void {
    if (!this.#isJoined && this.#isShown && this.isOn) this.#join();
  }

  #join(): void {
    if (!this.#document) return;
    const { iceServers, iceTransportPolicy } = this.#document;
    const { id: self, secret } = this.#owner.identity;
    if (!this.#isJoined) this.#owner.post({ type: 'peers', terms: { iceServers, iceTransportPolicy, self } });
    this.#isJoined = true;
    const neighbours = this.peers.map(({ id }) => ({ peer: id, stripes: 0 }));
    const join = { secret, role: 'viewer', uploadKbps: this.#upload.kbps, neighbours } as const;
    this.#owner.tellRelay(encodeMessage(wire.joinSwarm, join));
    this.#teller.joined();
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
      if (peer === RELAY || peer === this.#owner.identity.id || this.#banned.has(peer)) continue;
      const isNew = !this.#neighbours.has(peer);
      const row = this.#row(peer);
      row.isPlanned = true;
      row.usedAt = now;
      if (isNew) this.#tellPage({ type: 'connect', peer });
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

  #receive(peer: PeerId, type: number, body: Bytes): void {
    const row = this.#neighbours.get(peer);
    if (!row) return;
    const { lacking, chunkCame } = this.#owner;
    if (type === wire.chunk.type) chunkCame.call(this.#owner, body, peer);
    else if (type === wire.have.type) row.has(decodeBody(wire.have, body));
    else if (type === wire.lacking.type) lacking.call(this.#owner, peer, sequencesIn(decodeBody(wire.lacking, body)));
    else if (type === wire.fetch.type || type === wire.want.type) {
      this.#giver.give(row, sequencesIn(decodeBody(wire.fetch, body)));
    }
  }

  #tick(): void {
    const now = performance.now();
    this.#links.tick(now);
    for (const row of [...this.#neighbours.values()]) {
      if (row.queue.length > 0) this.#giver.pump(row);
      if (row.up && !row.isPlanned && now - row.usedAt > IDLE_MS) this.#drop(row.id, 'of no use any more');
    }
    this.#teller.tick(now);
  }

  #report(): Bytes {
    const { bytesFromRelay, rejected, stalls } = this.#owner;
    const counts = { fromPeers: this.#bytesPulled, fromRelay: bytesFromRelay, uploaded: this.#upload.spent };
    return reportMessage({ ...counts, rejected, stalls, uploadKbps: this.#upload.kbps }, this.peers);
  }

  #tellPage(command: PeerCommand): void {
    this.#owner.post({ type: 'peer', command });
  }

  #complain(peer: PeerId, grievance: Grievance): void {
    this.#owner.tellRelay(encodeMessage(wire.complaint, { peer, grievance, stripes: 0 }));
  }

  #drop(peer: PeerId, reason: string): void {
    this.#links.remove(peer, reason);
    this.#tellPage({ type: 'disconnect', peer, reason });
    this.#forget(peer);
  }

  #forget(peer: PeerId): void {
    this.#neighbours.delete(peer);
    this.#owner.left(peer);
  }
}
