// How many children a viewer's upload carries.

import type { Millis } from '../time.ts';
import type { Member } from './member.ts';

/** The share of an uplink that may be planned with. While one more child would fit into it, there is no reason to believe that there is more. */
export const UPLOAD_SHARE = 0.85;
/** A viewer whose uplink is unknown is thought to have so many times the stream's rate. */
export const FIRST_GUESS = 1.25;
/** What was planned stays until the upload carries it no longer by this share: measurements waver. */
const UPLOAD_LIMIT = 0.95;

export interface CapacityLimits {
  /** Rate of one stripe. */
  readonly stripeKbps: number;
  readonly maxChildren: number;
}

/** Children of one stripe each that a member can have. */
export function capacityOf(member: Member, { stripeKbps, maxChildren }: CapacityLimits, now: Millis): number {
  if (member.role === 'source') return 0;
  const ceiling = now < member.ceilingUntil ? member.ceiling : Number.POSITIVE_INFINITY;
  const most = Math.min(maxChildren, ceiling);
  const wanted = Math.min(most, Math.floor((member.uploadKbps * UPLOAD_SHARE) / stripeKbps));
  const bearable = Math.min(most, Math.floor((member.uploadKbps * UPLOAD_LIMIT) / stripeKbps));
  return Math.max(0, wanted, Math.min(member.capacity, bearable));
}
