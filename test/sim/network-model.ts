// How long things take on the simulated network.
//
// Calibration, against what was measured in the lab between two Chromiums (50 ms round trip, jitter 5 ms, uplink 2.4 Mbit/s, unordered reliable
// channel, one chunk of 4,105 bytes each 80 ms; p50/p90/p99 of a hop): no loss 44/49/53 ms, 1 % loss 44/52/172 ms.
// - Jitter is normal per packet, order kept, so a chunk waits for the latest of its four packets: the maximum of four normals has mean 1.03 σ
//   and deviation 0.70 σ. That alone gives 25 + 13.7 + 5.2 = 44 ms, and 49 and 53 at p90 and p99.
// - SCTP sends a lost packet again when three later ones have been acknowledged: a round trip after the third later packet has been sent. For
//   the first of four packets those are in the same chunk; for the others one has to wait for the next chunk on that channel. So a loss costs a
//   round trip, plus the time between two chunks in three of four cases: 44 + 50 + 80 = 174 ms at p99. A packet lost again waits for the
//   retransmission timer (dcSCTP: at least 400 ms).
// - The relay's lanes are QUIC with BBR: 31/37/106 ms in the same lab. A loss is found after 9/8 round trips or by a probe: 1.5 round trips.

import type { Millis } from '../../core/time.ts';
import type { Random } from './random.ts';

/** Payload of one packet of a data channel, in bytes: what usrsctp and dcSCTP put into one. */
export const PACKET_BYTES = 1_150;

/** One way between the relay and the internet's middle; a viewer's own half comes on top. */
export const RELAY_HALF_MS: Millis = 12.5;

const RETRANSMISSION_TIMER_MS: Millis = 400;
/** A control message needs others behind it to be missed; on a channel with chunks there is one at least this often. */
const CONTROL_GAP_MS: Millis = 100;

export interface NetworkSettings {
  /** Share of packets lost, 0–1. */
  readonly loss: number;
  /** Deviation of one packet's delay. */
  readonly jitterMs: Millis;
}

/** Draws delays. */
export class NetworkModel {
  readonly #random: Random;
  readonly #loss: number;
  readonly #jitterMs: Millis;
  /** Chance that a message of i packets loses at least one. */
  readonly #anyLost = new Float64Array(33);

  constructor(settings: NetworkSettings, random: Random) {
    this.#random = random;
    this.#loss = settings.loss;
    this.#jitterMs = settings.jitterMs;
    for (let i = 0; i < this.#anyLost.length; i++) this.#anyLost[i] = 1 - (1 - settings.loss) ** i;
  }

  /** From the moment a chunk has left its sender's uplink to its arrival at a peer. `gapMs`: until the next chunk on the same channel. */
  peerChunk(bytes: number, oneWayMs: Millis, gapMs: Millis): Millis {
    const packets = Math.ceil(bytes / PACKET_BYTES);
    const delay = oneWayMs + this.#jitter(packets);
    if (!this.#loses(packets)) return delay;
    const followed = (this.#random.next() * packets) | 0;
    const wait = followed >= 3 ? 0 : Math.min(gapMs, RETRANSMISSION_TIMER_MS);
    return delay + 2 * oneWayMs + wait + (this.#again() ? RETRANSMISSION_TIMER_MS : 0);
  }

  /** From the relay's sending of a chunk to its arrival. */
  relayChunk(bytes: number, oneWayMs: Millis): Millis {
    const packets = Math.ceil(bytes / PACKET_BYTES);
    const delay = oneWayMs + this.#jitter(packets);
    if (!this.#loses(packets)) return delay;
    return delay + 3 * oneWayMs + (this.#again() ? 4 * oneWayMs + 25 : 0);
  }

  /** A control message of one packet, to a peer or to and from the relay. */
  control(oneWayMs: Millis): Millis {
    const delay = Math.max(oneWayMs / 2, oneWayMs + this.#jitterMs * this.#random.gauss());
    if (this.#loss === 0 || this.#random.next() >= this.#loss) return delay;
    return delay + 2 * oneWayMs + CONTROL_GAP_MS * this.#random.next() + (this.#again() ? RETRANSMISSION_TIMER_MS : 0);
  }

  #loses(packets: number): boolean {
    return this.#loss > 0 && this.#random.next() < this.#anyLost[Math.min(packets, 32)]!;
  }

  #again(): boolean {
    return this.#random.next() < this.#loss;
  }

  #jitter(packets: number): Millis {
    if (this.#jitterMs === 0) return 0;
    if (packets === 1) return Math.max(0, this.#jitterMs * this.#random.gauss());
    return Math.max(0, this.#jitterMs * (1.03 + 0.7 * this.#random.gauss()));
  }
}
