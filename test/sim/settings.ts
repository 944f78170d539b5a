// What is simulated.

import type { Millis } from '../../core/time.ts';
import type { Uplinks } from './population.ts';

/** One run. */
export interface Settings {
  readonly viewers: number;
  readonly minutes: number;
  readonly seed: number;
  /** Of the stream, in kbit/s of payload. */
  readonly rateKbps: number;
  /** Payload of a chunk, in bytes. */
  readonly chunkBytes: number;
  readonly stripes: number;
  /** Share of packets lost, and of pairs of viewers that can't connect: 0–1. */
  readonly loss: number;
  readonly unconnectable: number;
  readonly jitterMs: Millis;
  readonly uplinks: Uplinks;
  /** The rate that uplinks are measured by, in kbit/s. */
  readonly uplinkRateKbps: number;
  /** Viewers come and go. */
  readonly churn: boolean;
  /** The flash crowd, the relay's restart and the exodus happen. */
  readonly events: boolean;
  /** Capture to use. */
  readonly latencyMs: Millis;
  /** The source is a peer, too: it can feed the swarm while the relay is away. */
  readonly sourcePeer: boolean;
  /** So many late chunks are followed back to the relay, on standard error. */
  readonly trace: number;
  /** Everybody knows its own uplink from the start. */
  readonly exactUplinks: boolean;
}

export const DEFAULTS: Settings = {
  viewers: 1_000,
  minutes: 3,
  seed: 1,
  rateKbps: 1_000,
  chunkBytes: 4_000,
  stripes: 4,
  loss: 0.01,
  unconnectable: 0.15,
  jitterMs: 5,
  uplinks: 'mixed',
  uplinkRateKbps: 1_000,
  churn: true,
  events: true,
  latencyMs: 1_000,
  sourcePeer: true,
  trace: 0,
  exactUplinks: false,
};

/** A header with its signature: see `core/chunk.ts`. */
export const HEADER_BYTES = 105;

/** A chunk as it travels, in bytes. */
export function chunkSize(settings: Settings): number {
  return settings.chunkBytes + HEADER_BYTES;
}

/** From one chunk to the next. */
export function chunkIntervalMs(settings: Settings): Millis {
  return (settings.chunkBytes * 8) / settings.rateKbps;
}
