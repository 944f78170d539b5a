// A viewer's part in the swarm: from whom each stripe comes, what is missing and whom to ask for it, and what goes on to whom. It sees sequences, never payloads.

import { type ChunkHeader, stripeOf } from '../chunk.ts';
import { type PeerId, RELAY } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Grievance } from '../wire/complaint.ts';
import type { Plan } from '../wire/plan.ts';
import type { ReleaseCause } from '../wire/release.ts';
import { type SequenceBits, sequencesIn } from '../wire/sequence-bits.ts';
import { FIRST_GUESS } from './capacity.ts';
import { ChunkOrigins } from './chunk-origins.ts';
import { HaveSender } from './have-sender.ts';
import { Inflows } from './inflows.ts';
import type { Neighbour } from './neighbour.ts';
import { Outflow } from './outflow.ts';
import { PeerTable } from './peer-table.ts';
import { Repairer } from './repairer.ts';
import type { SchedulerOptions, SchedulerStats } from './scheduler-face.ts';
import type { SchedulerPort } from './scheduler-port.ts';
import { SequenceRing } from './sequence-ring.ts';
import { StreamTracker } from './stream-tracker.ts';
import { UplinkMeter } from './uplink-meter.ts';

/** Without trouble it looks round this often… */
const CALM_MS: Millis = 120;
/** …and with something missing or waiting, this often. */
const BUSY_MS: Millis = 40;
const DEFAULT_LATENCY_MS: Millis = 1_000;
const DEFAULT_UPLOAD_KBPS = 1_500;
const DEFAULT_RELAY_ROUND_TRIP_MS: Millis = 60;
/** What a parent's release is to the relay; else it is lost. */
const GRIEVANCES: Partial<Record<ReleaseCause, Grievance>> = { full: 'refused', crowded: 'crowded' };
/** Children are asked to wait no more than so many chunks that a new child lacks. */
const MAX_CATCH_UP = 32;

/** One track of one channel. `now` is any steady clock in ms; chunks are dated by the relay's clock: see `clock`. */
export class ChunkScheduler {
  readonly #port: SchedulerPort;
  readonly #ring: SequenceRing;
  readonly #stream: StreamTracker;
  readonly #meter: UplinkMeter;
  readonly #outflow: Outflow;
  readonly #inflows: Inflows;
  readonly #repairer: Repairer;
  readonly #haves: HaveSender;
  readonly #peers = new PeerTable();
  readonly #knowsUpload: boolean;
  #offset = 0;
  #latencyMs = DEFAULT_LATENCY_MS;
  #relayIsUp = true;
  #relayUpAt = Number.NEGATIVE_INFINITY;
  #relayRoundTripMs = DEFAULT_RELAY_ROUND_TRIP_MS;
  #wakeAt: Millis = 0;
  readonly #origins = new ChunkOrigins();

  constructor(options: SchedulerOptions, port: SchedulerPort) {
    this.#port = port;
    this.#ring = new SequenceRing(options.memory ?? 2_048);
    this.#stream = new StreamTracker(this.#ring);
    this.#knowsUpload = options.uploadKbps !== undefined;
    this.#meter = new UplinkMeter(options.uploadKbps ?? DEFAULT_UPLOAD_KBPS, this.#knowsUpload);
    this.#outflow = new Outflow(port, this.#ring, this.#meter);
    this.#repairer = new Repairer(this.#ring);
    this.#haves = new HaveSender(port, this.#ring, options.haveEveryMs);
    this.#inflows = new Inflows(port, {
      ownDepth: options.makesChunks ? 0 : 1,
      relayIsUp: () => this.#relayIsUp,
      neighbours: () => this.#peers.values(),
      firstMissing: stripe => this.#stream.firstMissing(stripe, this.#inflows.count),
      hasChildren: stripe => this.#outflow.children(stripe).length > 0,
      depthChanged: ({ stripe, depth }) => this.#outflow.tellDepth(stripe, depth),
    });
    this.#outflow.setLatency(this.#latencyMs);
  }

  // What it tells

  get stats(): SchedulerStats {
    return {
      ...this.#origins.counts,
      bytesUploaded: Math.round(this.#outflow.bytesSent),
      fallbacks: this.#repairer.fallbacks,
      hops: this.#inflows.meanDepth,
      uploadKbps: this.#outflow.isAllowed ? Math.round(this.#meter.kbps) : 0,
      delayMs: Math.round(this.#inflows.delayMs),
    };
  }

  /** How many stripes the plan has; 0 before the first plan. */
  get stripes(): number {
    return this.#inflows.count;
  }

  /** Bit s: the relay is asked to push stripe s. */
  get relayStripes(): number {
    return this.#inflows.relayStripes;
  }

  /** From where the relay shall go on after a reconnection: the lowest sequence that is missing; 0 before the first chunk. */
  get resumeFrom(): number {
    return Math.max(0, this.#stream.cursor);
  }

  get neighbours(): ReadonlyMap<PeerId, Neighbour> {
    return this.#peers.rows;
  }

  /** When `poll` is to be called next. */
  wakeAt(): Millis {
    return this.#wakeAt;
  }

  // What its owner tells it

  /** The relay's clock is ahead of `now` by `offset`. */
  clock(offset: Millis): void {
    this.#offset = offset;
  }

  /** From capture to use: a chunk that is not there by then is late. */
  latency(ms: Millis): void {
    this.#latencyMs = ms;
    this.#outflow.setLatency(ms);
  }

  /** Upload at most so much; 0: nothing, `null`: as much as it can. */
  uploadLimit(kbps: number | null): void {
    this.#meter.limit(kbps ?? Number.POSITIVE_INFINITY);
    this.#outflow.allow(kbps !== 0);
  }

  relayUp(now: Millis): void {
    if (!this.#relayIsUp) this.#relayUpAt = now;
    this.#relayIsUp = true;
  }

  /** The relay is gone: what it pushed is looked for elsewhere. */
  relayDown(now: Millis): void {
    this.#relayIsUp = false;
    this.#inflows.relayDown(now);
    this.#wakeAt = now;
  }

  relayRoundTrip(ms: Millis): void {
    this.#relayRoundTripMs = ms;
  }

  /** The relay tells what is newest. */
  beacon(edge: number): void {
    this.#stream.edge(edge);
  }

  /** The relay's plan for this viewer. */
  plan(plan: Plan, now: Millis): void {
    if (plan.parents.length !== this.#inflows.count) this.#restripe(plan.parents.length, now);
    const wanted = new Set([...plan.parents, ...plan.spares].filter(peer => peer !== RELAY));
    for (const peer of this.#peers.plan(wanted, now)) this.#port.connect(peer);
    this.#inflows.plan(plan.parents, now);
    this.#wakeAt = now;
  }

  /**
   * A verified chunk came, and its owner holds it. It goes on to the children at once. `old` is one that is too old to be remembered.
   * `bytes`: with its header.
   */
  received(header: ChunkHeader, bytes: number, from: PeerId, now: Millis): 'new' | 'known' | 'old' {
    const { sequence, capturedAt } = header;
    const pulled = this.#repairer.wasAskedOf(from, sequence);
    const isKnown = this.#ring.has(sequence);
    const isNew = !isKnown && this.#remember(header, now);
    this.#origins.note(from === RELAY ? 'relay' : pulled ? 'pulled' : 'pushed', bytes, isNew);
    const neighbour = from === RELAY ? undefined : this.#peers.get(from);
    if (neighbour) {
      neighbour.bytesIn += bytes;
      neighbour.usedAt = now;
      neighbour.unanswered = 0;
    }
    if (isNew && this.#stream.note(header, bytes, now)) this.#guessUpload();
    this.#repairer.came(sequence);
    const stripes = this.#inflows.count;
    if (stripes > 0) {
      const stripe = stripeOf(sequence, stripes);
      if (!pulled) {
        const age = now + this.#offset - capturedAt;
        this.#inflows.pushed(stripe, neighbour, { age, capturedAt, isFresh: age < this.#latencyMs }, now);
      }
      if (isNew) this.#outflow.pass(sequence, stripe, bytes, from);
    }
    return isNew ? 'new' : isKnown ? 'known' : 'old';
  }

  /** A peer sent something that the publisher never signed, or broke the protocol. */
  corrupt(peer: PeerId, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (!neighbour) return;
    this.#port.complain(peer, 'corrupt', neighbour.gives);
    this.#port.disconnect(peer, 'it sent what the publisher never signed');
    this.#forget(neighbour, now);
  }

  /** A connection stands; whoever asked for it. */
  peerUp(peer: PeerId, now: Millis): void {
    const neighbour = this.#peers.row(peer, now);
    neighbour.up = true;
    neighbour.usedAt = now;
    this.#inflows.settle(now);
  }

  /** A connection broke. */
  peerDown(peer: PeerId, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (!neighbour) return;
    if (neighbour.planned || neighbour.gives !== 0) this.#port.complain(peer, 'lost', neighbour.gives);
    this.#forget(neighbour, now);
  }

  /** No connection came about. */
  peerFailed(peer: PeerId, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (!neighbour || neighbour.up) return;
    if (neighbour.planned) this.#port.complain(peer, 'unreachable', this.#inflows.giveUp(peer));
    this.#forget(neighbour, now);
  }

  /** The relay says to have no more to do with a peer. */
  drop(peer: PeerId, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (!neighbour) return;
    this.#port.disconnect(peer, 'as the relay says');
    this.#forget(neighbour, now);
  }

  /** A peer asks for a stripe. */
  peerAdopt(peer: PeerId, count: number, stripe: number, from: number, now: Millis): void {
    const child = this.#peers.get(peer);
    if (!child) return;
    const isKnown = (child.takes & (1 << stripe)) !== 0;
    if (count !== this.#inflows.count) {
      this.#port.release(peer, stripe, 'stripes');
      return;
    }
    const isCircle = this.#inflows.parentOf(stripe) === child;
    const isRefused = isCircle || !this.#outflow.isAllowed;
    if (isRefused || !(isKnown || this.#outflow.hasRoom(this.#stream.kbps / count))) {
      this.#port.release(peer, stripe, 'full');
      return;
    }
    child.usedAt = now;
    this.#port.adopted(peer, stripe, this.#inflows.depthOf(stripe));
    this.#outflow.add(child, stripe, this.#stream.heldFrom(stripe, count, from, MAX_CATCH_UP));
  }

  /** A peer pushes a stripe to us, and tells how far from the relay it is. */
  peerAdopted(peer: PeerId, stripe: number, depth: number, now: Millis): void {
    if (stripe < this.#inflows.count) this.#inflows.adopted(stripe, peer, depth, now);
  }

  /** A peer ends a push, in either direction. */
  peerRelease(peer: PeerId, stripe: number, cause: ReleaseCause, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (!neighbour || stripe >= this.#inflows.count) return;
    if (cause === 'done') this.#outflow.remove(neighbour, stripe);
    else if (this.#inflows.released(stripe, neighbour, now) && cause !== 'stripes') {
      this.#port.complain(peer, GRIEVANCES[cause] ?? 'lost', 1 << stripe);
    }
  }

  /** A peer tells what it holds. */
  peerHave(peer: PeerId, base: number, bits: Uint8Array, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (!neighbour) return;
    neighbour.setHave(base, bits, now);
    this.#stream.rumour(neighbour.newest);
  }

  /** A peer asks for chunks that it lacks, or for those of the past. */
  peerWant(peer: PeerId, wanted: SequenceBits, isPast = false): void {
    const neighbour = this.#peers.get(peer);
    if (neighbour) this.#outflow[isPast ? 'recall' : 'answer'](neighbour, sequencesIn(wanted));
  }

  /** A peer, or the relay, doesn't have chunks that were asked for, or that it was to push. */
  lacking(from: PeerId, lacking: SequenceBits, now: Millis): void {
    const neighbour = from === RELAY ? undefined : this.#peers.get(from);
    if (from !== RELAY && !neighbour) return;
    for (const sequence of sequencesIn(lacking)) {
      if (this.#ring.has(sequence)) continue;
      this.#repairer.lacks(neighbour ?? 'relay', sequence);
      if (!neighbour) continue;
      if (this.#inflows.count === 0) continue;
      const stripe = stripeOf(sequence, this.#inflows.count);
      if ((neighbour.gives & (1 << stripe)) !== 0) this.#inflows.excuse(stripe, now);
      else neighbour.emptyHandedAt = now;
    }
    this.#wakeAt = now;
  }

  roundTrip(peer: PeerId, ms: Millis): void {
    this.#peers.get(peer)?.roundTrip(ms);
  }

  /** There is room on the link to a peer again. */
  drained(peer: PeerId, now: Millis): void {
    const neighbour = this.#peers.get(peer);
    if (neighbour) this.#outflow.flush(neighbour, now + this.#offset);
  }

  /** Out of the swarm: the relay pushes everything again. A later plan begins anew. */
  leave(now: Millis): void {
    this.#restripe(0, now);
    for (const neighbour of [...this.#peers.values()]) {
      this.#port.disconnect(neighbour.id, 'left the swarm');
      this.#forget(neighbour, now);
    }
  }

  /** Looks round: who is silent, what is missing, what can leave. */
  poll(now: Millis): void {
    const relayNow = now + this.#offset;
    if (this.#stream.advance(relayNow, this.#latencyMs, sequence => this.#repairer.isGone(sequence))) {
      this.#repairer.trim(this.#stream.cursor);
    }
    if (this.#outflow.isWaiting) {
      for (const neighbour of this.#peers.values()) this.#outflow.flush(neighbour, relayNow);
    }
    let isBusy = this.#outflow.isWaiting;
    if (this.#inflows.count > 0) {
      isBusy = this.#repair(now, relayNow) || isBusy;
      this.#haves.send(this.#peers.values(), this.#stream.horizon, now);
      this.#outflow.measure(this.#peers.values(), this.#stream.kbps / this.#inflows.count, now);
      this.#inflows.noteDelay();
      this.#releaseUnused(now);
      this.#giveUpSlow(now);
    }
    this.#wakeAt = now + (isBusy ? BUSY_MS : CALM_MS);
  }

  /** False if the chunk is too old. */
  #remember(header: ChunkHeader, now: Millis): boolean {
    const remembered = this.#stream.remember(header, now);
    if (remembered === 'renumbered') this.#repairer.clear();
    return remembered !== 'old';
  }

  /** As long as nothing was measured, a viewer is thought to be able to upload a little more than it gets. */
  #guessUpload(): void {
    const kbps = FIRST_GUESS * this.#stream.kbps;
    if (!this.#knowsUpload && this.#outflow.childCount === 0 && this.#meter.kbps < kbps) this.#meter.guess(kbps);
  }

  /** Whether anything is the matter. */
  #repair(now: Millis, relayNow: Millis): boolean {
    if (this.#stream.cursor < 0) return false;
    const { wants, overdue, overdueSequences } = this.#repairer.look({
      now,
      relayNow,
      cursor: this.#stream.cursor,
      horizon: this.#stream.horizon,
      latencyMs: this.#latencyMs,
      relayRoundTripMs: this.#relayIsUp ? this.#relayRoundTripMs : undefined,
      relayUpAt: this.#relayUpAt,
      intervalMs: this.#stream.intervalMs,
      inflows: this.#inflows.all,
      neighbours: this.#peers.values(),
    });
    const isUnsettled = this.#inflows.check(overdue, now);
    for (const [whom, sequences] of wants) this.#port.want(whom === 'relay' ? RELAY : whom.id, sequences);
    if (overdue !== 0) this.#outflow.excuse(overdueSequences);
    return overdue !== 0 || isUnsettled || this.#repairer.isWaiting;
  }

  #forget(neighbour: Neighbour, now: Millis): void {
    this.#peers.remove(neighbour);
    this.#outflow.removeAll(neighbour);
    this.#repairer.forget(neighbour);
    this.#inflows.gone(neighbour, now);
    this.#wakeAt = now;
  }

  #restripe(stripes: number, now: Millis): void {
    this.#outflow.releaseAll('stripes');
    for (const neighbour of this.#peers.values()) this.#outflow.removeAll(neighbour);
    this.#inflows.restripe(stripes, now);
    this.#outflow.setStripes(stripes);
  }

  /** A parent that can't be reached soon is no good: the relay finds another meanwhile. */
  #giveUpSlow(now: Millis): void {
    for (const { id } of this.#peers.takeSlow(now)) {
      const stripes = this.#inflows.giveUp(id);
      if (stripes !== 0) this.#port.complain(id, 'unreachable', stripes);
    }
  }

  #releaseUnused(now: Millis): void {
    const unused = this.#peers.unused(now);
    if (!unused) return;
    this.#port.disconnect(unused.id, 'of no more use to each other');
    this.#forget(unused, now);
  }
}
