// What comes of asking whether somebody may do something.

import type { Millis } from '../../core/time.ts';

/** A yes, with the token's user and its end in Unix milliseconds (Infinity: none); or a no, with one sentence that quotes no secret. */
export type AccessAnswer =
  | { readonly ok: true; readonly user: string | undefined; readonly expiresAt: Millis }
  | { readonly ok: false; readonly code: DenialCode; readonly reason: string };

/** `no-token`: one is needed. `unavailable`: it can't be checked now, later perhaps. `too-many`: wrong tries, or somebody too many. */
export type DenialCode = 'no-token' | 'not-allowed' | 'unavailable' | 'too-many';

/** A yes to whoever comes, for as long as they like. */
export const ANYBODY: AccessAnswer = { ok: true, user: undefined, expiresAt: Number.POSITIVE_INFINITY };

/** A no. */
export function denied(reason: string, code: DenialCode = 'not-allowed'): AccessAnswer & { readonly ok: false } {
  return { ok: false, code, reason };
}
