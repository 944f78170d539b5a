// Carries chunks and messages between simulated viewers, and makes and ends their connections.

import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import { sequencesIn } from '../../core/wire/sequence-bits.ts';
import * as EVENT from './event-kinds.ts';
import * as sizes from './message-sizes.ts';
import { RELAY_HALF_MS } from './network-model.ts';
import { pairHash } from './random.ts';
import { SimLink } from './sim-link.ts';
import type { HaveMail, PeerMail } from './sim-mail.ts';
import type { SimViewer } from './sim-viewer.ts';
import { FIRST_SEQUENCE } from './source-stream.ts';
import type { World } from './world.ts';

/** How long a browser tries before it gives a connection up. */
const CONNECT_TIMEOUT_MS: Millis = 3_000;
/** After the answer: connectivity check, DTLS and SCTP handshakes. */
const HANDSHAKE_ROUND_TRIPS = 3;
/** A link tells that it has room when no more than two chunks wait in it. */
const LOW_CHUNKS = 2;
const MAX_GAP_MS: Millis = 500;
/** A neighbour that is gone without a word is noticed after this time. */
export const VANISHED_MS: Millis = 5_000;

/** The links between viewers. */
export class Transport {
  readonly #world: World;
  readonly #free: HaveMail[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Sends a chunk: it waits for its turn on the sender's uplink. */
  sendChunk(viewer: SimViewer, link: SimLink, index: number): void {
    const { wheel, network, chunkBytes, now } = this.#world;
    const done = Math.max(now, viewer.upFree) + chunkBytes / viewer.bytesPerMs;
    viewer.upFree = done;
    const gap = Math.min(MAX_GAP_MS, done - link.lastDone);
    link.enqueue(done);
    const at = done + network.peerChunk(chunkBytes, link.delayMs, gap);
    wheel.add(at, EVENT.CHUNK, link.peer, index, viewer.log.hops(index) + 1, link);
    if (link.drainPending || done - now < 2 || link.waiting(now) <= LOW_CHUNKS) return;
    link.drainPending = true;
    wheel.add(link.waitsOnly(LOW_CHUNKS, now), EVENT.LINK_DRAINED, viewer.index, 0, 0, link);
  }

  /** A link may have room again. */
  drained(viewer: SimViewer, link: SimLink): void {
    const { wheel, now } = this.#world;
    link.drainPending = false;
    if (!link.up || !viewer.isHere) return;
    if (link.waiting(now) <= LOW_CHUNKS) {
      viewer.scheduler.drained(link.peerId, now);
      return;
    }
    link.drainPending = true;
    wheel.add(link.waitsOnly(LOW_CHUNKS, now), EVENT.LINK_DRAINED, viewer.index, 0, 0, link);
  }

  sendHave(viewer: SimViewer, link: SimLink, base: number, bits: Uint8Array): void {
    if (!link.up) return;
    const mail = this.#free.pop() ?? { link, bits: new Uint8Array(bits.length) };
    if (mail.bits.length !== bits.length) mail.bits = new Uint8Array(bits.length);
    mail.link = link;
    mail.bits.set(bits);
    this.#world.wheel.add(
      this.#controlAt(viewer, link, sizes.sequenceBitsSize(bits.length)),
      EVENT.HAVE,
      link.peer,
      base,
      0,
      mail,
    );
  }

  deliverHave(viewer: SimViewer, base: number, mail: HaveMail): void {
    if (viewer.isHere && mail.link.other.up) {
      viewer.scheduler.peerHave(mail.link.other.peerId, base, mail.bits, this.#world.now);
    }
    this.#free.push(mail);
  }

  sendMail(viewer: SimViewer, bytes: number, mail: PeerMail): void {
    if (!mail.link.up) return;
    this.#world.tracer?.note(viewer.index, this.#world.now, `to ${mail.link.peer}: ${describe(mail)}`);
    this.#world.wheel.add(this.#controlAt(viewer, mail.link, bytes), EVENT.PEER_MAIL, mail.link.peer, 0, 0, mail);
  }

  deliverMail(viewer: SimViewer, mail: PeerMail): void {
    if (!viewer.isHere || !mail.link.other.up) return;
    const { now } = this.#world;
    this.#world.tracer?.note(viewer.index, now, `from ${mail.link.owner}: ${describe(mail)}`);
    const { scheduler } = viewer;
    const from = mail.link.other.peerId;
    switch (mail.type) {
      case 'adopt':
        scheduler.peerAdopt(from, mail.count, mail.stripe, mail.from, now);
        return;
      case 'adopted':
        scheduler.peerAdopted(from, mail.stripe, mail.depth, now);
        return;
      case 'release':
        scheduler.peerRelease(from, mail.stripe, mail.cause, now);
        return;
      case 'want':
        scheduler.peerWant(from, mail.sequences);
        return;
      case 'lacking':
        scheduler.lacking(from, mail.sequences, now);
        return;
    }
  }

  /** A viewer makes an offer; the relay has to let it through. */
  connect(viewer: SimViewer, peer: PeerId): void {
    const { wheel, network, figures, now } = this.#world;
    const known = viewer.links.get(peer);
    if (known) {
      if (known.up) wheel.add(now, EVENT.LINK_READY, viewer.index, 0, 0, known);
      known.wanted = true;
      return;
    }
    const other = this.#world.viewer(peer);
    if (!other) throw new Error(`viewer ${viewer.id} connects to ${peer}, who never was`);
    const delay = viewer.access.halfMs + other.access.halfMs;
    const link = new SimLink(viewer.index, other.index, peer, delay);
    link.other = new SimLink(other.index, viewer.index, viewer.id, delay);
    link.other.other = link;
    link.wanted = true;
    viewer.links.set(peer, link);
    figures.connects++;
    figures.now.controlBytes += sizes.SIGNALS_SIZE;
    wheel.add(now + network.control(this.#world.relayDelay(viewer)), EVENT.OFFER, other.index, viewer.session, 0, link);
  }

  /** The offer is at the relay. `passes`: the relay knows both and lets them talk. */
  offered(link: SimLink, passes: boolean): void {
    const { wheel, network, settings, viewers, now } = this.#world;
    const offerer = viewers[link.owner]!;
    const answerer = viewers[link.peer]!;
    if (offerer.links.get(link.peerId) !== link) return;
    const fails = now + CONNECT_TIMEOUT_MS;
    const isPossible = pairHash(link.owner, link.peer, settings.seed) >= settings.unconnectable;
    if (!passes || !answerer.isHere || !isPossible) {
      wheel.add(passes ? fails : now + link.delayMs, EVENT.LINK_READY, link.owner, 0, 1, link);
      return;
    }
    let crossing = answerer.links.get(offerer.id);
    if (crossing?.up) {
      // What the answerer still holds is the connection before this one: its end has not got through.
      this.lost(answerer, crossing);
      crossing = undefined;
    }
    // Both have made an offer: one connection comes of it.
    if (crossing?.other === link) return;
    if (crossing) {
      link.other = crossing;
      crossing.other = link;
    } else answerer.links.set(offerer.id, link.other);
    const relayWay = answerer.access.halfMs + RELAY_HALF_MS;
    const answered = network.control(relayWay) + network.control(relayWay) + network.control(offerer.access.halfMs);
    let handshake = 0;
    for (let i = 0; i < HANDSHAKE_ROUND_TRIPS; i++) {
      handshake += network.control(link.delayMs) + network.control(link.delayMs);
    }
    wheel.add(now + answered + handshake, EVENT.LINK_READY, link.owner, 0, 0, link);
    wheel.add(now + answered + handshake + link.delayMs / 2, EVENT.LINK_READY, link.peer, 0, 0, link.other);
  }

  /** An attempt ended, as one side sees it. */
  ready(viewer: SimViewer, link: SimLink, failed: boolean): void {
    const { figures, now } = this.#world;
    if (!viewer.isHere || viewer.links.get(link.peerId) !== link) return;
    const isNew = !link.up;
    const peer = this.#world.viewers[link.peer]!;
    if (failed || peer.links.get(viewer.id) !== link.other) {
      if (!isNew) return;
      viewer.links.delete(link.peerId);
      figures.connectsFailed++;
      viewer.scheduler.peerFailed(link.peerId, now);
      return;
    }
    this.#world.tracer?.note(viewer.index, now, `connected with ${link.peer}`);
    link.up = true;
    // A link that stood already is told of again only to who asked for it.
    if (!isNew && !link.wanted) return;
    link.wanted = false;
    viewer.scheduler.peerUp(link.peerId, now);
    viewer.scheduler.roundTrip(link.peerId, 2 * link.delayMs);
  }

  /** A viewer ends a connection: the other side sees it end. */
  disconnect(viewer: SimViewer, link: SimLink): void {
    const { wheel, now } = this.#world;
    viewer.links.delete(link.peerId);
    this.#world.tracer?.note(viewer.index, now, `hangs up on ${link.peer}`);
    const wasUp = link.up;
    link.up = false;
    if (wasUp || link.other.up) wheel.add(now + link.delayMs, EVENT.LINK_LOST, link.peer, 0, 0, link.other);
    else wheel.add(now + CONNECT_TIMEOUT_MS, EVENT.LINK_READY, link.peer, 0, 1, link.other);
  }

  /** The other side is gone. */
  lost(viewer: SimViewer, link: SimLink): void {
    if (!viewer.isHere || viewer.links.get(link.peerId) !== link) return;
    viewer.links.delete(link.peerId);
    const wasUp = link.up;
    this.#world.tracer?.note(viewer.index, this.#world.now, `lost ${link.peer}`);
    link.up = false;
    if (wasUp) viewer.scheduler.peerDown(link.peerId, this.#world.now);
    else viewer.scheduler.peerFailed(link.peerId, this.#world.now);
  }

  /** A viewer leaves: with a goodbye its neighbours see the connections end, else they wait in vain. */
  leave(viewer: SimViewer, saysGoodbye: boolean): void {
    const { wheel, now } = this.#world;
    for (const link of viewer.links.values()) {
      link.up = false;
      wheel.add(now + (saysGoodbye ? link.delayMs : VANISHED_MS), EVENT.LINK_LOST, link.peer, 0, 0, link.other);
    }
    viewer.links.clear();
  }

  /** Round trips are measured by pings now and then. */
  ping(viewer: SimViewer): void {
    const { network, figures } = this.#world;
    for (const link of viewer.links.values()) {
      if (!link.up) continue;
      figures.now.controlBytes += sizes.PING_SIZE;
      viewer.upFree += sizes.PING_SIZE / viewer.bytesPerMs;
      viewer.scheduler.roundTrip(link.peerId, network.control(link.delayMs) + network.control(link.delayMs));
    }
  }

  // Control messages take their bytes of the uplink, but don't wait behind chunks: those are kept from queueing.
  #controlAt(viewer: SimViewer, link: SimLink, bytes: number): Millis {
    const { network, figures, now } = this.#world;
    figures.now.controlBytes += bytes;
    viewer.upFree = Math.max(viewer.upFree, now) + bytes / viewer.bytesPerMs;
    link.controlAt = Math.max(link.controlAt, now + network.control(link.delayMs));
    return link.controlAt;
  }
}

function describe(mail: PeerMail): string {
  switch (mail.type) {
    case 'adopt':
      return `adopt stripe ${mail.stripe} from ${mail.from - FIRST_SEQUENCE}`;
    case 'adopted':
      return `adopted stripe ${mail.stripe}, depth ${mail.depth}`;
    case 'release':
      return `release stripe ${mail.stripe}, ${mail.cause}`;
    default:
      return `${mail.type} ${sequencesIn(mail.sequences).map(sequence => sequence - FIRST_SEQUENCE)}`;
  }
}
