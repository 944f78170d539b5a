// Who watches one recording: introduces those to each other who are near the same place. Nothing is pushed, so there are no trees.

import { type PeerId, peerIdOf, RELAY } from '../../core/peer-id.ts';
import { Court } from '../../core/swarm/court.ts';
import type { Millis } from '../../core/time.ts';
import type { Complaint } from '../../core/wire/complaint.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { dropPeer, plan, signal } from '../../core/wire/index.ts';
import type { JoinSwarm } from '../../core/wire/join-swarm.ts';
import type { SequenceBits } from '../../core/wire/sequence-bits.ts';
import type { Signal } from '../../core/wire/signal.ts';
import type { SwarmReport } from '../../core/wire/swarm-report.ts';
import type { Log } from '../log.ts';
import type { Gathering } from './gathering.ts';
import { Resident } from './resident.ts';
import { SwarmLedger } from './swarm-ledger.ts';
import type { SwarmMember } from './swarm-member.ts';
import type { SwarmSettings } from './swarm-settings.ts';
import type { SwarmStats } from './swarm-stats.ts';

export interface ReplaySwarmOptions {
  readonly settings: SwarmSettings;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
  readonly log: Log;
}

/** Peers that a viewer is introduced to; each may be named to others so often. */
const PEERS = 5;
const MAX_NAMED = 8;
/** Chunks: a viewer holds about so many behind it, and looks so far ahead. Farther apart, two have nothing for each other. */
const REACH = 8_000;
/** Whoever moved by more chunks than this has gone elsewhere: it needs other peers. */
const MOVED = 2_000;
/** Remembered of a viewer. */
const MAX_AVOIDED = 64;
/** Members looked at for a viewer. */
const SAMPLE = 512;
/** A viewer gets others this long after the last time, if it needs any. */
const RENEW_MS: Millis = 15_000;
/** What changes within this time is planned together. */
const SETTLE_MS: Millis = 50;
/** A stream of a recording is taken for this many bytes a second, in what its viewers tell. */
const BYTES_PER_SECOND = 2_500_000;

interface Spectator {
  readonly resident: Resident;
  /** A sequence near what it shows; undefined while it hasn't told. */
  at: number | undefined;
  /** Where it was when it was introduced to others, and when that was. */
  plannedFor: number | undefined;
  plannedAt: Millis;
  /** Whom the last plan named, and who may exchange signals with it. */
  peers: readonly PeerId[];
  readonly known: Set<PeerId>;
  /** Whom it can't be connected with. */
  readonly avoided: Set<PeerId>;
  /** How many plans name it. */
  named: number;
}

/** Of one recording. */
export class ReplaySwarm implements Gathering {
  readonly #options: ReplaySwarmOptions;
  readonly #byId = new Map<PeerId, Spectator>();
  readonly #byMember = new Map<SwarmMember, Spectator>();
  readonly #court = new Court();
  readonly #banned = new Set<PeerId>();
  readonly #ledger = new SwarmLedger();
  #settling = false;

  constructor(options: ReplaySwarmOptions) {
    this.#options = options;
  }

  join(member: SwarmMember, message: JoinSwarm): void {
    const id = peerIdOf(message.secret);
    const before = this.#byMember.get(member);
    if (before && before.resident.id !== id) this.leave(member);
    let spectator = this.#byId.get(id);
    if (spectator?.resident.member !== member) {
      // Another session with the same secret is the same viewer, whose older link isn't known to be dead yet.
      if (spectator) this.leave(spectator.resident.member);
      const resident = new Resident(id, member, this.#options.steady());
      const nobody = { at: undefined, plannedFor: undefined, plannedAt: 0, peers: [], named: 0 };
      spectator = { resident, ...nobody, known: new Set(), avoided: new Set() };
      this.#byId.set(id, spectator);
      this.#byMember.set(member, spectator);
    }
    const { neighbours } = spectator.resident.joins(message);
    // What outlived an earlier relay goes on.
    for (const { peer } of neighbours) if (this.#byId.has(peer)) this.#acquaint(spectator, peer);
    this.#settle();
  }

  leave(member: SwarmMember): void {
    const spectator = this.#byMember.get(member);
    if (!spectator) return;
    const { id } = spectator.resident;
    this.#byMember.delete(member);
    this.#byId.delete(id);
    for (const peer of spectator.peers) this.#name(peer, -1);
    for (const peer of spectator.known) {
      const other = this.#byId.get(peer);
      if (!other) continue;
      other.known.delete(id);
      other.avoided.delete(id);
      if (!other.peers.includes(id)) continue;
      other.plannedFor = undefined; // it needs another
      other.resident.member.tell(encodeMessage(dropPeer, { peer: id, cause: 'left' }));
    }
    this.#settle();
  }

  heard(): void {}

  served(): void {}

  placed(member: SwarmMember, { base, bits }: SequenceBits): void {
    const spectator = this.#byMember.get(member);
    if (!spectator || bits.length > 0) return;
    spectator.at = base;
    this.#settle();
  }

  report(member: SwarmMember, report: SwarmReport): void {
    const spectator = this.#byMember.get(member);
    if (!spectator) return;
    const now = this.#options.steady();
    this.#ledger.add(spectator.resident.reports(report, BYTES_PER_SECOND, now), now);
    this.#settle();
  }

  complain(member: SwarmMember, { peer, grievance }: Complaint): void {
    const by = this.#byMember.get(member);
    if (!by?.known.has(peer)) return;
    this.#options.log.debug({ by: by.resident.id, about: peer, grievance }, 'complaint');
    by.plannedFor = undefined;
    if (by.peers.includes(peer)) this.#name(peer, -1);
    by.peers = by.peers.filter(other => other !== peer);
    if (grievance === 'unreachable' || grievance === 'corrupt') {
      by.known.delete(peer);
      if (by.avoided.size >= MAX_AVOIDED) by.avoided.clear();
      by.avoided.add(peer);
      this.#byId.get(peer)?.avoided.add(by.resident.id);
    }
    if (grievance === 'corrupt') {
      const witness = { peer: by.resident.id, source: this.#sourceOf(by) };
      if (this.#court.hear(peer, grievance, witness, this.#options.steady()) === 'corrupt') this.#ban(peer);
    }
    this.#settle();
  }

  signal(member: SwarmMember, message: Signal): boolean {
    const from = this.#byMember.get(member);
    const to = this.#byId.get(message.peer);
    if (!from || !to?.known.has(from.resident.id) || this.#isBanned(from, to) || !to.resident.member.ready)
      return false;
    to.resident.member.tell(encodeMessage(signal, { ...message, peer: from.resident.id }));
    return true;
  }

  stats(): SwarmStats {
    return {
      viewers: this.#byId.size,
      stripes: 0,
      offload: this.#ledger.offload(this.#options.steady()),
      ...this.#ledger.sums,
      latencyMs: null,
      relayChildren: [],
      depth: { p50: 0, max: 0 },
      banned: this.#banned.size,
    };
  }

  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    this.#options.after(SETTLE_MS, () => {
      this.#settling = false;
      const now = this.#options.steady();
      for (const spectator of this.#byId.values()) if (this.#isDue(spectator, now)) this.#plan(spectator, now);
    });
  }

  #isDue({ at, plannedFor, plannedAt, peers, resident }: Spectator, now: Millis): boolean {
    const { enabled, minViewers } = this.#options.settings;
    if (!enabled || this.#byId.size < minViewers || at === undefined || this.#banned.has(resident.id)) return false;
    if (plannedFor === undefined || Math.abs(at - plannedFor) > MOVED) return true;
    return peers.length < Math.min(PEERS, this.#byId.size - 1) && now - plannedAt > RENEW_MS;
  }

  /** Those nearest ahead first, then those nearest behind: who is ahead has what will be needed, and both look ahead from where they are. */
  #plan(spectator: Spectator, now: Millis): void {
    const { at = 0, resident } = spectator;
    const near: { readonly peer: PeerId; readonly distance: number }[] = [];
    let looked = 0;
    for (const other of this.#byId.values()) {
      if (++looked > SAMPLE) break;
      if (other === spectator || other.at === undefined || this.#banned.has(other.resident.id)) continue;
      if (spectator.avoided.has(other.resident.id)) continue;
      const isKept = spectator.peers.includes(other.resident.id);
      if (other.resident.uploadKbps === 0 || (other.named >= MAX_NAMED && !isKept)) continue;
      const ahead = other.at - at;
      if (Math.abs(ahead) > REACH) continue;
      near.push({ peer: other.resident.id, distance: (ahead >= 0 ? ahead : REACH - ahead) - (isKept ? MOVED : 0) });
    }
    near.sort((a, b) => a.distance - b.distance);
    const peers = near.slice(0, PEERS).map(({ peer }) => peer);
    for (const peer of spectator.peers) this.#name(peer, -1);
    for (const peer of peers) {
      this.#name(peer, 1);
      this.#acquaint(spectator, peer);
    }
    const isSame = peers.length === spectator.peers.length && peers.every(peer => spectator.peers.includes(peer));
    spectator.plannedFor = at;
    spectator.plannedAt = now;
    spectator.peers = peers;
    if (!isSame) resident.member.tell(encodeMessage(plan, { parents: [RELAY], spares: peers }));
  }

  #acquaint(spectator: Spectator, peer: PeerId): void {
    spectator.known.add(peer);
    this.#byId.get(peer)?.known.add(spectator.resident.id);
  }

  #name(peer: PeerId, by: 1 | -1): void {
    const spectator = this.#byId.get(peer);
    if (spectator) spectator.named += by;
  }

  #isBanned(...spectators: readonly Spectator[]): boolean {
    return spectators.some(({ resident }) => this.#banned.has(resident.id));
  }

  /** Where there are several networks, one counts as one witness. */
  #sourceOf({ resident }: Spectator): string {
    const networks = new Set([...this.#byId.values()].map(other => other.resident.member.network));
    return networks.size > 1 ? resident.member.network : String(resident.id);
  }

  #ban(peer: PeerId): void {
    this.#banned.add(peer);
    for (const other of this.#byId.values()) {
      if (!other.known.delete(peer)) continue;
      other.plannedFor = undefined;
      other.resident.member.tell(encodeMessage(dropPeer, { peer, cause: 'banned' }));
    }
  }
}
