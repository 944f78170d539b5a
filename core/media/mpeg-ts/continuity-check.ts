// The continuity counter of one PID (ISO/IEC 13818-1 §2.4.3.3): tells lost packets from repeated ones.

import type { Bytes } from '../../bytes.ts';
import { hasPayload, isDiscontinuity, PACKET_SIZE, payloadStart } from './ts-packet.ts';

/** How a packet follows the one before it on its PID. `spliced`: its counter jumps, as it says itself. `empty`: it has no payload and no part in this. */
export type Continuity = 'next' | 'repeated' | 'lost' | 'spliced' | 'empty';

/** Keeps the last packet of one PID. */
export class ContinuityCheck {
  /** −1 while any counter is right. */
  #counter = -1;
  #bytes: Bytes | undefined;
  #at = 0;

  /** Takes the PID's next packet. */
  check(bytes: Bytes, at: number): Continuity {
    if (!hasPayload(bytes, at)) {
      if (isDiscontinuity(bytes, at)) this.#counter = -1;
      return 'empty';
    }
    const counter = bytes[at + 3]! & 15;
    let result: Continuity = 'next';
    if (this.#counter >= 0 && counter !== ((this.#counter + 1) & 15)) {
      if (isDiscontinuity(bytes, at)) result = 'spliced';
      else if (counter === this.#counter && this.#repeats(bytes, at)) return 'repeated';
      else result = 'lost';
    }
    this.#counter = counter;
    this.#bytes = bytes;
    this.#at = at;
    return result;
  }

  /** From here on any counter is right once. */
  reset(): void {
    this.#counter = -1;
    this.#bytes = undefined;
  }

  // A packet sent twice may differ in its PCR, so only the payloads are compared: the same counter is also that of the sixteenth packet after.
  #repeats(bytes: Bytes, at: number): boolean {
    const previous = this.#bytes;
    if (!previous) return false;
    const from = payloadStart(bytes, at);
    const shift = this.#at - at;
    for (let i = from; i < at + PACKET_SIZE; i++) if (bytes[i] !== previous[i + shift]) return false;
    return true;
  }
}
