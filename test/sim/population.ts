// Who watches: uplinks, distances, and what is known of them. The same distributions as in the study of push trees.

import type { Millis } from '../../core/time.ts';
import type { Random } from './random.ts';

/** `tight`: everybody can upload 1.5 × the stream. `mixed`: 20 % nothing, 30 % 1.2–2.2 ×, 35 % 5–15 Mbit/s, 15 % 20–50 Mbit/s. */
export type Uplinks = 'tight' | 'mixed';

/** One viewer's access to the internet. */
export interface Access {
  /** What its uplink carries. */
  readonly uplinkKbps: number;
  /** Whether it counts as able to upload. */
  readonly uploads: boolean;
  readonly downlinkKbps: number;
  /** Half of the one-way delay between two viewers is that of each of them. */
  readonly halfMs: Millis;
  /** What it says that it can upload when it comes: known from an earlier visit (20 % off), else undefined. */
  readonly toldKbps: number | undefined;
}

/** Those who can't upload still send their control messages. */
const NO_UPLOAD_KBPS = 300;
const KNOWN_SHARE = 0.7;

/** The source, where it is a peer: a server near the relay. */
export const SOURCE_ACCESS: Access = {
  uplinkKbps: 20_000,
  uploads: true,
  downlinkKbps: 100_000,
  halfMs: 12.5,
  toldKbps: 20_000,
};

/** Draws one viewer. `rateKbps`: of the stream; `exact`: everybody knows its uplink. */
export function drawAccess(random: Random, uplinks: Uplinks, rateKbps: number, exact: boolean): Access {
  const kind = random.next();
  const size = random.next();
  const uploadKbps = uplinks === 'tight' ? 1.5 * rateKbps : mixedUplink(kind, size, rateKbps);
  const halfMs = uplinks === 'tight' ? 12.5 : Math.min(120, 8 * Math.exp(0.7 * random.gauss()) + 6);
  const known = exact || random.next() < KNOWN_SHARE;
  const error = exact ? 1 : random.between(0.8, 1.2);
  return {
    uplinkKbps: Math.max(uploadKbps, NO_UPLOAD_KBPS),
    uploads: uploadKbps > 0,
    downlinkKbps: random.between(20_000, 100_000),
    halfMs,
    toldKbps: known ? Math.round(uploadKbps * error) : undefined,
  };
}

function mixedUplink(kind: number, size: number, rateKbps: number): number {
  if (kind < 0.2) return 0;
  if (kind < 0.5) return rateKbps * (1.2 + size);
  if (kind < 0.85) return 5_000 + size * 10_000;
  return 20_000 + size * 30_000;
}
