// A viewer's part in the swarm: from whom each stripe comes, what is missing and whom to ask for it, and what goes on to whom. It sees sequences, never payloads.

import type { ChunkHeader } from '../chunk.ts';
import { type PeerId, RELAY } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Plan } from '../wire/plan.ts';
import type { ReleaseCause } from '../wire/release.ts';
import { type SequenceBits, sequencesIn } from '../wire/sequence-bits.ts';
import { HaveSender } from './have-sender.ts';
import type { Inflow } from './inflow.ts';
import { Inflows } from './inflows.ts';
import { Neighbour } from './neighbour.ts';
import { Outflow } from './outflow.ts';
import { Repairer } from './repairer.ts';
import type { SchedulerPort } from './scheduler-port.ts';
import { SequenceRing } from './sequence-ring.ts';
import { StreamTracker } from './stream-tracker.ts';
import { UplinkMeter } from './uplink-meter.ts';

/** How a scheduler differs from the usual one. */
export interface SchedulerOptions {
  /** Chunks remembered: a power of two; 2,048 if not given. */
  readonly memory?: number;
  /** Measured on an earlier visit. */
  readonly uploadKbps?: number;
  /** How often neighbours are told what is held here; 300 ms if not given. */
  readonly haveEveryMs?: Millis;
  /** It is the publisher itself: no hop is before it. */
  readonly makesChunks?: boolean;
}

/** Counts since the start. Bytes are those of chunks with their headers. */
export interface SchedulerStats {
  readonly bytesPushed: number;
  readonly bytesPulled: number;
  readonly bytesFromRelay: number;
  readonly bytesUploaded: number;
  readonly duplicates: number;
  readonly fallbacks: number;
  /** Mean over the stripes; 0 while there is no plan. */
  readonly hops: number;
  readonly uploadKbps: number;
  /** From capture to arrival, for most chunks of the slowest stripe of late; 0 while unknown. */
  readonly delayMs: Millis;
}

/** Without trouble it looks round this often… */
const CALM_MS: Millis = 120;
/** …and with something missing or waiting, this often. */
const BUSY_MS: Millis = 40;
/** After so long with nothing but old chunks, they are the new ones. */
const RENUMBERED_MS: Millis = 3_000;
/** A neighbour that is of no use to either side is let go after this time. */
const UNUSED_MS: Millis = 15_000;
/** …where there are more than this. */
const MANY_NEIGHBOURS = 20;
/** Of what the slowest stripe takes now, at each look round. */
const DELAY_WEIGHT = 0.01;
/** Connecting takes a few round trips, or never ends. */
const SLOW_CONNECT_MS: Millis = 1_800;
const DEFAULT_LATENCY_MS: Millis = 1_000;
const DEFAULT_UPLOAD_KBPS = 1_500;
const DEFAULT_RELAY_ROUND_TRIP_MS: Millis = 60;
/** A viewer whose measured uplink is unknown is thought to have so many times the stream's rate. */
const FIRST_GUESS = 1.25;
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
  readonly #neighbours = new Map<PeerId, Neighbour>();
  readonly #knowsUpload: boolean;
  #offset = 0;
  #latencyMs = DEFAULT_LATENCY_MS;
  #relayIsUp = true;
  #relayUpAt = Number.NEGATIVE_INFINITY;
  #relayRoundTripMs = DEFAULT_RELAY_ROUND_TRIP_MS;
  #mayUpload = true;
  /** Since when only chunks have come that are older than all that is remembered. */
  #oldSince: Millis | undefined;
  #wakeAt: Millis = 0;
  #delayMs: Millis = 0;
  #bytesPushed = 0;
  #bytesPulled = 0;
  #bytesFromRelay = 0;
  #duplicates = 0;

  constructor(options: SchedulerOptions, port: SchedulerPort) {
    this.#port = port;
    this.#ring = new SequenceRing(options.memory ?? 2_048);
    this.#stream = new StreamTracker(this.#ring);
    this.#knowsUpload = options.uploadKbps !== undefined;
    this.#meter = new UplinkMeter(options.uploadKbps ?? DEFAULT_UPLOAD_KBPS);
    this.#outflow = new Outflow(port, this.#ring, this.#meter);
    this.#repairer = new Repairer(this.#ring);
    this.#haves = new HaveSender(port, this.#ring, options.haveEveryMs);
    this.#inflows = new Inflows(port, {
      ownDepth: options.makesChunks ? 0 : 1,
      relayIsUp: () => this.#relayIsUp,
      neighbours: () => this.#neighbours.values(),
      firstMissing: stripe => this.#stream.firstMissing(stripe, this.#inflows.count),
      hasChildren: stripe => this.#outflow.children(stripe).length > 0,
      depthChanged: inflow => this.#tellDepth(inflow),
    });
    this.#outflow.setLatency(this.#latencyMs);
  }

  // What it tells

  get stats(): SchedulerStats {
    return {
      bytesPushed: this.#bytesPushed,
      bytesPulled: this.#bytesPulled,
      bytesFromRelay: this.#bytesFromRelay,
      bytesUploaded: Math.round(this.#outflow.bytesSent),
      duplicates: this.#duplicates,
      fallbacks: this.#repairer.fallbacks,
      hops: this.#inflows.meanDepth,
      uploadKbps: Math.round(this.#uploadKbps),
      delayMs: Math.round(this.#delayMs),
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
    return this.#neighbours;
  }

  /** Whether a chunk is held, or was lately. */
  has(sequence: number): boolean {
    return this.#ring.has(sequence);
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
    this.#mayUpload = kbps !== 0;
    if (!this.#mayUpload) this.#releaseChildren('leaving');
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
    for (const neighbour of this.#neighbours.values()) neighbour.planned = wanted.has(neighbour.id);
    for (const peer of wanted) {
      if (this.#neighbours.has(peer)) continue;
      const neighbour = new Neighbour(peer, now);
      neighbour.planned = true;
      this.#neighbours.set(peer, neighbour);
      this.#port.connect(peer);
    }
    this.#inflows.plan(plan.parents, now);
    this.#wakeAt = now;
  }

  /**
   * A verified chunk came, and its owner holds it. It goes on to the children at once. `old` is one that is too old to be remembered.
   * `bytes`: with its header.
   */
  received(header: ChunkHeader, bytes: number, from: PeerId, now: Millis): 'new' | 'known' | 'old' {
    const { sequence, capturedAt } = header;
    const pulled = this.#wasPulled(sequence, from);
    const isKnown = this.#ring.has(sequence);
    const isNew = !isKnown && this.#remember(sequence, capturedAt, now);
    if (from === RELAY) this.#bytesFromRelay += bytes;
    else if (pulled) this.#bytesPulled += bytes;
    else this.#bytesPushed += bytes;
    const neighbour = from === RELAY ? undefined : this.#neighbours.get(from);
    if (neighbour) {
      neighbour.bytesIn += bytes;
      neighbour.usedAt = now;
      neighbour.unanswered = 0;
    }
    if (!isNew) this.#duplicates++;
    else if (this.#stream.note(header, bytes, now)) this.#guessUpload();
    this.#repairer.came(sequence);
    const stripes = this.#inflows.count;
    if (stripes > 0) {
      const stripe = sequence % stripes;
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
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour) return;
    this.#port.complain(peer, 'corrupt', neighbour.gives);
    this.#port.disconnect(peer, 'it sent what the publisher never signed');
    this.#forget(neighbour, now);
  }

  /** A connection stands; whoever asked for it. */
  peerUp(peer: PeerId, now: Millis): void {
    let neighbour = this.#neighbours.get(peer);
    if (!neighbour) {
      neighbour = new Neighbour(peer, now);
      this.#neighbours.set(peer, neighbour);
    }
    neighbour.up = true;
    neighbour.usedAt = now;
    this.#inflows.settle(now);
  }

  /** A connection broke. */
  peerDown(peer: PeerId, now: Millis): void {
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour) return;
    if (neighbour.planned || neighbour.gives !== 0) this.#port.complain(peer, 'lost', neighbour.gives);
    this.#forget(neighbour, now);
  }

  /** No connection came about. */
  peerFailed(peer: PeerId, now: Millis): void {
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour || neighbour.up) return;
    if (neighbour.planned) this.#port.complain(peer, 'unreachable', this.#inflows.giveUp(peer));
    this.#forget(neighbour, now);
  }

  /** The relay says to have no more to do with a peer. */
  drop(peer: PeerId, now: Millis): void {
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour) return;
    this.#port.disconnect(peer, 'as the relay says');
    this.#forget(neighbour, now);
  }

  /** A peer asks for a stripe. */
  peerAdopt(peer: PeerId, count: number, stripe: number, from: number, now: Millis): void {
    const child = this.#neighbours.get(peer);
    if (!child) return;
    const isKnown = (child.takes & (1 << stripe)) !== 0;
    if (count !== this.#inflows.count) {
      this.#port.release(peer, stripe, 'stripes');
      return;
    }
    const parent = this.#inflows.parentOf(stripe);
    const isCircle = parent === child;
    if (!this.#mayUpload || isCircle || !(isKnown || this.#outflow.hasRoom(this.#stream.kbps / count))) {
      this.#port.release(peer, stripe, 'full');
      return;
    }
    this.#outflow.add(child, stripe);
    child.usedAt = now;
    this.#port.adopted(peer, stripe, this.#inflows.depthOf(stripe));
    for (const sequence of this.#stream.heldFrom(stripe, count, from, MAX_CATCH_UP))
      this.#outflow.send(child, sequence);
  }

  /** A peer pushes a stripe to us, and tells how far from the relay it is. */
  peerAdopted(peer: PeerId, stripe: number, depth: number, now: Millis): void {
    if (stripe < this.#inflows.count) this.#inflows.adopted(stripe, peer, depth, now);
  }

  /** A peer ends a push, in either direction. */
  peerRelease(peer: PeerId, stripe: number, cause: ReleaseCause, now: Millis): void {
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour || stripe >= this.#inflows.count) return;
    if (cause === 'done') this.#outflow.remove(neighbour, stripe);
    else if (this.#inflows.released(stripe, neighbour, now) && cause !== 'stripes') {
      this.#port.complain(peer, cause === 'full' ? 'refused' : 'lost', 1 << stripe);
    }
  }

  /** A peer tells what it holds. */
  peerHave(peer: PeerId, base: number, bits: Uint8Array, now: Millis): void {
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour) return;
    neighbour.setHave(base, bits, now);
    this.#stream.rumour(neighbour.newest);
  }

  /** A peer asks for chunks. */
  peerWant(peer: PeerId, wanted: SequenceBits): void {
    const neighbour = this.#neighbours.get(peer);
    if (!neighbour) return;
    const missing: number[] = [];
    for (const sequence of sequencesIn(wanted)) {
      if (!this.#ring.has(sequence) || !this.#mayUpload || neighbour.queue.length > MAX_CATCH_UP)
        missing.push(sequence);
      else {
        neighbour.unmarkSent(sequence);
        this.#outflow.send(neighbour, sequence);
      }
    }
    if (missing.length > 0) this.#port.lacking(peer, missing);
  }

  /** A peer, or the relay, doesn't have chunks that were asked for, or that it was to push. */
  lacking(from: PeerId, lacking: SequenceBits, now: Millis): void {
    const neighbour = from === RELAY ? undefined : this.#neighbours.get(from);
    if (from !== RELAY && !neighbour) return;
    for (const sequence of sequencesIn(lacking)) {
      if (this.#ring.has(sequence)) continue;
      this.#repairer.lacks(neighbour ?? 'relay', sequence);
      if (!neighbour) continue;
      if (this.#inflows.count === 0) continue;
      const stripe = sequence % this.#inflows.count;
      if ((neighbour.gives & (1 << stripe)) !== 0) this.#inflows.excuse(stripe, now);
      else neighbour.emptyHandedAt = now;
    }
    this.#wakeAt = now;
  }

  roundTrip(peer: PeerId, ms: Millis): void {
    this.#neighbours.get(peer)?.roundTrip(ms);
  }

  /** There is room on the link to a peer again. */
  drained(peer: PeerId, now: Millis): void {
    const neighbour = this.#neighbours.get(peer);
    if (neighbour) this.#outflow.flush(neighbour, now + this.#offset);
  }

  /** Out of the swarm: the relay pushes everything again. A later plan begins anew. */
  leave(now: Millis): void {
    this.#restripe(0, now);
    for (const neighbour of [...this.#neighbours.values()]) {
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
      for (const neighbour of this.#neighbours.values()) this.#outflow.flush(neighbour, relayNow);
    }
    let isBusy = this.#outflow.isWaiting;
    if (this.#inflows.count > 0) {
      isBusy = this.#repair(now, relayNow) || isBusy;
      this.#haves.send(this.#neighbours.values(), this.#stream.horizon, now);
      this.#outflow.measure(this.#neighbours.values(), this.#stream.kbps / this.#inflows.count, now);
      this.#noteDelay();
      this.#releaseUnused(now);
      this.#giveUpSlow(now);
    }
    this.#wakeAt = now + (isBusy ? BUSY_MS : CALM_MS);
  }

  get #uploadKbps(): number {
    return this.#mayUpload ? this.#meter.kbps : 0;
  }

  #wasPulled(sequence: number, from: PeerId): boolean {
    const asked = this.#repairer.askedOf(sequence);
    return asked !== undefined && (asked === 'relay' ? from === RELAY : asked.id === from);
  }

  /** Nothing but chunks from the past for long: the publisher numbers anew, from a lower clock. */
  #remember(sequence: number, capturedAt: Millis, now: Millis): boolean {
    if (this.#ring.add(sequence, capturedAt)) {
      this.#oldSince = undefined;
      return true;
    }
    this.#oldSince ??= now;
    if (now - this.#oldSince < RENUMBERED_MS) return false;
    this.#oldSince = undefined;
    this.#ring.clear();
    this.#repairer.clear();
    this.#stream.restart();
    return this.#ring.add(sequence, capturedAt);
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
      neighbours: this.#neighbours.values(),
    });
    const isUnsettled = this.#inflows.check(overdue, now);
    for (const [whom, sequences] of wants) this.#port.want(whom === 'relay' ? RELAY : whom.id, sequences);
    if (overdue !== 0) this.#excuseOurselves(overdueSequences);
    return overdue !== 0 || isUnsettled || this.#repairer.isWaiting;
  }

  /** Tells the children that what is missing is missing here, too: they look for it without blaming us. */
  #excuseOurselves(sequences: readonly number[]): void {
    if (this.#outflow.childCount === 0) return;
    const { count } = this.#inflows;
    for (const inflow of this.#inflows.all) {
      const children = this.#outflow.children(inflow.stripe);
      if (children.length === 0) continue;
      const mine = sequences.filter(sequence => sequence % count === inflow.stripe);
      if (mine.length > 0) for (const child of children) this.#port.lacking(child.id, mine);
    }
  }

  #tellDepth(inflow: Inflow): void {
    for (const child of this.#outflow.children(inflow.stripe)) {
      this.#port.adopted(child.id, inflow.stripe, inflow.depth);
    }
  }

  #forget(neighbour: Neighbour, now: Millis): void {
    neighbour.up = false;
    this.#neighbours.delete(neighbour.id);
    this.#outflow.removeAll(neighbour);
    this.#repairer.forget(neighbour);
    this.#inflows.gone(neighbour, now);
    this.#wakeAt = now;
  }

  #releaseChildren(cause: ReleaseCause): void {
    for (const { stripe } of this.#inflows.all) {
      for (const child of [...this.#outflow.children(stripe)]) {
        this.#port.release(child.id, stripe, cause);
        this.#outflow.remove(child, stripe);
      }
    }
  }

  #restripe(stripes: number, now: Millis): void {
    this.#releaseChildren('stripes');
    for (const neighbour of this.#neighbours.values()) this.#outflow.removeAll(neighbour);
    this.#inflows.restripe(stripes, now);
    this.#outflow.setStripes(stripes);
  }

  /** A slow mean: a moment's trouble is not what the network is like. */
  #noteDelay(): void {
    let slowest = 0;
    for (const inflow of this.#inflows.all) {
      if (inflow.isMeasured) slowest = Math.max(slowest, inflow.likelyDelayMs);
    }
    if (slowest > 0) this.#delayMs += (slowest - this.#delayMs) * DELAY_WEIGHT;
  }

  /** A parent that can't be reached soon is no good: the relay finds another meanwhile. The attempt goes on, for a spare. */
  #giveUpSlow(now: Millis): void {
    for (const neighbour of this.#neighbours.values()) {
      if (neighbour.up || !neighbour.planned || now - neighbour.knownAt < SLOW_CONNECT_MS) continue;
      const stripes = this.#inflows.giveUp(neighbour.id);
      neighbour.planned = false;
      if (stripes !== 0) this.#port.complain(neighbour.id, 'unreachable', stripes);
    }
  }

  /** Lets one go that has not been of use for longest, where there are many: it may be the other's spare, and tells what it holds as long as it is. */
  #releaseUnused(now: Millis): void {
    let idlest: Neighbour | undefined;
    for (const neighbour of this.#neighbours.values()) {
      if (neighbour.planned || neighbour.gives !== 0 || neighbour.takes !== 0) neighbour.usedAt = now;
      else if (neighbour.up && neighbour.usedAt < (idlest?.usedAt ?? now - UNUSED_MS)) idlest = neighbour;
    }
    if (!idlest || this.#neighbours.size <= MANY_NEIGHBOURS) return;
    this.#port.disconnect(idlest.id, 'of no more use to each other');
    this.#forget(idlest, now);
  }
}
