// What the relay remembers of a viewer while it is in the swarm.

import type { PeerId } from '../../core/peer-id.ts';
import type { Entrant } from '../../core/swarm/coordinator-face.ts';
import type { Millis } from '../../core/time.ts';
import type { JoinSwarm } from '../../core/wire/join-swarm.ts';
import type { SwarmCounts, SwarmReport } from '../../core/wire/swarm-report.ts';
import { peerShare } from './swarm-ledger.ts';
import type { SwarmMember } from './swarm-member.ts';

/** Nobody uploads more than this, in kbit/s: what is told beyond is not believed. */
const MAX_UPLOAD_KBPS = 1_000_000;
/** A report may tell of events as many as this a second. */
const MAX_EVENTS_PER_SECOND = 1_000;
/** A report covers the time since the one before, and this much more. */
const REPORT_SLACK_MS: Millis = 10_000;

export class Resident {
  readonly id: PeerId;
  readonly member: SwarmMember;
  /** It gave no sign of life when it was asked for one, so nobody is sent to it until it does. */
  absent = false;
  probing = false;
  heardAt: Millis;
  /** Capture to showing, as reported last; 0 while unknown. */
  latencyMs: Millis = 0;
  /** The share of its bytes that peers gave, 0–1, by its last report; null while there were none. */
  offload: number | null = null;
  /** Of a steady clock. */
  readonly joinedAt: Millis;
  #uploadKbps = 0;
  /** Whom it said it is connected with. */
  #peers: readonly PeerId[] = [];
  #counts: SwarmCounts | undefined;
  #reportedAt: Millis;

  constructor(id: PeerId, member: SwarmMember, now: Millis) {
    this.id = id;
    this.member = member;
    this.heardAt = this.joinedAt = this.#reportedAt = now;
  }

  /** Notes its wishes; returns it as it enters the swarm by them. */
  joins({ uploadKbps, neighbours }: JoinSwarm): Entrant {
    this.#uploadKbps = Math.min(uploadKbps, MAX_UPLOAD_KBPS);
    this.#peers = neighbours.map(({ peer }) => peer);
    return { ...this.entrant, neighbours };
  }

  /** It as it enters anew by what is known of it. Who pushed what to it no longer counts. */
  get entrant(): Entrant {
    const { role, network, roundTripMs } = this.member;
    const neighbours = this.#peers.map(peer => ({ peer, stripes: 0 }));
    return { role, network, roundTripMs, uploadKbps: this.#uploadKbps, neighbours };
  }

  /** Takes a report; returns what has come since the one before, as far as it can be believed of a stream of so many bytes a second. */
  reports(report: SwarmReport, bytesPerSecond: number, now: Millis): SwarmCounts {
    const seconds = (now - this.#reportedAt + REPORT_SLACK_MS) / 1_000;
    const before = this.#counts;
    const since = (count: keyof SwarmCounts, perSecond: number) => {
      const was = before?.[count] ?? 0;
      const more = report[count] >= was ? report[count] - was : report[count]; // it counts from 0 again
      return Math.min(more, Math.ceil(seconds * perSecond));
    };
    const { fromPeers, fromRelay, uploaded, duplicates, rejected, fallbacks, stalls } = report;
    const delta = {
      fromPeers: since('fromPeers', bytesPerSecond * 4),
      fromRelay: since('fromRelay', bytesPerSecond * 4),
      uploaded: since('uploaded', MAX_UPLOAD_KBPS * 125),
      duplicates: since('duplicates', MAX_EVENTS_PER_SECOND),
      rejected: since('rejected', MAX_EVENTS_PER_SECOND),
      fallbacks: since('fallbacks', MAX_EVENTS_PER_SECOND),
      stalls: since('stalls', MAX_EVENTS_PER_SECOND),
    };
    this.#counts = { fromPeers, fromRelay, uploaded, duplicates, rejected, fallbacks, stalls };
    this.#reportedAt = now;
    this.latencyMs = report.latencyMs;
    this.offload = peerShare(delta);
    this.#uploadKbps = Math.min(report.uploadKbps, MAX_UPLOAD_KBPS);
    this.#peers = report.peers.map(({ peer }) => peer);
    return delta;
  }

  get uploadKbps(): number {
    return this.#uploadKbps;
  }
}
