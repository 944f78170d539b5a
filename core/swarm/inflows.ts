// From whom each stripe comes: carries out the plan (make before break), notices silence, and finds a substitute at once.

import { type PeerId, RELAY } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import { Inflow, UNPLANNED } from './inflow.ts';
import type { Neighbour } from './neighbour.ts';
import type { SchedulerPort } from './scheduler-port.ts';
import { findSubstitute } from './substitute.ts';

/** What the inflows need to know of their viewer. */
export interface InflowsOwner {
  /** Hops from the relay to the viewer while nobody else is between. */
  readonly ownDepth: number;
  relayIsUp(): boolean;
  neighbours(): Iterable<Neighbour>;
  /** The lowest sequence of a stripe that is missing. */
  firstMissing(stripe: number): number;
  hasChildren(stripe: number): boolean;
  /** For the children of the stripe. */
  depthChanged(inflow: Inflow): void;
}

/** How a chunk that was pushed came. */
export interface Arrival {
  readonly age: Millis;
  readonly capturedAt: Millis;
  /** Not from the past that a new viewer gets. */
  readonly isFresh: boolean;
}

/** Beyond round trips and chunk intervals, a new parent has so long to push its first chunk. */
const TRIAL_MS: Millis = 1_200;
/** A parent that says it lacks a chunk is excused for so long. */
const EXCUSED_MS: Millis = 1_000;
/** With nothing pushed for so long, excused or not, the relay is asked as well; later by a step for each hop. */
const STARVED_MS: Millis = 1_000;
const STARVED_STEP_MS: Millis = 150;
/** A parent of whose chunks more than this share had to come another way is a slow one. */
const SLOW_SHARE = 0.6;
const COMPLAIN_AGAIN_MS: Millis = 5_000;
/** Without anybody to push a stripe for so long, a viewer takes whoever offers. */
const IN_NEED_MS: Millis = 2_000;
/** A way longer than this is a circle. */
const MAX_DEPTH = 40;
/** Of what the slowest stripe takes now, at each look round. */
const DELAY_WEIGHT = 0.01;

/** All stripes of one viewer. */
export class Inflows {
  readonly #port: SchedulerPort;
  readonly #owner: InflowsOwner;
  #all: Inflow[] = [];
  /** What the relay was last told. */
  #pushed = 0;
  #delayMs: Millis = 0;

  constructor(port: SchedulerPort, owner: InflowsOwner) {
    this.#port = port;
    this.#owner = owner;
  }

  get all(): readonly Inflow[] {
    return this.#all;
  }

  get count(): number {
    return this.#all.length;
  }

  /** Bit s: the relay is asked to push stripe s. */
  get relayStripes(): number {
    let mask = 0;
    for (const { relay, stripe } of this.#all) if (relay) mask |= 1 << stripe;
    return mask;
  }

  get meanDepth(): number {
    let sum = 0;
    for (const { depth } of this.#all) sum += depth;
    return this.#all.length === 0 ? 0 : sum / this.#all.length;
  }

  /** From capture to arrival, for most chunks of the slowest stripe of late; 0 while unknown. */
  get delayMs(): Millis {
    return this.#delayMs;
  }

  parentOf(stripe: number): Neighbour | undefined {
    return this.#all[stripe]?.parent;
  }

  depthOf(stripe: number): number {
    return this.#all[stripe]?.depth ?? 1;
  }

  /** Doesn't count on a planned parent any more. Returns bit s for each stripe s it was planned for. */
  giveUp(peer: PeerId): number {
    let mask = 0;
    for (const inflow of this.#all) {
      if (inflow.planned !== peer) continue;
      mask |= 1 << inflow.stripe;
      inflow.planned = UNPLANNED;
    }
    return mask;
  }

  /** Starts anew with so many stripes, all of them from the relay. */
  restripe(stripes: number, now: Millis): void {
    for (const inflow of this.#all) {
      for (const neighbour of [inflow.parent, inflow.trial]) {
        if (!neighbour) continue;
        this.#port.release(neighbour.id, inflow.stripe, 'done');
        neighbour.gives = 0;
      }
    }
    const isFirst = this.#all.length === 0;
    this.#all = Array.from({ length: stripes }, (_, stripe) => new Inflow(stripe, this.#owner.ownDepth, now));
    this.#pushed = this.relayStripes;
    if (!isFirst) this.#port.pushStripes(this.#pushed, 0);
  }

  /** Takes the relay's wishes. */
  plan(parents: readonly PeerId[], now: Millis): void {
    for (const inflow of this.#all) {
      inflow.planned = parents[inflow.stripe] ?? RELAY;
      if (inflow.planned !== RELAY) continue;
      if (inflow.trial) this.#dismissTrial(inflow);
      if (!inflow.relay) this.#askRelay(inflow, now);
    }
    this.settle(now);
  }

  /** Asks the planned parents that are connected by now. */
  settle(now: Millis): void {
    for (const neighbour of this.#owner.neighbours()) {
      if (!neighbour.up) continue;
      for (const inflow of this.#all) {
        if (inflow.planned !== neighbour.id || inflow.parent === neighbour || inflow.trial === neighbour) continue;
        this.#tryOut(inflow, neighbour, now);
      }
    }
  }

  /** A chunk of a stripe was pushed: by a neighbour, or by the relay. */
  pushed(stripe: number, by: Neighbour | undefined, arrival: Arrival, now: Millis): void {
    const inflow = this.#all[stripe]!;
    if (arrival.isFresh) inflow.sample(arrival.age, arrival.capturedAt, now);
    else inflow.pushedAt = now;
    if (!by) {
      if (inflow.relay && inflow.planned === RELAY && inflow.parent) this.#backToRelay(inflow);
      if (!inflow.parent) inflow.settledDepth = inflow.depth;
    } else if (by === inflow.trial) {
      if (this.#mayFeed(inflow, by, now)) this.#promote(inflow, by);
    } else if (by === inflow.parent) {
      inflow.settledDepth = inflow.depth;
      if (inflow.relay && inflow.planned !== RELAY) this.#leaveRelay(inflow);
    } else if ((by.gives & (1 << stripe)) === 0 && now - by.strayAt > 1_000) {
      by.strayAt = now;
      this.#port.release(by.id, stripe, 'done');
    }
  }

  /** A parent tells its own depth. */
  adopted(stripe: number, peer: PeerId, depth: number, now: Millis): void {
    const inflow = this.#all[stripe]!;
    if (inflow.trial?.id === peer) {
      inflow.trialDepth = depth;
      if (!this.#mayFeed(inflow, inflow.trial, now)) {
        inflow.trial.declinedAt = now;
        this.#dismissTrial(inflow);
        this.#cover(inflow, now);
      }
    }
    if (inflow.parent?.id !== peer || inflow.parentDepth === depth) return;
    inflow.parentDepth = depth;
    if (depth > MAX_DEPTH) {
      this.#port.release(peer, stripe, 'done');
      this.#orphan(inflow);
      this.#cover(inflow, now);
    } else this.#owner.depthChanged(inflow);
  }

  /** A parent, or one to be, said no; whether it was either. */
  released(stripe: number, neighbour: Neighbour, now: Millis): boolean {
    const inflow = this.#all[stripe]!;
    neighbour.declinedAt = now;
    return this.#lose(inflow, neighbour, now);
  }

  /** A neighbour is gone. */
  gone(neighbour: Neighbour, now: Millis): void {
    for (const inflow of this.#all) this.#lose(inflow, neighbour, now);
  }

  /** The parent of a stripe lacks a chunk itself. */
  excuse(stripe: number, now: Millis): void {
    this.#all[stripe]!.excusedUntil = now + EXCUSED_MS;
  }

  /** What the relay pushed is to come from elsewhere. */
  relayDown(now: Millis): void {
    for (const inflow of this.#all) this.#cover(inflow, now);
  }

  /** Looks for silence. `overdue`: bit s, chunks of stripe s are. Whether anything is not as it should be. */
  check(overdue: number, now: Millis): boolean {
    let isUnsettled = false;
    for (const inflow of this.#all) {
      if (inflow.trial) {
        isUnsettled = true;
        this.#checkTrial(inflow, inflow.trial, now);
      }
      if ((overdue & (1 << inflow.stripe)) !== 0) this.#checkSilence(inflow, now);
      if (!this.#isFed(inflow)) {
        isUnsettled = true;
        this.#cover(inflow, now);
      }
    }
    return isUnsettled;
  }

  /** A slow mean: a moment's trouble is not what the network is like. */
  noteDelay(): void {
    let slowest = 0;
    for (const inflow of this.#all) if (inflow.isMeasured) slowest = Math.max(slowest, inflow.likelyDelayMs);
    if (slowest > 0) this.#delayMs += (slowest - this.#delayMs) * DELAY_WEIGHT;
  }

  #checkTrial(inflow: Inflow, trial: Neighbour, now: Millis): void {
    const patience = TRIAL_MS + 2 * trial.roundTripMs + 3 * inflow.intervalMs;
    if (now - inflow.trialSince < patience) return;
    const comesOtherwise = inflow.pushedAt > inflow.trialSince + patience / 2;
    // A stream that stands still has nothing to push.
    if (!comesOtherwise && inflow.relay && this.#owner.relayIsUp()) return;
    this.#port.complain(trial.id, comesOtherwise ? 'mute' : 'silent', 1 << inflow.stripe);
    trial.declinedAt = now;
    this.#dismissTrial(inflow);
    if (inflow.planned === trial.id) inflow.planned = UNPLANNED;
    this.#cover(inflow, now);
  }

  #checkSilence(inflow: Inflow, now: Millis): void {
    const { parent, stripe } = inflow;
    if (parent && inflow.missedShare > SLOW_SHARE && now - inflow.complainedAt > COMPLAIN_AGAIN_MS) {
      inflow.complainedAt = now;
      this.#port.complain(parent.id, 'slow', 1 << stripe);
    }
    if (!inflow.isSilent(now)) return;
    if (parent && now > inflow.excusedUntil) {
      this.#port.complain(parent.id, 'silent', 1 << stripe);
      this.#port.release(parent.id, stripe, 'done');
      parent.declinedAt = now;
      if (inflow.planned === parent.id) inflow.planned = UNPLANNED;
      this.#orphan(inflow);
      this.#cover(inflow, now);
    } else if (parent) {
      // It is not to blame, but others may have what it lacks.
      const substitute = inflow.trial ? undefined : this.#substitute(inflow, now);
      if (substitute?.hasNews(now)) this.#tryOut(inflow, substitute, now);
      const starved = now - inflow.pushedAt > STARVED_MS + STARVED_STEP_MS * inflow.depth;
      if (starved && !inflow.relay && this.#owner.relayIsUp()) this.#askRelay(inflow, now);
    } else if (!inflow.trial) {
      // The relay itself is silent, or slow: whoever holds the stripe may do better.
      const substitute = this.#substitute(inflow, now);
      if (substitute) this.#tryOut(inflow, substitute, now);
    }
  }

  #isFed(inflow: Inflow): boolean {
    return inflow.parent !== undefined || inflow.trial !== undefined || (inflow.relay && this.#owner.relayIsUp());
  }

  /** Finds somebody to push a stripe that nobody pushes. Interior viewers take the relay at once: others wait below them. */
  #cover(inflow: Inflow, now: Millis): void {
    if (this.#isFed(inflow)) return;
    inflow.orphanedAt ??= now;
    const mayAskRelay = this.#owner.relayIsUp();
    if (mayAskRelay && this.#owner.hasChildren(inflow.stripe)) {
      this.#askRelay(inflow, now);
      return;
    }
    const substitute = this.#substitute(inflow, now);
    if (substitute) this.#tryOut(inflow, substitute, now);
    else if (mayAskRelay) this.#askRelay(inflow, now);
  }

  #substitute(inflow: Inflow, now: Millis): Neighbour | undefined {
    return findSubstitute(this.#owner.neighbours(), {
      stripe: inflow.stripe,
      isAnybodyWelcome: !this.#owner.relayIsUp(),
      now,
    });
  }

  #tryOut(inflow: Inflow, neighbour: Neighbour, now: Millis): void {
    if (inflow.trial) this.#dismissTrial(inflow);
    inflow.trial = neighbour;
    inflow.trialSince = now;
    inflow.trialDepth = undefined;
    neighbour.gives |= 1 << inflow.stripe;
    this.#port.adopt(neighbour.id, inflow.stripe, this.#owner.firstMissing(inflow.stripe));
  }

  #dismissTrial(inflow: Inflow): void {
    const { trial, stripe } = inflow;
    if (!trial) return;
    this.#port.release(trial.id, stripe, 'done');
    trial.gives &= ~(1 << stripe);
    inflow.trial = undefined;
  }

  /** Whether somebody outside the plan may be the parent: not one that is further from the relay, as that may be below us. In need, anybody. */
  #mayFeed(inflow: Inflow, candidate: Neighbour, now: Millis): boolean {
    if (inflow.planned === candidate.id) return true;
    if (inflow.trialDepth === undefined) return false;
    const isInNeed = inflow.orphanedAt !== undefined && now - inflow.orphanedAt > IN_NEED_MS;
    return isInNeed || inflow.trialDepth <= inflow.settledDepth;
  }

  #promote(inflow: Inflow, parent: Neighbour): void {
    const { stripe } = inflow;
    const old = inflow.parent;
    if (old) {
      this.#port.release(old.id, stripe, 'done');
      old.gives &= ~(1 << stripe);
    }
    inflow.parent = parent;
    inflow.parentDepth = inflow.trialDepth ?? 1;
    inflow.orphanedAt = undefined;
    if (inflow.planned === parent.id) inflow.settledDepth = inflow.depth;
    inflow.trial = undefined;
    inflow.forgetDelay();
    inflow.excusedUntil = Number.NEGATIVE_INFINITY;
    this.#port.served(stripe, parent.id);
    if (inflow.relay) this.#leaveRelay(inflow);
    this.#owner.depthChanged(inflow);
  }

  #backToRelay(inflow: Inflow): void {
    const { parent, stripe } = inflow;
    if (parent) this.#port.release(parent.id, stripe, 'done');
    this.#orphan(inflow);
    this.#port.served(stripe, RELAY);
    this.#owner.depthChanged(inflow);
  }

  #orphan(inflow: Inflow): void {
    if (inflow.parent) inflow.parent.gives &= ~(1 << inflow.stripe);
    inflow.parent = undefined;
    inflow.parentDepth = 0;
    inflow.forgetDelay();
  }

  #lose(inflow: Inflow, neighbour: Neighbour, now: Millis): boolean {
    const wasTrial = inflow.trial === neighbour;
    const wasParent = inflow.parent === neighbour;
    if (wasTrial) inflow.trial = undefined;
    if (wasParent) this.#orphan(inflow);
    neighbour.gives &= ~(1 << inflow.stripe);
    if (inflow.planned === neighbour.id) inflow.planned = UNPLANNED;
    if (!wasTrial && !wasParent) return false;
    this.#cover(inflow, now);
    return true;
  }

  #askRelay(inflow: Inflow, now: Millis): void {
    inflow.relay = true;
    inflow.orphanedAt = undefined;
    inflow.pushedAt = now;
    this.#tellRelay(this.#owner.firstMissing(inflow.stripe));
    if (!inflow.parent) this.#port.served(inflow.stripe, RELAY);
  }

  #leaveRelay(inflow: Inflow): void {
    inflow.relay = false;
    this.#tellRelay(0);
  }

  #tellRelay(from: number): void {
    const mask = this.relayStripes;
    if (mask === this.#pushed) return;
    this.#pushed = mask;
    this.#port.pushStripes(mask, from);
  }
}
