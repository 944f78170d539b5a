// What a viewer's chunk scheduler wants done. Its owner (the engine in a page, the simulator) does it at once and never calls back into the scheduler meanwhile.

import type { PeerId } from '../peer-id.ts';
import type { Grievance } from '../wire/complaint.ts';
import type { ReleaseCause } from '../wire/release.ts';

/** The hands of a `ChunkScheduler`. All sequences are of the one track that it schedules. */
export interface SchedulerPort {
  /** Connects to a peer: this side makes the offer. `peerUp` or `peerFailed` follows, once. */
  connect(peer: PeerId): void;
  /** Ends a connection, or an attempt. `peerDown` does not follow. */
  disconnect(peer: PeerId, reason: string): void;
  /** Sends `adopt`: the peer shall push a stripe, from this sequence on. */
  adopt(peer: PeerId, stripe: number, from: number): void;
  /** Sends `adopted` to a child. */
  adopted(peer: PeerId, stripe: number, depth: number): void;
  /** Sends `release` to a parent or a child. */
  release(peer: PeerId, stripe: number, cause: ReleaseCause): void;
  /** Sends a held chunk to a peer, on the lane for chunks; false when it is no longer held. */
  push(peer: PeerId, sequence: number): boolean;
  /** Bytes that wait on the link to a peer: what has been sent and hasn't left yet. */
  backlog(peer: PeerId): number;
  /** Sends `want` to a peer, or to the relay (`RELAY`). Ascending, at most 64, within 512 of the first. */
  want(from: PeerId, sequences: readonly number[]): void;
  /** Sends `lacking` to a peer. */
  lacking(peer: PeerId, sequences: readonly number[]): void;
  /** Sends `have` to a peer: bit i of `bits` is `base + i`. The bits are not kept. */
  have(peer: PeerId, base: number, bits: Uint8Array): void;
  /** Sends `push-stripes` to the relay. */
  pushStripes(stripes: number, from: number): void;
  /** Sends `served` to the relay. */
  served(stripe: number, parent: PeerId): void;
  /** Sends `complaint` to the relay. */
  complain(peer: PeerId, grievance: Grievance, stripes: number): void;
}
