// The relay's plan of the swarm: who feeds whom in which stripe, who stands by, who is out.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Grievance } from '../wire/complaint.ts';
import { Acquaintances } from './acquaintances.ts';
import { capacityOf } from './capacity.ts';
import { ClaimedParents } from './claimed-parents.ts';
import type { CoordinatorOutput, Entrant } from './coordinator-face.ts';
import { Court } from './court.ts';
import { drift } from './drift.ts';
import { Forest } from './forest.ts';
import { Member, type Place } from './member.ts';
import { PairMemory } from './pair-memory.ts';
import { PlanWriter } from './plan-writer.ts';
import { Roster } from './roster.ts';
import { release, SparePicker } from './spare-picker.ts';
import { arrivalMs, isWithin } from './stripe-tree.ts';
import { type SwarmFigures, swarmFigures } from './swarm-figures.ts';

export interface CoordinatorOptions {
  /** Push trees: 1–16. */
  readonly stripes: number;
  /** Rate of one stripe, in kbit/s. */
  readonly stripeKbps: number;
  /** Most children that a viewer gets, over all stripes. Default 24. */
  readonly maxChildren?: number;
  /** Below this number of viewers the relay feeds everybody. Default 0. */
  readonly minViewers?: number;
}

/** What a viewer measured. */
export interface Measured {
  readonly uploadKbps: number;
  readonly peers: readonly { readonly peer: PeerId; readonly roundTripMs: Millis }[];
}

/** Changes of the stripes' rate below this share don't matter. */
const RATE_TOLERANCE = 0.15;
/** For how long a pair isn't put together again; twice as long each time that it goes wrong soon after. */
const AVOID_MS: Readonly<Record<Grievance, Millis>> = {
  unreachable: 600_000,
  corrupt: 600_000,
  mute: 60_000,
  lost: 8_000,
  silent: 8_000,
  refused: 30_000,
  slow: 20_000,
};
/** For how long a lowered capacity holds. */
const CEILING_MS = 30_000;
/** The same after it was found as good as gone. */
const GONE_CEILING_MS = 10_000;
/** Whoever lost its own parent this recently isn't to blame for its silence. */
const DISTURBED_MS = 3_000;
/** A peer found silent by several is banned after this time, unless it turns out that it was cut off itself. */
const GRACE_MS = 1_000;
/** Away from a slow parent this much later is still better. */
const SLOW_TOLERANCE_MS = 50;
const REPEAT_MS = 5_000;
const DRIFT_MS = 2_000;
const DRIFT_SAMPLE = 512;
/** The share of the members that may move in one round of drift. */
const DRIFT_SHARE = 0.01;
/** Children of the relay that are taken back at once when room appears. */
const TAKEN_BACK = 4;

/** Plans the push trees of one channel. Time is an argument; what it wants done is fetched with `take`. */
export class Coordinator {
  readonly #stripes: number;
  readonly #minViewers: number;
  readonly #maxChildren: number;
  #stripeKbps: number;
  #now: Millis = 0;
  #active: boolean;
  readonly #roster = new Roster();
  readonly #pairs = new PairMemory();
  readonly #court = new Court();
  readonly #known = new Acquaintances();
  readonly #claims = new ClaimedParents();
  readonly #forest: Forest;
  readonly #picker: SparePicker;
  readonly #plans: PlanWriter;
  #drops: CoordinatorOutput[] = [];
  /** Found silent: banned when their grace ends. */
  #suspects: { readonly peer: PeerId; readonly stripes: number; readonly at: Millis }[] = [];
  readonly #banned = new Set<Member>();
  #driftAt: Millis | undefined;

  constructor({ stripes, stripeKbps, maxChildren = 24, minViewers = 0 }: CoordinatorOptions) {
    if (!(Number.isInteger(stripes) && stripes >= 1 && stripes <= 16))
      throw new RangeError(`${stripes} stripes: 1 to 16`);
    if (!(stripeKbps > 0)) throw new RangeError(`${stripeKbps} kbit/s a stripe: more than 0`);
    this.#stripes = stripes;
    this.#stripeKbps = stripeKbps;
    this.#maxChildren = maxChildren;
    this.#minViewers = minViewers;
    this.#active = minViewers <= 0;
    const mayPair = (a: Member, b: Member) => !this.#pairs.has(a.peer, b.peer, this.#now);
    this.#forest = new Forest({ stripes, mayPair, moved: member => this.#plans.mark(member) });
    this.#picker = new SparePicker({ members: this.#roster.list, finder: this.#forest.finder, mayPair });
    this.#plans = new PlanWriter({ picker: this.#picker, known: this.#known });
  }

  /** The measured rate of one stripe. Small changes are ignored. */
  setStripeKbps(kbps: number): void {
    if (!(kbps > 0) || Math.abs(kbps / this.#stripeKbps - 1) <= RATE_TOLERANCE) return;
    this.#stripeKbps = kbps;
    for (const member of this.#roster.list) this.#fitCapacity(member);
    this.#takeBack();
  }

  /** Somebody enters, or says anew how it is: what works is kept. */
  join(peer: PeerId, entrant: Entrant, now: Millis): void {
    this.#now = now;
    const earlier = this.#roster.get(peer);
    if (earlier && earlier.role !== entrant.role) this.leave(peer, now);
    const known = this.#roster.get(peer);
    const member = known ?? new Member(peer, entrant.role, this.#stripes, now);
    if (known) this.#forest.finder.remove(member);
    member.network = entrant.network;
    member.roundTripMs = entrant.roundTripMs;
    member.uploadKbps = entrant.uploadKbps;
    this.#forest.finder.add(member);
    if (!known) {
      this.#roster.add(member);
      if (member.role === 'source') this.#picker.addSource(member);
      if (this.isBanned(peer)) this.#banned.add(member);
    }
    member.neighbours = entrant.neighbours;
    if (!this.#checkActive()) this.#enter(member);
    // Whoever asks gets an answer, even if it is the same.
    this.#plans.repeat(member);
    this.#takeBack();
  }

  /** Somebody has gone. */
  leave(peer: PeerId, now: Millis): void {
    this.#now = now;
    const member = this.#roster.get(peer);
    if (!member) return;
    this.#dropEverywhere(member, 'left');
    this.#roster.remove(member);
    this.#forest.finder.remove(member);
    this.#expel(member);
    this.#banned.delete(member);
    this.#plans.forget(member);
    this.#known.forget(peer);
    if (member.role === 'source') this.#picker.removeSource(member);
    this.#checkActive();
    this.#takeBack();
  }

  /** What a viewer measured: its upload, and the round trips to its peers. */
  report(peer: PeerId, { uploadKbps, peers }: Measured, now: Millis): void {
    this.#now = now;
    const member = this.#roster.get(peer);
    if (!member) return;
    member.uploadKbps = uploadKbps;
    member.roundTrips = new Map(peers.map(({ peer: other, roundTripMs }) => [other, roundTripMs]));
    for (const place of member.places) {
      const measured = place.parent && member.roundTrips.get(place.parent.member.peer);
      if (measured !== undefined) place.oneWayMs = measured / 2;
    }
    this.#fitCapacity(member);
    this.#takeBack();
  }

  /** A viewer can't rely on a peer that it was introduced to. `stripes` are those that the peer fed it. */
  complain(by: PeerId, about: PeerId, grievance: Grievance, stripes: number, now: Millis): void {
    this.#now = now;
    const member = this.#roster.get(by);
    if (!member || by === about || !this.#known.has(by, about, now)) return;
    const accused = this.#roster.get(about);
    const fed = member.places.filter(({ parent, claim }) => (parent ? parent.member === accused : claim === about));
    this.#pairs.avoid(by, about, AVOID_MS[grievance], now);
    this.#plans.mark(member);
    if (accused) this.#plans.mark(accused);
    if (grievance === 'slow') {
      if (!accused || fed.length === 0) return;
      for (const place of fed) this.#forest.improve(place, arrivalMs(place) + SLOW_TOLERANCE_MS);
      this.#lower(accused, accused.capacity - 1);
      return;
    }
    // Before anything moves: whoever was just cut off itself is not to blame.
    const excused =
      (grievance === 'silent' || grievance === 'mute') && accused !== undefined && this.#isCutOff(accused, stripes);
    if (grievance === 'refused') {
      this.#rehang(fed);
      if (accused && fed.length > 0) this.#lower(accused, accused.used);
      return;
    }
    const feeding = accused?.places.filter(({ parent }) => parent?.member === member) ?? [];
    this.#rehang([...fed, ...feeding]);
    this.#takeBack();
    if (!accused || excused || grievance === 'unreachable' || this.isBanned(by)) return;
    const several = this.#forest.finder.networks > 1;
    const verdict = this.#court.hear(
      about,
      grievance,
      { peer: by, source: several ? member.network : String(by) },
      now,
    );
    if (verdict === 'corrupt') this.#ban(accused);
    if (verdict === 'gone' || verdict === 'useless') this.#treatAsGone(accused);
    if (verdict === 'useless') this.#suspects.push({ peer: about, stripes, at: now + GRACE_MS });
  }

  /** A viewer tells who feeds it. The plan follows where it can; where not, the viewer hears the plan again. */
  served(peer: PeerId, stripe: number, parent: PeerId, now: Millis): void {
    this.#now = now;
    const place = this.#roster.get(peer)?.places[stripe];
    const feeder = this.#roster.get(parent)?.places[stripe];
    if (!place || !feeder || place.feed === 'detached' || place.parent === feeder) return;
    if (feeder.feed !== 'detached' && this.#mayHang(place, feeder) && !this.#isLastRoot(place)) {
      this.#forest.detach(place);
      this.#forest.attach(place, feeder);
    } else if (now - place.member.repeatedAt >= REPEAT_MS) {
      place.member.repeatedAt = now;
      this.#plans.repeat(place.member);
    }
  }

  /** Whether signals may pass between two peers: they were introduced to each other. */
  mayTalk(a: PeerId, b: PeerId): boolean {
    return this.#known.has(a, b, this.#now) && !this.isBanned(a) && !this.isBanned(b);
  }

  isBanned(peer: PeerId): boolean {
    return this.#court.isBanned(peer, this.#now);
  }

  /** Does what is due: claims that ran out, bans that begin or end, slow improvement. */
  poll(now: Millis): void {
    this.#now = now;
    this.#rehang(this.#claims.expired(now));
    const due = this.#suspects.filter(({ at }) => at <= now);
    this.#suspects = this.#suspects.filter(({ at }) => at > now);
    for (const { peer, stripes } of due) {
      const member = this.#roster.get(peer);
      if (!member || this.#isCutOff(member, stripes)) continue;
      this.#court.banForUselessness(peer, now);
      this.#ban(member);
    }
    this.#plans.poll(now);
    this.#driftAt ??= now + DRIFT_MS;
    if (now < this.#driftAt) return;
    this.#driftAt = now + DRIFT_MS;
    for (const member of [...this.#banned]) {
      if (this.isBanned(member.peer)) continue;
      this.#banned.delete(member);
      this.#enter(member);
    }
    const sample = [...this.#roster.round(DRIFT_SAMPLE)];
    for (const member of sample) if (member.ceilingUntil <= now) this.#fitCapacity(member);
    const limit = Math.max(1, Math.floor(this.#roster.list.length * DRIFT_SHARE));
    this.#takeBack(Math.max(limit, TAKEN_BACK));
    drift(this.#forest, sample, limit, now);
  }

  /** When `poll` has something to do. */
  wakeAt(): Millis | undefined {
    const times = [this.#plans.wakeAt, this.#claims.wakeAt, this.#suspects[0]?.at];
    if (this.#roster.list.length > 0) times.push(this.#driftAt ?? this.#now + DRIFT_MS);
    const due = times.filter(time => time !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** What is to be done since the last time: drops, then at most one plan for each peer. */
  take(): CoordinatorOutput[] {
    const drops = this.#drops.filter(({ to }) => this.#roster.get(to));
    this.#drops = [];
    return [...drops, ...this.#plans.take(member => this.#plays(member), this.#now)];
  }

  /** The shape of the swarm. Looks at everybody. */
  get figures(): SwarmFigures {
    return swarmFigures(this.#roster.list, this.#forest);
  }

  #plays(member: Member): boolean {
    return this.#active && member.role === 'viewer' && !this.#banned.has(member);
  }

  /** Crosses the number of viewers from which peers are used. True when everybody has just entered or left the trees. */
  #checkActive(): boolean {
    const active = this.#roster.viewers >= this.#minViewers;
    if (active === this.#active) return false;
    this.#active = active;
    for (const member of this.#roster.list) {
      if (active) this.#enter(member);
      else this.#expel(member);
    }
    return true;
  }

  /** Gives a member its places, or keeps those it has: claimed parents first, then children that waited for it, then what is best. */
  #enter(member: Member): void {
    this.#plans.mark(member);
    if (!this.#plays(member)) {
      this.#rehang(this.#claims.fulfil(member.peer));
      return;
    }
    this.#fitCapacity(member);
    const { neighbours } = member;
    member.neighbours = [];
    for (const { peer, stripes } of neighbours) {
      for (const place of member.places) if (stripes & (1 << place.stripe)) this.#claim(place, peer);
    }
    for (const child of this.#claims.fulfil(member.peer)) {
      this.#forest.detach(child);
      const parent = member.places[child.stripe]!;
      if (this.#mayHang(child, parent)) this.#forest.attach(child, parent);
      else this.#forest.place(child);
    }
    const home = member.home === undefined ? [] : [member.places[member.home]!];
    for (const place of [...home, ...member.places]) if (place.feed === 'detached') this.#forest.place(place);
  }

  /** Follows what a viewer says about who feeds it, as far as that can be. */
  #claim(place: Place, peer: PeerId): void {
    if (peer === place.member.peer || this.isBanned(peer)) return;
    const claimed = this.#roster.get(peer);
    if (!claimed) {
      if (place.feed !== 'detached') return;
      this.#forest.assume(place, peer);
      this.#claims.add(place, peer, this.#now);
      return;
    }
    const parent = claimed.places[place.stripe]!;
    if (place.parent === parent || !this.#mayHang(place, parent) || this.#isLastRoot(place)) return;
    this.#forest.detach(place);
    this.#forest.attach(place, parent);
  }

  /** Takes a member out of the trees and everybody's spares. */
  #expel(member: Member): void {
    const children = member.places.flatMap(place => place.children);
    for (const child of children) child.disturbedAt = this.#now;
    this.#forest.remove(member);
    release(member);
    for (const other of member.sparedBy) {
      other.spares = other.spares.filter(spare => spare !== member);
      this.#plans.markLater(other, this.#now);
    }
    member.sparedBy.clear();
    this.#plans.mark(member);
  }

  #ban(member: Member): void {
    this.#dropEverywhere(member, 'banned');
    this.#banned.add(member);
    this.#expel(member);
    this.#takeBack();
  }

  /** Its children go elsewhere, and it gets none for a while. */
  #treatAsGone(member: Member): void {
    // Its own parents may go on feeding it: only those who rely on it are told.
    this.#dropEverywhere(member, 'left', true);
    const children = member.places.flatMap(place => place.children);
    for (const child of children) child.disturbedAt = this.#now;
    this.#lower(member, 0, GONE_CEILING_MS);
    this.#takeBack();
  }

  #dropEverywhere(member: Member, cause: 'left' | 'banned', onlyReliant = false): void {
    for (const to of this.#known.of(member.peer, this.#now)) {
      const other = this.#roster.get(to);
      const relies = other?.named.has(member.peer) === true;
      if (relies || !onlyReliant) this.#drops.push({ type: 'drop', to, peer: member.peer, cause });
      if (other && relies) this.#plans.repeat(other);
    }
  }

  #fitCapacity(member: Member): void {
    if (!this.#plays(member)) return;
    const limits = { stripeKbps: this.#stripeKbps, maxChildren: this.#maxChildren };
    this.#forest.setCapacity(member, capacityOf(member, limits, this.#now));
  }

  #lower(member: Member, capacity: number, forMs = CEILING_MS): void {
    member.ceiling = Math.max(0, capacity);
    member.ceilingUntil = this.#now + forMs;
    this.#fitCapacity(member);
  }

  /** Finds other parents for places at once. */
  #rehang(places: readonly Place[]): void {
    for (const place of places) {
      place.disturbedAt = this.#now;
      this.#forest.detach(place);
    }
    this.#forest.placeAll(places);
  }

  /** Takes surplus children of the relay back while there is room. */
  #takeBack(limit = TAKEN_BACK): void {
    for (let stripe = 0; stripe < this.#stripes; stripe++) this.#forest.takeBack(stripe, limit);
  }

  #mayHang(place: Place, parent: Place): boolean {
    const [a, b] = [place.member, parent.member];
    return b.free > 0 && !isWithin(parent, place) && !this.#pairs.has(a.peer, b.peer, this.#now);
  }

  #isLastRoot(place: Place): boolean {
    return place.feed === 'relay' && this.#forest.trees[place.stripe]!.roots.length === 1;
  }

  /** Whether a member, or one above it, has just lost its parent in one of these stripes. */
  #isCutOff(member: Member, stripes: number): boolean {
    const since = this.#now - DISTURBED_MS;
    return member.places.some(({ stripe }) => {
      if (!(stripes & (1 << stripe))) return false;
      for (let at: Place | undefined = member.places[stripe]; at; at = at.parent)
        if (at.disturbedAt > since) return true;
      return false;
    });
  }
}
