// What a viewer passes on: each verified chunk at once to the children of its stripe; what can't leave in time is dropped and the child told.

import { stripeOf } from '../chunk.ts';
import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { ReleaseCause } from '../wire/release.ts';
import { UPLOAD_SHARE } from './capacity.ts';
import type { Neighbour } from './neighbour.ts';
import type { SchedulerPort } from './scheduler-port.ts';
import type { SequenceRing } from './sequence-ring.ts';
import type { UplinkMeter } from './uplink-meter.ts';

/** A link takes chunks until so many bytes wait in it: old data must never queue. */
const LINK_BYTES = 16_384;
/** A chunk has to leave this long before it is needed, or it is of no use to the child. */
const LEAVES_BEFORE_MS: Millis = 200;
/** Most chunks that wait for one link. */
const MAX_QUEUE = 64;
/** So many links that carry no chunks tell what the way itself is like. */
const ENOUGH_LINKS = 2;
/** Nobody may ask for more while so many wait. */
const MAX_ASKED = 32;
/** Most chunks of the past that wait for one link. */
const MAX_PAST = 64;
/** A link for which so many chunks wait at so many steps of the meter in a row has more than it carries. */
const CROWDED = 6;
const CROWDED_STEPS = 2;
/** Beyond the share of its uplink that the plan counts on, a viewer takes so many children for a while. */
const EXTRA_CHILDREN = 2;

/** The sending half of a scheduler. */
export class Outflow {
  bytesSent = 0;
  readonly #port: SchedulerPort;
  readonly #ring: SequenceRing;
  readonly #meter: UplinkMeter;
  #children: Neighbour[][] = [];
  #count = 0;
  #isAllowed = true;
  /** Of a chunk with its header; a running mean. */
  #chunkBytes = 4_000;
  /** Chunks may wait until they are this old. */
  #maxAgeMs: Millis = 1_000;
  #queued = 0;

  constructor(port: SchedulerPort, ring: SequenceRing, meter: UplinkMeter) {
    this.#port = port;
    this.#ring = ring;
    this.#meter = meter;
  }

  /** Children over all stripes. */
  get childCount(): number {
    return this.#count;
  }

  /** Whether chunks wait for room. */
  get isWaiting(): boolean {
    return this.#queued > 0;
  }

  /** Whether anything may be uploaded at all. */
  get isAllowed(): boolean {
    return this.#isAllowed;
  }

  /** Allows uploading, or lets go of all children. */
  allow(isAllowed: boolean): void {
    this.#isAllowed = isAllowed;
    if (!isAllowed) this.releaseAll('leaving');
  }

  /** `latency`: capture to use at the children, as far as is known here. */
  setLatency(latency: Millis): void {
    this.#maxAgeMs = latency - LEAVES_BEFORE_MS;
  }

  /** Starts anew with so many stripes; the children must have been released. */
  setStripes(stripes: number): void {
    this.#children = Array.from({ length: stripes }, () => []);
    this.#count = 0;
  }

  children(stripe: number): readonly Neighbour[] {
    return this.#children[stripe] ?? [];
  }

  /** Whether there is upload left for one more child of a stripe that carries `kbps`. */
  hasRoom(kbps: number): boolean {
    return this.#count < Math.floor((this.#meter.kbps * UPLOAD_SHARE) / Math.max(1, kbps)) + EXTRA_CHILDREN;
  }

  /** Takes a child, and sends what it lacks. */
  add(child: Neighbour, stripe: number, lacking: readonly number[]): void {
    const bit = 1 << stripe;
    if ((child.takes & bit) === 0) {
      child.takes |= bit;
      this.#children[stripe]!.push(child);
      this.#count++;
    }
    for (const sequence of lacking) this.send(child, sequence);
  }

  /** Lets go of a child in one stripe. */
  remove(child: Neighbour, stripe: number): void {
    const bit = 1 << stripe;
    if ((child.takes & bit) === 0) return;
    child.takes &= ~bit;
    const children = this.#children[stripe]!;
    children.splice(children.indexOf(child), 1);
    this.#count--;
  }

  /** Lets go of a child altogether. */
  removeAll(child: Neighbour): void {
    for (let stripe = 0; stripe < this.#children.length; stripe++) this.remove(child, stripe);
    this.#queued -= child.queue.length + child.past.length;
    child.queue.length = child.past.length = 0;
  }

  /** Lets go of all children. */
  releaseAll(cause: ReleaseCause): void {
    for (let stripe = 0; stripe < this.#children.length; stripe++) {
      for (const child of [...this.#children[stripe]!]) {
        this.#port.release(child.id, stripe, cause);
        this.remove(child, stripe);
      }
    }
  }

  /** Tells the children of a stripe how far from the relay they are. */
  tellDepth(stripe: number, depth: number): void {
    for (const child of this.children(stripe)) this.#port.adopted(child.id, stripe, depth);
  }

  /** Tells the children that what is missing is missing here, too: they look for it without blaming us. */
  excuse(missing: readonly number[]): void {
    if (this.#count === 0) return;
    const stripes = this.#children.length;
    for (let stripe = 0; stripe < stripes; stripe++) {
      const children = this.#children[stripe]!;
      if (children.length === 0) continue;
      const mine = missing.filter(sequence => stripeOf(sequence, stripes) === stripe);
      if (mine.length > 0) for (const child of children) this.#port.lacking(child.id, mine);
    }
  }

  /** A new chunk: on to the children, except where it came from. */
  pass(sequence: number, stripe: number, bytes: number, from: PeerId): void {
    this.#chunkBytes += (bytes - this.#chunkBytes) / 32;
    const children = this.#children[stripe];
    if (!children) return;
    for (let i = 0; i < children.length; i++) {
      const child = children[i]!;
      if (child.id !== from && !child.has(sequence)) this.send(child, sequence);
    }
  }

  /** Sends one held chunk, now or when there is room. */
  send(to: Neighbour, sequence: number): void {
    if (!to.markSent(sequence)) return;
    if (to.queue.length === 0 && this.#port.backlog(to.id) < LINK_BYTES) {
      this.#push(to, sequence);
      return;
    }
    if (to.queue.length >= MAX_QUEUE) {
      this.#port.lacking(to.id, [to.queue.shift()!]);
      this.#queued--;
    }
    to.queue.push(sequence);
    this.#queued++;
  }

  /** Sends what a neighbour asks for; tells it what it can't have. */
  answer(to: Neighbour, wanted: Iterable<number>): void {
    const missing: number[] = [];
    for (const sequence of wanted) {
      if (!this.#ring.has(sequence) || !this.#isAllowed || to.queue.length > MAX_ASKED) missing.push(sequence);
      else {
        to.unmarkSent(sequence);
        this.send(to, sequence);
      }
    }
    if (missing.length > 0) this.#port.lacking(to.id, missing);
  }

  /** Sends chunks of the past that a neighbour fetches, when nothing newer waits; tells it what it can't have. */
  recall(to: Neighbour, wanted: readonly number[]): void {
    const room = this.#isAllowed ? Math.max(0, MAX_PAST - to.past.length) : 0;
    const taken = wanted.slice(0, room);
    to.past.push(...taken);
    this.#queued += taken.length;
    if (taken.length < wanted.length) this.#port.lacking(to.id, wanted.slice(room));
    this.#flushPast(to);
  }

  /** Sends what waits for a neighbour as far as there is room; tells it what has become too old. */
  flush(to: Neighbour, relayNow: Millis): void {
    if (to.queue.length === 0) {
      this.#flushPast(to);
      return;
    }
    const dropped: number[] = [];
    let next = 0;
    for (; next < to.queue.length; next++) {
      const sequence = to.queue[next]!;
      if (!this.#ring.has(sequence) || relayNow - this.#ring.capturedAt(sequence) > this.#maxAgeMs)
        dropped.push(sequence);
      else if (this.#port.backlog(to.id) < LINK_BYTES) this.#push(to, sequence);
      else break;
    }
    to.queue.splice(0, next);
    this.#queued -= next;
    if (dropped.length > 0) this.#port.lacking(to.id, dropped);
  }

  /** Steps the meter of the uplink, where that is due. */
  measure(neighbours: Iterable<Neighbour>, childKbps: number, now: Millis): void {
    if (!this.#meter.due(now)) return;
    let backlog = 0;
    let queued = 0;
    const busyLinks: number[] = [];
    const idleLinks: number[] = [];
    for (const neighbour of neighbours) {
      if (!neighbour.up) continue;
      backlog += this.#port.backlog(neighbour.id);
      queued += neighbour.queue.length * this.#chunkBytes;
      (neighbour.takes === 0 ? idleLinks : busyLinks).push(neighbour.queueingMs);
      this.#relieve(neighbour);
    }
    // On a link that carries chunks a ping also waits for the chunks that were lost there: that isn't the uplink's fault.
    const queueing = (idleLinks.length >= ENOUGH_LINKS ? idleLinks : busyLinks).sort((a, b) => a - b);
    this.#meter.step(now, { backlog, queued, queueingMs: queueing[queueing.length >> 1] ?? 0, childKbps });
  }

  /** Of several stripes that a link doesn't carry one goes elsewhere: what is lost on the way holds up all of them. */
  #relieve(child: Neighbour): void {
    const stripes = this.#children.length;
    const takesSeveral = (child.takes & (child.takes - 1)) !== 0;
    // A new child of one stripe is sent at once what it lacks, others what they ask for: that is no crowd.
    const waiting =
      !takesSeveral || child.queue.length < CROWDED ? [] : child.queue.map(sequence => stripeOf(sequence, stripes));
    const isCrowded = waiting.filter(stripe => stripe !== waiting[0]).length > 1;
    child.crowdedSteps = isCrowded ? child.crowdedSteps + 1 : 0;
    if (child.crowdedSteps < CROWDED_STEPS) return;
    child.crowdedSteps = 0;
    const stripe = 31 - Math.clz32(child.takes);
    this.remove(child, stripe);
    const kept = child.queue.filter(sequence => stripeOf(sequence, stripes) !== stripe);
    this.#queued -= child.queue.length - kept.length;
    child.queue.splice(0, child.queue.length, ...kept);
    this.#port.release(child.id, stripe, 'crowded');
  }

  #flushPast(to: Neighbour): void {
    const missing: number[] = [];
    while (to.queue.length === 0 && to.past.length > 0 && this.#port.backlog(to.id) < LINK_BYTES) {
      const sequence = to.past.shift()!; // there is one
      this.#queued--;
      if (!this.#push(to, sequence)) missing.push(sequence);
    }
    if (missing.length > 0) this.#port.lacking(to.id, missing);
  }

  #push(to: Neighbour, sequence: number): boolean {
    if (!this.#port.push(to.id, sequence)) return false;
    to.bytesOut += this.#chunkBytes;
    this.bytesSent += this.#chunkBytes;
    this.#meter.sent(this.#chunkBytes);
    return true;
  }
}
