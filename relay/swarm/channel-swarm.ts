// The swarm of one channel on the relay: who is in it, what the coordinator wants them to do, and what they may say to each other.

import { type PeerId, peerIdOf, RELAY } from '../../core/peer-id.ts';
import { Coordinator } from '../../core/swarm/coordinator.ts';
import type { CoordinatorOutput } from '../../core/swarm/coordinator-face.ts';
import type { Millis } from '../../core/time.ts';
import type { Complaint } from '../../core/wire/complaint.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { dropPeer, plan, signal } from '../../core/wire/index.ts';
import type { JoinSwarm } from '../../core/wire/join-swarm.ts';
import type { Served } from '../../core/wire/served.ts';
import type { Signal } from '../../core/wire/signal.ts';
import type { SwarmReport } from '../../core/wire/swarm-report.ts';
import type { Log } from '../log.ts';
import { Resident } from './resident.ts';
import { StripeCount } from './stripe-count.ts';
import { type Received, SwarmLedger } from './swarm-ledger.ts';
import type { SwarmMember } from './swarm-member.ts';
import type { SwarmSettings } from './swarm-settings.ts';
import type { SwarmStats } from './swarm-stats.ts';
import { WakeTimer } from './wake-timer.ts';

export interface ChannelSwarmOptions {
  readonly settings: SwarmSettings;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
  readonly log: Log;
}

/** A viewer that others complain about gives a sign of life within this time, or counts as gone. */
const PROBE_MS: Millis = 1_500;
/** What changes within this time is planned together. */
const SETTLE_MS: Millis = 20;
/** The coordinator is not woken more often than this. */
const MIN_POLL_MS: Millis = 5;
/** The accused and the exiles that are remembered at most; the oldest go first. */
const MAX_REMEMBERED = 10_000;
/** A ban outlives its coordinator by this much. */
const EXILE_MS: Millis = 600_000;
/** What a stream is taken for while its rate is unknown, in kbit/s. */
const UNKNOWN_KBPS = 2_000;

export class ChannelSwarm {
  readonly #options: ChannelSwarmOptions;
  readonly #byId = new Map<PeerId, Resident>();
  readonly #byMember = new Map<SwarmMember, Resident>();
  /** Of whom others said that they send nothing, or what they shouldn't. */
  readonly #accused = new Set<PeerId>();
  /** Whom an earlier coordinator had banned, and until when they stay out. */
  readonly #exiles = new Map<PeerId, Millis>();
  readonly #ledger = new SwarmLedger();
  readonly #stripes: StripeCount;
  readonly #timer: WakeTimer;
  #coordinator: Coordinator | undefined;
  /** The stripes that the coordinator counts. */
  #count = 0;
  #kbps: number | undefined;
  #stripeKbps = 0;
  #settling = false;

  constructor(options: ChannelSwarmOptions) {
    this.#options = options;
    this.#stripes = new StripeCount(options.settings.stripes);
    this.#timer = new WakeTimer(options.steady, options.after, () => {
      this.#coordinator?.poll(options.steady());
      this.#carryOut();
    });
  }

  /** How many stripes there are; 0 before the first viewer has joined. */
  get stripes(): number {
    return this.#count;
  }

  /** Notes the stream's rate in kbit/s, undefined while unknown: then the one before counts. Called about once a second. */
  rate(kbps: number | undefined): void {
    const now = this.#options.steady();
    if (kbps) this.#kbps = kbps;
    this.#stripes.update(kbps, now);
    if (!this.#coordinator) return;
    if (this.#stripes.count !== this.#count) this.#begin();
    const stripeKbps = this.#rateOfStripe();
    if (Math.abs(stripeKbps - this.#stripeKbps) > this.#stripeKbps / 10) {
      this.#stripeKbps = stripeKbps;
      this.#coordinator.setStripeKbps(stripeKbps);
    }
    this.#settle();
  }

  /** A viewer enters, or changes its wishes. Another session with the same secret is the same viewer, whose older link isn't known to be dead yet. */
  join(member: SwarmMember, message: JoinSwarm): void {
    const { settings, steady } = this.#options;
    const id = peerIdOf(message.secret);
    const now = steady();
    if (!settings.enabled || this.#isExiled(id, now)) {
      this.leave(member);
      this.#tellRelayOnly(member);
      return;
    }
    if (!this.#coordinator) {
      if (member.stripes !== undefined) this.#stripes.suggest(member.stripes);
      this.#begin();
    }
    const before = this.#byMember.get(member);
    if (before && before.id !== id) this.leave(member);
    let resident = this.#byId.get(id);
    if (resident?.member !== member) {
      if (resident) this.#byMember.delete(resident.member);
      resident = new Resident(id, member, now);
      this.#byId.set(id, resident);
      this.#byMember.set(member, resident);
    }
    resident.absent = false;
    this.#coordinator?.join(id, resident.joins(message), now);
    this.#settle();
  }

  /** A viewer leaves the swarm, or its link has ended. */
  leave(member: SwarmMember): void {
    const resident = this.#byMember.get(member);
    if (!resident) return;
    this.#byMember.delete(member);
    this.#byId.delete(resident.id);
    if (!resident.absent) this.#coordinator?.leave(resident.id, this.#options.steady());
    this.#settle();
  }

  /** Something came over a member's link: it lives. */
  heard(member: SwarmMember): void {
    const resident = this.#byMember.get(member);
    if (!resident) return;
    const now = this.#options.steady();
    resident.heardAt = now;
    if (!resident.absent) return;
    resident.absent = false;
    this.#coordinator?.join(resident.id, resident.entrant, now);
    this.#settle();
  }

  report(member: SwarmMember, report: SwarmReport): void {
    const resident = this.#byMember.get(member);
    if (!resident) return;
    const now = this.#options.steady();
    const counts = resident.reports(report, ((this.#kbps ?? UNKNOWN_KBPS) * 1_000) / 8, now);
    this.#ledger.add(counts, now);
    this.#coordinator?.report(resident.id, { uploadKbps: resident.uploadKbps, peers: report.peers }, now);
    this.#settle();
  }

  complain(member: SwarmMember, { peer, grievance, stripes }: Complaint): void {
    const by = this.#byMember.get(member);
    const coordinator = this.#coordinator;
    if (!by || !coordinator) return;
    if (coordinator.mayTalk(by.id, peer)) {
      if (grievance === 'silent' || grievance === 'lost') this.#probe(peer);
      if (grievance === 'silent' || grievance === 'mute' || grievance === 'corrupt') remember(this.#accused, peer);
      this.#options.log.debug({ by: by.id, about: peer, grievance }, 'complaint');
    }
    coordinator.complain(by.id, peer, grievance, stripes % 2 ** this.#count, this.#options.steady());
    this.#settle();
  }

  served(member: SwarmMember, { stripe, parent }: Served): void {
    const resident = this.#byMember.get(member);
    if (!resident || stripe >= this.#count) return; // it counts the stripes as before
    this.#coordinator?.served(resident.id, stripe, parent, this.#options.steady());
    this.#settle();
  }

  /** Passes on what one viewer says to another it was introduced to, in the sender's name; false when it was dropped. */
  signal(member: SwarmMember, message: Signal): boolean {
    const from = this.#byMember.get(member);
    const to = this.#byId.get(message.peer);
    if (!from || !to || !this.#coordinator?.mayTalk(from.id, to.id) || !to.member.ready) return false;
    to.member.tell(encodeMessage(signal, { ...message, peer: from.id }));
    return true;
  }

  /** Bytes that came to members in the last 30 s, as they report it. */
  get received(): Received {
    return this.#ledger.received(this.#options.steady());
  }

  /** Everybody in it, with who is to push each stripe to them: peers or the relay; undefined while there is no plan. */
  get members(): readonly (readonly [Resident, parents: readonly PeerId[] | undefined])[] {
    return [...this.#byId.values()].map(resident => [resident, this.#coordinator?.parentsOf(resident.id)]);
  }

  stats(): SwarmStats {
    const latencies = [...this.#byId.values()].map(({ latencyMs }) => latencyMs).filter(ms => ms > 0);
    latencies.sort((a, b) => a - b);
    const figures = this.#coordinator?.figures;
    return {
      viewers: [...this.#byId.values()].filter(({ entrant }) => entrant.role === 'viewer').length,
      stripes: this.#count,
      offload: this.#ledger.offload(this.#options.steady()),
      ...this.#ledger.sums,
      latencyMs: latencies[latencies.length >> 1] ?? null,
      relayChildren: figures?.relayChildren ?? [],
      depth: figures?.depth ?? { p50: 0, max: 0 },
      banned: this.#bannedNow().length,
    };
  }

  /** A coordinator for the stripes that there are now; everybody enters its swarm. */
  #begin(): void {
    const { settings, steady, log } = this.#options;
    const now = steady();
    for (const id of this.#bannedNow()) this.#exiles.set(id, this.#exiles.get(id) ?? now + EXILE_MS);
    this.#accused.clear();
    this.#stripes.update(this.#kbps, now);
    this.#count = this.#stripes.count;
    this.#stripeKbps = this.#rateOfStripe();
    this.#coordinator = new Coordinator({
      stripes: this.#count,
      stripeKbps: this.#stripeKbps,
      minViewers: settings.minViewers,
    });
    log.info({ stripes: this.#count, kbps: this.#kbps, members: this.#byId.size }, 'swarm planned anew');
    for (const resident of this.#byId.values()) {
      if (this.#isExiled(resident.id, now)) this.#tellRelayOnly(resident.member);
      else if (!resident.absent) this.#coordinator.join(resident.id, resident.entrant, now);
    }
  }

  #rateOfStripe(): number {
    return Math.max(1, Math.ceil((this.#kbps ?? UNKNOWN_KBPS) / this.#count));
  }

  /** Does what the coordinator wants done, soon: when many come or go at once, each of the others is planned anew once. */
  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.#options.after(SETTLE_MS, () => {
      this.#settling = false;
      this.#carryOut();
    });
  }

  #carryOut(): void {
    const coordinator = this.#coordinator;
    if (!coordinator) return;
    for (const output of coordinator.take()) this.#do(output);
    const wakeAt = this.#byId.size > 0 ? coordinator.wakeAt() : undefined;
    this.#timer.set(wakeAt === undefined ? undefined : Math.max(wakeAt, this.#options.steady() + MIN_POLL_MS));
  }

  #do(output: CoordinatorOutput): void {
    const member = this.#byId.get(output.to)?.member;
    if (!member) return;
    if (output.type === 'plan') member.tell(encodeMessage(plan, output.plan));
    else member.tell(encodeMessage(dropPeer, { peer: output.peer, cause: output.cause }));
  }

  #isExiled(id: PeerId, now: Millis): boolean {
    return now < (this.#exiles.get(id) ?? 0);
  }

  #bannedNow(): PeerId[] {
    const now = this.#options.steady();
    for (const [id, until] of this.#exiles) if (until <= now) this.#exiles.delete(id);
    const convicted = [...this.#accused].filter(id => this.#coordinator?.isBanned(id) && !this.#exiles.has(id));
    return [...this.#exiles.keys(), ...convicted].slice(-MAX_REMEMBERED);
  }

  #tellRelayOnly(member: SwarmMember): void {
    const parents = new Array<PeerId>(this.#count || this.#stripes.count).fill(RELAY);
    member.tell(encodeMessage(plan, { parents, spares: [] }));
  }

  #probe(id: PeerId): void {
    const { steady, after, log } = this.#options;
    const resident = this.#byId.get(id);
    if (!resident || resident.probing || resident.absent) return;
    const askedAt = steady();
    resident.probing = true;
    resident.member.probe();
    after(PROBE_MS, () => {
      resident.probing = false;
      if (resident.heardAt > askedAt || resident.absent || this.#byId.get(id) !== resident) return;
      resident.absent = true;
      log.debug({ peer: id }, 'gave no sign of life');
      this.#coordinator?.leave(id, steady());
      this.#settle();
    });
  }
}

function remember(peers: Set<PeerId>, peer: PeerId): void {
  peers.add(peer);
  if (peers.size <= MAX_REMEMBERED) return;
  for (const oldest of peers) {
    peers.delete(oldest);
    return;
  }
}
