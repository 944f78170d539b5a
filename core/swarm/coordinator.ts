// The relay's plan of the swarm: who feeds whom in which stripe, who stands by, who is out.

import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Grievance } from '../wire/complaint.ts';
import type { CoordinatorOutput, Entrant } from './coordinator-face.ts';
import { Court } from './court.ts';
import { drift } from './drift.ts';
import { Member, type Place } from './member.ts';
import { Membership } from './membership.ts';
import { lacksSpares } from './spare-picker.ts';
import { arrivalMs } from './stripe-tree.ts';
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
  crowded: 0,
};
/** A link that was crowded gets no stripe beside those that it carries for this long. */
const CROWDED_MS: Millis = 60_000;
/** The same when it was not its fault. */
const EXCUSED_AVOID_MS = 4_000;
/** For how long a peer gets no children after it was found as good as gone. */
const GONE_CEILING_MS = 10_000;
/** Whoever lost its own parent this recently isn't to blame for its silence. */
const DISTURBED_MS = 3_000;
/** A peer found silent by several is banned after this time, unless it turns out that it was cut off itself. */
const GRACE_MS = 1_000;
/** Away from a slow parent this much later is still better. */
const SLOW_TOLERANCE_MS = 50;
const REPEAT_MS = 5_000;
/** Whoever was found mute is tried by others for so long; so many are looked at for one who can. */
const DOUBT_MS = 60_000;
const TRIERS = 32;
const DRIFT_MS = 2_000;
const DRIFT_SAMPLE = 512;
/** The share of the members that may move in one round of drift. */
const DRIFT_SHARE = 0.01;

/** Plans the push trees of one channel. Time is an argument; what it wants done is fetched with `take`. */
export class Coordinator {
  readonly #stripes: number;
  readonly #members: Membership;
  readonly #court = new Court();
  #drops: CoordinatorOutput[] = [];
  /** Found mute by one: others try them until this time. */
  readonly #doubted = new Map<PeerId, Millis>();
  /** Found useless: banned when their grace ends. */
  #suspects: { readonly peer: PeerId; readonly ways: readonly Place[]; readonly at: Millis }[] = [];
  #driftAt: Millis | undefined;

  constructor({ stripes, stripeKbps, maxChildren = 24, minViewers = 0 }: CoordinatorOptions) {
    if (!(Number.isInteger(stripes) && stripes >= 1 && stripes <= 16))
      throw new RangeError(`${stripes} stripes: 1 to 16`);
    if (!(stripeKbps > 0)) throw new RangeError(`${stripeKbps} kbit/s a stripe: more than 0`);
    this.#stripes = stripes;
    this.#members = new Membership({ stripes, stripeKbps, maxChildren, minViewers });
  }

  /** The measured rate of one stripe. Small changes are ignored. */
  setStripeKbps(kbps: number): void {
    if (kbps > 0 && Math.abs(kbps / this.#members.stripeKbps - 1) > RATE_TOLERANCE) this.#members.stripeKbps = kbps;
  }

  /** Somebody enters, or says anew how it is: what works is kept. */
  join(peer: PeerId, entrant: Entrant, now: Millis): void {
    this.#members.now = now;
    const earlier = this.#members.roster.get(peer);
    if (earlier && earlier.role !== entrant.role) this.leave(peer, now);
    const known = this.#members.roster.get(peer);
    const member = known ?? new Member(peer, entrant.role, this.#stripes, now);
    if (known) this.#members.forest.finder.remove(member);
    member.network = entrant.network;
    member.roundTripMs = entrant.roundTripMs;
    member.uploadKbps = entrant.uploadKbps;
    this.#members.forest.finder.add(member);
    if (!known) {
      this.#members.add(member);
      if (this.isBanned(peer)) this.#members.banned.add(member);
    }
    member.neighbours = entrant.neighbours.filter(
      neighbour => neighbour.peer !== peer && !this.isBanned(neighbour.peer),
    );
    if (!this.#members.checkActive()) this.#members.enter(member);
    // Whoever asks gets an answer, even if it is the same.
    this.#members.plans.repeat(member);
    this.#members.takeBack();
  }

  /** Somebody has gone. */
  leave(peer: PeerId, now: Millis): void {
    this.#members.now = now;
    const member = this.#members.roster.get(peer);
    if (!member) return;
    this.#dropEverywhere(member, 'left');
    this.#members.remove(member);
  }

  /** What a viewer measured: its upload, and the round trips to its peers. */
  report(peer: PeerId, { uploadKbps, peers }: Measured, now: Millis): void {
    this.#members.now = now;
    const member = this.#members.roster.get(peer);
    if (!member) return;
    member.uploadKbps = uploadKbps;
    member.roundTrips = new Map(peers.map(({ peer: other, roundTripMs }) => [other, roundTripMs]));
    for (const place of member.places) {
      const measured = place.parent && member.roundTrips.get(place.parent.member.peer);
      if (measured !== undefined) place.oneWayMs = measured / 2;
    }
    this.#members.followUplink(member);
    this.#members.takeBack();
  }

  /** A viewer can't rely on a peer that it was introduced to. `stripes` are those that the peer fed it. */
  complain(by: PeerId, about: PeerId, grievance: Grievance, stripes: number, now: Millis): void {
    this.#members.now = now;
    const member = this.#members.roster.get(by);
    if (!member || by === about || !this.#members.known.has(by, about, now)) return;
    const accused = this.#members.roster.get(about);
    const fed = member.places.filter(({ parent, claim }) => (parent ? parent.member === accused : claim === about));
    // Before anything moves: whoever was just cut off itself is not to blame.
    const ways = accused ? waysTo(accused, stripes) : [];
    const excused = (grievance === 'silent' || grievance === 'mute') && this.#isCutOff(ways);
    if (grievance === 'crowded') {
      this.#members.crowded.avoid(by, about, CROWDED_MS, now);
      this.#members.rehang(fed.filter(({ stripe }) => (stripes & (1 << stripe)) !== 0));
      return;
    }
    this.#members.pairs.avoid(by, about, excused ? EXCUSED_AVOID_MS : AVOID_MS[grievance], now);
    this.#members.plans.mark(member);
    if (accused) this.#members.plans.mark(accused);
    if (grievance === 'slow') {
      if (!accused || fed.length === 0) return;
      for (const place of fed) this.#members.forest.improve(place, arrivalMs(place) + SLOW_TOLERANCE_MS);
      this.#members.lower(accused, accused.capacity - 1);
      return;
    }
    if (grievance === 'refused') {
      this.#members.rehang(fed);
      if (accused && fed.length > 0) this.#members.lower(accused, accused.used);
      return;
    }
    // The connection may be as good as ever in the other direction.
    const isBroken = grievance !== 'silent' && grievance !== 'mute';
    const feeding = isBroken ? (accused?.places.filter(({ parent }) => parent?.member === member) ?? []) : [];
    this.#members.rehang([...fed, ...feeding]);
    this.#members.takeBack();
    if (!accused || excused || grievance === 'unreachable' || grievance === 'lost' || this.isBanned(by)) return;
    const several = this.#members.forest.finder.networks > 1;
    const verdict = this.#court.hear(
      about,
      grievance,
      { peer: by, source: several ? member.network : String(by) },
      now,
    );
    if (verdict === 'corrupt') this.#ban(accused);
    if (verdict === 'gone' || verdict === 'useless') this.#treatAsGone(accused);
    if (verdict === 'useless') {
      this.#doubted.delete(about);
      this.#suspects = this.#suspects.filter(({ peer }) => peer !== about);
      this.#suspects.push({ peer: about, ways, at: now + GRACE_MS });
    }
    if (verdict !== 'none' || grievance !== 'mute') return;
    this.#doubted.set(about, now + DOUBT_MS);
    this.#tryOut(accused);
  }

  /** A viewer tells who feeds it. The plan follows where it can; where not, the viewer hears the plan again. */
  served(peer: PeerId, stripe: number, parent: PeerId, now: Millis): void {
    this.#members.now = now;
    const place = this.#members.roster.get(peer)?.places[stripe];
    const feeder = this.#members.roster.get(parent)?.places[stripe];
    const server = this.#members.roster.get(parent);
    if (server) server.proven = true;
    this.#doubted.delete(parent);
    if (!place || !feeder || place.feed === 'detached' || place.parent === feeder) return;
    if (feeder.feed !== 'detached' && this.#members.follow(place, feeder)) return;
    if (now - place.member.repeatedAt < REPEAT_MS) return;
    place.member.repeatedAt = now;
    this.#members.plans.repeat(place.member);
  }

  /** Whether signals may pass between two peers: they were introduced to each other. */
  mayTalk(a: PeerId, b: PeerId): boolean {
    return this.#members.known.has(a, b, this.#members.now) && !this.isBanned(a) && !this.isBanned(b);
  }

  isBanned(peer: PeerId): boolean {
    return this.#court.isBanned(peer, this.#members.now);
  }

  /** Does what is due: claims that ran out, bans that begin or end, slow improvement. */
  poll(now: Millis): void {
    this.#members.now = now;
    this.#members.rehang(this.#members.claims.expired(now));
    const due = this.#suspects.filter(({ at }) => at <= now);
    this.#suspects = this.#suspects.filter(({ at }) => at > now);
    for (const { peer, ways } of due) {
      const member = this.#members.roster.get(peer);
      if (!member || this.#isCutOff(ways)) continue;
      this.#court.banForUselessness(peer, now);
      this.#ban(member);
    }
    this.#members.plans.poll(now);
    this.#driftAt ??= now + DRIFT_MS;
    if (now < this.#driftAt) return;
    this.#driftAt = now + DRIFT_MS;
    for (const member of [...this.#members.banned]) {
      if (this.isBanned(member.peer)) continue;
      this.#members.banned.delete(member);
      this.#members.enter(member);
    }
    for (const [peer, until] of this.#doubted) {
      const accused = this.#members.roster.get(peer);
      if (!accused || now > until) this.#doubted.delete(peer);
      else if (accused.used === 0) this.#tryOut(accused);
    }
    const sample = [...this.#members.roster.round(DRIFT_SAMPLE)];
    for (const member of sample) if (lacksSpares(member)) this.#members.plans.mark(member);
    const limit = Math.max(1, Math.floor(this.#members.roster.list.length * DRIFT_SHARE));
    this.#members.raise(sample, limit);
    this.#audition(sample, limit);
    this.#members.takeBack(limit);
    drift(this.#members.forest, sample, limit, now);
  }

  /** When `poll` has something to do. */
  wakeAt(): Millis | undefined {
    const times = [this.#members.plans.wakeAt, this.#members.claims.wakeAt, this.#suspects[0]?.at];
    if (this.#members.roster.list.length > 0) times.push(this.#driftAt ?? this.#members.now + DRIFT_MS);
    const due = times.filter(time => time !== undefined);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** What is to be done since the last time: drops, then at most one plan for each peer. */
  take(): CoordinatorOutput[] {
    const drops = this.#drops.filter(({ to }) => this.#members.roster.get(to));
    this.#drops = [];
    return [...drops, ...this.#members.plans.take(member => this.#members.plays(member), this.#members.now)];
  }

  /** Who pushes each stripe to a member by the plan it was told last; undefined when it has been told none. */
  parentsOf(peer: PeerId): readonly PeerId[] | undefined {
    return this.#members.roster.get(peer)?.told?.parents;
  }

  /** The shape of the swarm. Looks at everybody. */
  get figures(): SwarmFigures {
    return swarmFigures(this.#members.roster.list, this.#members.forest);
  }

  #ban(member: Member): void {
    this.#doubted.delete(member.peer);
    this.#dropEverywhere(member, 'banned');
    this.#members.banned.add(member);
    this.#members.expel(member);
    this.#members.takeBack();
  }

  /** Its children go elsewhere, and it gets none for a while. */
  #treatAsGone(member: Member): void {
    this.#members.lower(member, 0, GONE_CEILING_MS);
    this.#members.takeBack();
  }

  /** Whoever could have children but has had none shows what it can: better now than when it is needed. */
  #audition(members: readonly Member[], limit: number): void {
    let left = limit;
    for (const member of members) {
      if (left === 0) return;
      if (member.proven || member.used > 0 || member.free === 0 || !this.#members.plays(member)) continue;
      left--;
      this.#tryOut(member);
    }
  }

  /** Has a leaf try a peer, one that hardly gets its chunks later there; until something comes, it keeps the parent it has. */
  #tryOut(candidate: Member): void {
    const leaves: { readonly place: Place; readonly later: Millis }[] = [];
    for (const member of this.#members.roster.round(TRIERS)) {
      if (member === candidate || !this.#members.plays(member)) continue;
      for (const place of member.places) {
        if (place.children.length > 0 || !place.parent || place.parent.member === candidate) continue;
        leaves.push({ place, later: arrivalMs(candidate.places[place.stripe]!) - arrivalMs(place) });
      }
    }
    leaves.sort((a, b) => a.later - b.later);
    leaves.some(({ place }) => this.#members.follow(place, candidate.places[place.stripe]!));
  }

  #dropEverywhere(member: Member, cause: 'left' | 'banned'): void {
    for (const to of this.#members.known.of(member.peer, this.#members.now)) {
      const other = this.#members.roster.get(to);
      const relies = other?.named.has(member.peer) === true;
      this.#drops.push({ type: 'drop', to, peer: member.peer, cause });
      if (other && relies) this.#members.plans.repeat(other);
    }
  }

  /** Whether one of these has just lost its parent. */
  #isCutOff(places: readonly Place[]): boolean {
    return places.some(({ disturbedAt }) => disturbedAt > this.#members.now - DISTURBED_MS);
  }
}

/** A member's places in some stripes, and those above them. */
function waysTo(member: Member, stripes: number): Place[] {
  const ways: Place[] = [];
  for (const place of member.places) {
    if (!(stripes & (1 << place.stripe))) continue;
    for (let at: Place | undefined = place; at; at = at.parent) ways.push(at);
  }
  return ways;
}
