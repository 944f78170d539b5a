// The hands of a page's chunk scheduler: what it wants done becomes messages to peers, to the relay and to the page.

import type { Bytes } from '../../core/bytes.ts';
import { type PeerId, RELAY } from '../../core/peer-id.ts';
import type { ChunkWindow } from '../../core/swarm/chunk-window.ts';
import type { SchedulerPort } from '../../core/swarm/scheduler-port.ts';
import type { Grievance } from '../../core/wire/complaint.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import * as wire from '../../core/wire/index.ts';
import type { ReleaseCause } from '../../core/wire/release.ts';
import { sequenceBits } from '../../core/wire/sequence-bits.ts';
import type { PeerCommand } from '../links/peer-messages.ts';
import type { PeerLinks } from './peer-links.ts';

/** What the hands reach for; all of it as it is at the moment. */
export interface SwarmHandsOwner {
  readonly window: ChunkWindow;
  readonly links: PeerLinks;
  readonly track: number;
  readonly isJoined: boolean;
  /** The scheduler's own. */
  readonly stripes: number;
  readonly resumeFrom: number;
  tellRelay(message: Bytes): void;
  tellPage(command: PeerCommand): void;
}

/** Of one channel's swarm. */
export class SwarmHands implements SchedulerPort {
  readonly #owner: SwarmHandsOwner;

  constructor(owner: SwarmHandsOwner) {
    this.#owner = owner;
  }

  connect(peer: PeerId): void {
    this.#owner.tellPage({ type: 'connect', peer });
  }

  disconnect(peer: PeerId, reason: string): void {
    this.#owner.links.remove(peer, reason);
    this.#owner.tellPage({ type: 'disconnect', peer, reason });
  }

  adopt(peer: PeerId, stripe: number, from: number): void {
    const count = this.#owner.stripes;
    this.#owner.links.tell(peer, encodeMessage(wire.adopt, { track: this.#owner.track, count, stripe, from }));
  }

  adopted(peer: PeerId, stripe: number, depth: number): void {
    this.#owner.links.tell(peer, encodeMessage(wire.adopted, { track: this.#owner.track, stripe, depth }));
  }

  release(peer: PeerId, stripe: number, cause: ReleaseCause): void {
    this.#owner.links.tell(peer, encodeMessage(wire.release, { track: this.#owner.track, stripe, cause }));
  }

  push(peer: PeerId, sequence: number): boolean {
    const chunk = this.#owner.window.get(sequence);
    return chunk !== undefined && this.#owner.links.push(peer, chunk);
  }

  backlog(peer: PeerId): number {
    return this.#owner.links.backlog(peer);
  }

  want(from: PeerId, sequences: readonly number[]): void {
    const message = encodeMessage(wire.want, sequenceBits(this.#owner.track, sequences));
    if (from === RELAY) this.#owner.tellRelay(message);
    else this.#owner.links.tell(from, message);
  }

  lacking(peer: PeerId, sequences: readonly number[]): void {
    this.#owner.links.tell(peer, encodeMessage(wire.lacking, sequenceBits(this.#owner.track, sequences)));
  }

  have(peer: PeerId, base: number, bits: Uint8Array): void {
    // Bits that are not kept may be written at once.
    this.#owner.links.tell(
      peer,
      encodeMessage(wire.have, { track: this.#owner.track, base, bits: new Uint8Array(bits) }),
    );
  }

  pushStripes(stripes: number, from: number): void {
    const count = this.#owner.stripes;
    const everything = { track: this.#owner.track, count: 1, stripes: 1, from: this.#owner.resumeFrom };
    const message = count === 0 ? everything : { track: this.#owner.track, count, stripes, from };
    this.#owner.tellRelay(encodeMessage(wire.pushStripes, message));
  }

  served(stripe: number, parent: PeerId): void {
    if (this.#owner.isJoined) this.#owner.tellRelay(encodeMessage(wire.served, { stripe, parent }));
  }

  complain(peer: PeerId, grievance: Grievance, stripes: number): void {
    this.#owner.tellRelay(encodeMessage(wire.complaint, { peer, grievance, stripes }));
  }
}
