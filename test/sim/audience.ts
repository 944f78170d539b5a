// The life of simulated viewers: they come, connect with the relay, join the swarm, report, and leave.

import type { Millis } from '../../core/time.ts';
import { ChunkLog } from './chunk-log.ts';
import * as EVENT from './event-kinds.ts';
import * as sizes from './message-sizes.ts';
import { drawAccess, SOURCE_ACCESS } from './population.ts';
import { drawStay } from './scenario.ts';
import type { SimRelay } from './sim-relay.ts';
import { SimViewer, type Surroundings } from './sim-viewer.ts';
import type { Transport } from './transport.ts';
import type { World } from './world.ts';

/** QUIC's handshake, and the WebTransport session. */
const CONNECT_ROUND_TRIPS = 2;
/** From the first chunk to the first picture. */
const PICTURE_MS: Millis = 150;
const REPORT_EVERY_MS: Millis = 2_000;
/** Links are measured with every so many reports. */
const PING_EVERY_REPORTS = 2;
const RELAY_NOTICES_MS: Millis = 2_000;
const BACKOFF_MS: Millis = 400;
const LONGEST_BACKOFF_MS: Millis = 8_000;
const MAX_TOLD_NEIGHBOURS = 64;

/** All viewers. */
export class Audience {
  readonly #world: World;
  readonly #relay: SimRelay;
  readonly #transport: Transport;
  readonly #around: Surroundings;

  constructor(world: World, relay: SimRelay, transport: Transport, around: Surroundings) {
    this.#world = world;
    this.#relay = relay;
    this.#transport = transport;
    this.#around = around;
  }

  /** Those who watch now. */
  *here(): Iterable<SimViewer> {
    for (const viewer of this.#world.viewers) if (viewer.isHere && viewer.role === 'viewer') yield viewer;
  }

  arrive(): void {
    const { settings, random, wheel, viewers, figures, now } = this.#world;
    const access = drawAccess(random, settings.uplinks, settings.uplinkRateKbps, settings.exactUplinks);
    const log = new ChunkLog(this.#world.chunks, this.#world.recent);
    const viewer = new SimViewer(viewers.length, 'viewer', access, log, this.#around);
    viewers.push(viewer);
    figures.now.joins++;
    viewer.scheduler.clock(0);
    viewer.scheduler.latency(settings.latencyMs);
    viewer.scheduler.relayRoundTrip(2 * this.#world.relayDelay(viewer));
    if (settings.churn) {
      const goodbye = random.next() < 0.5 ? 0 : 1;
      wheel.add(now + drawStay(random), EVENT.LEAVE, viewer.index, goodbye, 0, undefined);
    }
    this.connect(viewer);
  }

  /** The source enters as a peer. */
  arriveSource(): void {
    const { viewers, wheel, now } = this.#world;
    const log = new ChunkLog(this.#world.chunks, this.#world.recent);
    const source = new SimViewer(viewers.length, 'source', SOURCE_ACCESS, log, this.#around);
    viewers.push(source);
    source.hasPicture = true;
    source.scheduler.clock(0);
    source.scheduler.latency(this.#world.settings.latencyMs);
    wheel.add(now + REPORT_EVERY_MS, EVENT.REPORT, source.index, 0, 0, undefined);
    this.connect(source);
  }

  /** Tries to reach the relay, again and again. */
  connect(viewer: SimViewer): void {
    if (!viewer.isHere || viewer.session !== 0) return;
    const { wheel, random, now } = this.#world;
    viewer.attempts++;
    if (this.#relay.life === 0) {
      const backoff = Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(8, viewer.attempts - 1));
      wheel.add(now + backoff * random.between(0.5, 1.5), EVENT.CONNECT, viewer.index, 0, 0, undefined);
      return;
    }
    const at = now + CONNECT_ROUND_TRIPS * 2 * this.#world.relayDelay(viewer);
    wheel.add(at, EVENT.RELAY_LINK_UP, viewer.index, this.#relay.life, 0, undefined);
  }

  relayLinkUp(viewer: SimViewer, life: number): void {
    if (!viewer.isHere || viewer.session !== 0) return;
    if (life !== this.#relay.life) {
      this.connect(viewer);
      return;
    }
    viewer.session = life;
    viewer.attempts = 0;
    const { scheduler } = viewer;
    if (viewer.role === 'viewer') scheduler.relayUp(this.#world.now);
    const resume = scheduler.stripes > 0 ? { stripes: scheduler.relayStripes, from: scheduler.resumeFrom } : undefined;
    this.sendToRelay(viewer, sizes.SUBSCRIBE_SIZE, { type: 'subscribe', resume });
    if (viewer.hasPicture) this.joinSwarm(viewer);
  }

  relayLinkDown(viewer: SimViewer, life: number): void {
    if (!viewer.isHere || viewer.session !== life) return;
    viewer.session = 0;
    // The source doesn't need the relay for its own chunks.
    if (viewer.role === 'viewer') viewer.scheduler.relayDown(this.#world.now);
    const { wheel, random, now } = this.#world;
    wheel.add(now + BACKOFF_MS * random.between(0.5, 1.5), EVENT.CONNECT, viewer.index, 0, 0, undefined);
  }

  /** A first chunk came. */
  firstChunk(viewer: SimViewer): void {
    const { wheel, random, now } = this.#world;
    viewer.hasPicture = true;
    wheel.add(now + PICTURE_MS, EVENT.JOIN_SWARM, viewer.index, 0, 0, undefined);
    const at = now + PICTURE_MS + random.between(0.5, 1) * REPORT_EVERY_MS;
    wheel.add(at, EVENT.REPORT, viewer.index, 0, 0, undefined);
  }

  joinSwarm(viewer: SimViewer): void {
    if (!viewer.isHere || viewer.session === 0) return;
    const neighbours = [...viewer.scheduler.neighbours.values()]
      .filter(neighbour => neighbour.up)
      .slice(0, MAX_TOLD_NEIGHBOURS)
      .map(neighbour => ({ peer: neighbour.id, stripes: neighbour.gives }));
    const { uploadKbps } = viewer.scheduler.stats;
    this.sendToRelay(viewer, sizes.joinSwarmSize(neighbours.length), {
      type: 'join-swarm',
      role: viewer.role,
      uploadKbps,
      neighbours,
    });
  }

  report(viewer: SimViewer): void {
    if (!viewer.isHere) return;
    const { wheel, now } = this.#world;
    wheel.add(now + REPORT_EVERY_MS, EVENT.REPORT, viewer.index, 0, 0, undefined);
    if (viewer.reports++ % PING_EVERY_REPORTS === 0) this.#transport.ping(viewer);
    const peers: { peer: number; roundTripMs: Millis }[] = [];
    for (const neighbour of viewer.scheduler.neighbours.values()) {
      const roundTripMs = neighbour.measuredRoundTripMs;
      if (neighbour.up && roundTripMs !== null && peers.length < MAX_TOLD_NEIGHBOURS) {
        peers.push({ peer: neighbour.id, roundTripMs: Math.round(roundTripMs) });
      }
    }
    const { uploadKbps } = viewer.scheduler.stats;
    const size = sizes.swarmReportSize(peers.length);
    this.sendToRelay(viewer, size, { type: 'report', report: { uploadKbps, peers } });
  }

  /** `vanishes`: without goodbye. */
  leave(viewer: SimViewer, vanishes: boolean): void {
    if (!viewer.isHere) return;
    const { wheel, figures, now } = this.#world;
    figures.now.leaves++;
    if (!vanishes) this.sendToRelay(viewer, 0, { type: 'bye' });
    else wheel.add(now + RELAY_NOTICES_MS, EVENT.RELAY_MISSES, viewer.index, viewer.session, 0, undefined);
    viewer.isHere = false;
    this.#transport.leave(viewer, !vanishes);
  }

  /** A share of all viewers leaves at once. */
  exodus(share: number): void {
    for (const viewer of [...this.here()]) {
      if (this.#world.random.next() < share) this.leave(viewer, this.#world.random.next() < 0.5);
    }
  }

  sendToRelay: Surroundings['sendToRelay'] = (viewer, bytes, mail) => {
    if (viewer.session === 0) return;
    const { wheel, network, figures, tracer, now } = this.#world;
    if (tracer && mail.type !== 'report') tracer.note(viewer.index, now, `to the relay: ${JSON.stringify(mail)}`);
    figures.now.controlBytes += bytes;
    viewer.upFree = Math.max(viewer.upFree, now) + bytes / viewer.bytesPerMs;
    viewer.toRelayAt = Math.max(viewer.toRelayAt, now + network.control(this.#world.relayDelay(viewer)));
    wheel.add(viewer.toRelayAt, EVENT.RELAY_MAIL, viewer.index, viewer.session, 0, mail);
  };
}
