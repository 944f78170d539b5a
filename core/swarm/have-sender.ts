// Tells the neighbours that neither give nor take which of the latest chunks are held here, so that they know whom to ask when something is missing.

import type { Millis } from '../time.ts';
import type { Neighbour } from './neighbour.ts';
import type { SchedulerPort } from './scheduler-port.ts';
import type { SequenceRing } from './sequence-ring.ts';

/** Unless told otherwise. */
const EVERY_MS: Millis = 300;
/** Sequences told of: more than what is asked for is old. */
const BYTES = 12;

/** One viewer's news. */
export class HaveSender {
  readonly #port: SchedulerPort;
  readonly #ring: SequenceRing;
  readonly #everyMs: Millis;
  readonly #bits = new Uint8Array(BYTES);
  #sentAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(port: SchedulerPort, ring: SequenceRing, everyMs: Millis = EVERY_MS) {
    this.#port = port;
    this.#ring = ring;
    this.#everyMs = everyMs;
  }

  /** Sends, when it is time. `horizon`: the highest sequence known. */
  send(neighbours: Iterable<Neighbour>, horizon: number, now: Millis): void {
    if (now - this.#sentAt < this.#everyMs || horizon < 0) return;
    this.#sentAt = now;
    const base = Math.max(0, horizon - BYTES * 8 + 1);
    let isFilled = false;
    for (const neighbour of neighbours) {
      if (!neighbour.up || neighbour.gives !== 0 || neighbour.takes !== 0) continue;
      if (!isFilled) this.#fill(base);
      isFilled = true;
      this.#port.have(neighbour.id, base, this.#bits);
    }
  }

  #fill(base: number): void {
    for (let i = 0; i < BYTES; i++) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit++) if (this.#ring.has(base + i * 8 + bit)) byte |= 1 << bit;
      this.#bits[i] = byte;
    }
  }
}
