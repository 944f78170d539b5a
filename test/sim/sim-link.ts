// One direction of a connection between two viewers: what waits in it, and whether it stands.

import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';

/** The half of a connection that its owner sends on. */
export class SimLink {
  readonly owner: number;
  readonly peer: number;
  readonly peerId: PeerId;
  /** One way. */
  readonly delayMs: Millis;
  /** The owner may send. */
  up = false;
  /** The owner asked for it, and waits to hear whether it stands. */
  wanted = false;
  /** The other direction; set right after both are made. */
  other: SimLink = this;
  /** When the last control message arrives: they keep their order. */
  controlAt: Millis = 0;
  /** When the last chunk has left. */
  lastDone: Millis = 0;
  drainPending = false;
  #waiting: Millis[] = [];
  #first = 0;

  constructor(owner: number, peer: number, peerId: PeerId, delayMs: Millis) {
    this.owner = owner;
    this.peer = peer;
    this.peerId = peerId;
    this.delayMs = delayMs;
  }

  /** Notes a chunk that leaves at this time. */
  enqueue(done: Millis): void {
    this.#waiting.push(done);
    this.lastDone = done;
  }

  /** Chunks that have not left. */
  waiting(now: Millis): number {
    while (this.#first < this.#waiting.length && this.#waiting[this.#first]! <= now) this.#first++;
    const count = this.#waiting.length - this.#first;
    if (count === 0 && this.#first > 0) {
      this.#waiting.length = 0;
      this.#first = 0;
    }
    return count;
  }

  /** When so many or fewer chunks wait. */
  waitsOnly(count: number, now: Millis): Millis {
    if (this.waiting(now) <= count) return now;
    return this.#waiting[this.#waiting.length - 1 - count]!;
  }
}
