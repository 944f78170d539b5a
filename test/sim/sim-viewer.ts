// A simulated viewer: its access, its links, what it holds, and the hands of its scheduler.

import { type PeerId, RELAY } from '../../core/peer-id.ts';
import { ChunkScheduler } from '../../core/swarm/chunk-scheduler.ts';
import type { SchedulerPort } from '../../core/swarm/scheduler-port.ts';
import type { Millis } from '../../core/time.ts';
import type { Grievance } from '../../core/wire/complaint.ts';
import type { ReleaseCause } from '../../core/wire/release.ts';
import { sequenceBits } from '../../core/wire/sequence-bits.ts';
import type { ChunkLog } from './chunk-log.ts';
import * as sizes from './message-sizes.ts';
import type { Access } from './population.ts';
import type { SimLink } from './sim-link.ts';
import type { PeerMail, RelayMail } from './sim-mail.ts';
import { FIRST_SEQUENCE } from './source-stream.ts';

/** What is around a viewer. */
export interface Surroundings {
  readonly now: Millis;
  readonly stripes: number;
  readonly chunkBytes: number;
  connect(viewer: SimViewer, peer: PeerId): void;
  disconnect(viewer: SimViewer, link: SimLink): void;
  /** A chunk goes to a neighbour. */
  sendChunk(viewer: SimViewer, link: SimLink, index: number): void;
  sendHave(viewer: SimViewer, link: SimLink, base: number, bits: Uint8Array): void;
  sendMail(viewer: SimViewer, bytes: number, mail: PeerMail): void;
  sendToRelay(viewer: SimViewer, bytes: number, mail: RelayMail): void;
}

/** One viewer, from coming to leaving. */
export class SimViewer implements SchedulerPort {
  readonly index: number;
  readonly id: PeerId;
  readonly role: 'viewer' | 'source';
  readonly access: Access;
  readonly bytesPerMs: number;
  readonly downBytesPerMs: number;
  readonly arrivedAt: Millis;
  readonly scheduler: ChunkScheduler;
  readonly log: ChunkLog;
  readonly links = new Map<PeerId, SimLink>();
  readonly #around: Surroundings;
  isHere = true;
  /** Its uplink and downlink are free from then on. */
  upFree: Millis = 0;
  downFree: Millis = 0;
  wakeAt: Millis = Number.POSITIVE_INFINITY;
  /** Which of the relay's lives it is connected with, as it believes; 0: none. */
  session = 0;
  attempts = 0;
  hasPicture = false;
  toRelayAt: Millis = 0;
  fromRelayAt: Millis = 0;
  reports = 0;
  /** The longest delay of a chunk over its whole stay, as far as it counted. */
  worstMs: Millis = 0;

  constructor(index: number, role: SimViewer['role'], access: Access, log: ChunkLog, around: Surroundings) {
    this.index = index;
    this.role = role;
    this.id = index + 1;
    this.access = access;
    this.bytesPerMs = access.uplinkKbps / 8;
    this.downBytesPerMs = access.downlinkKbps / 8;
    this.log = log;
    this.#around = around;
    this.arrivedAt = around.now;
    // Half a minute of memory costs 10,000 viewers more than it tells: 512 chunks are enough for whatever is not late.
    const asSource = role === 'source' ? { haveEveryMs: 100, makesChunks: true } : {};
    this.scheduler = new ChunkScheduler({ memory: 512, uploadKbps: access.toldKbps, ...asSource }, this);
  }

  connect(peer: PeerId): void {
    this.#around.connect(this, peer);
  }

  disconnect(peer: PeerId): void {
    const link = this.links.get(peer);
    if (link) this.#around.disconnect(this, link);
  }

  adopt(peer: PeerId, stripe: number, from: number): void {
    const link = this.links.get(peer);
    if (link)
      this.#around.sendMail(this, sizes.ADOPT_SIZE, { type: 'adopt', link, count: this.#around.stripes, stripe, from });
  }

  adopted(peer: PeerId, stripe: number, depth: number): void {
    const link = this.links.get(peer);
    if (link) this.#around.sendMail(this, sizes.ADOPTED_SIZE, { type: 'adopted', link, stripe, depth });
  }

  release(peer: PeerId, stripe: number, cause: ReleaseCause): void {
    const link = this.links.get(peer);
    if (link) this.#around.sendMail(this, sizes.RELEASE_SIZE, { type: 'release', link, stripe, cause });
  }

  push(peer: PeerId, sequence: number): boolean {
    const link = this.links.get(peer);
    const index = sequence - FIRST_SEQUENCE;
    if (!link?.up || !this.log.has(index)) return false;
    this.#around.sendChunk(this, link, index);
    return true;
  }

  backlog(peer: PeerId): number {
    const link = this.links.get(peer);
    return link ? link.waiting(this.#around.now) * this.#around.chunkBytes : 0;
  }

  want(from: PeerId, sequences: readonly number[]): void {
    const bits = sequenceBits(0, sequences);
    const bytes = sizes.sequenceBitsSize(bits.bits.length);
    if (from === RELAY) {
      this.#around.sendToRelay(this, bytes, { type: 'want', sequences: [...sequences] });
      return;
    }
    const link = this.links.get(from);
    if (link) this.#around.sendMail(this, bytes, { type: 'want', link, sequences: bits });
  }

  lacking(peer: PeerId, sequences: readonly number[]): void {
    const link = this.links.get(peer);
    if (!link) return;
    const bits = sequenceBits(
      0,
      [...sequences].sort((a, b) => a - b),
    );
    this.#around.sendMail(this, sizes.sequenceBitsSize(bits.bits.length), { type: 'lacking', link, sequences: bits });
  }

  have(peer: PeerId, base: number, bits: Uint8Array): void {
    const link = this.links.get(peer);
    if (link) this.#around.sendHave(this, link, base, bits);
  }

  pushStripes(stripes: number, from: number): void {
    this.#around.sendToRelay(this, sizes.PUSH_STRIPES_SIZE, { type: 'push-stripes', stripes, from });
  }

  served(stripe: number, parent: PeerId): void {
    this.#around.sendToRelay(this, sizes.SERVED_SIZE, { type: 'served', stripe, parent });
  }

  complain(peer: PeerId, grievance: Grievance, stripes: number): void {
    this.#around.sendToRelay(this, sizes.COMPLAINT_SIZE, { type: 'complaint', peer, grievance, stripes });
  }
}
