// Issues and verifies access tokens: JSON Web Tokens (RFC 7519) that are signed with a publish key (HS256).

import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { utf8 } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { type Action, actions, channelPatterns, claims, coversChannel, user } from './claims.ts';

/** Whoever holds a token can try publish keys against it at leisure: shorter ones sign none. */
export const MIN_SIGNING_KEY = 16;

/** What somebody wants to do, and when: Unix milliseconds. */
export interface AccessRequest {
  readonly action: Action;
  readonly channel: string;
  readonly now: Millis;
}

/** A yes, with the token's user and its end in Unix milliseconds; or a no, with the sentence that says which claim failed. */
export type AccessAnswer =
  | { readonly ok: true; readonly user: string | undefined; readonly expiresAt: Millis }
  | { readonly ok: false; readonly reason: string };

export interface TokenRequest {
  /** Names of channels; one that ends in `/*` stands for all below. */
  readonly channels: readonly string[];
  readonly actions: readonly Action[];
  /** How long it is good for. */
  readonly expiresInSeconds: number;
  /** Its holder: in rooms it may then be nobody else. */
  readonly user?: string;
}

const tokenRequest = z.strictObject({
  channels: channelPatterns,
  actions,
  expiresInSeconds: z.number().positive().max(315_360_000), // ten years
  user: user.optional(),
});

/** A token for whoever is to publish or to enter. Throws `TypeError` on a wrong request, or when no key is long enough. */
export async function issueToken(keys: readonly string[], request: TokenRequest, now: Millis): Promise<string> {
  const read = tokenRequest.safeParse(request);
  if (!read.success) {
    throw new TypeError(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const key = keys.find(one => one.length >= MIN_SIGNING_KEY);
  if (key === undefined) throw new TypeError(`tokens need a publish key of at least ${MIN_SIGNING_KEY} characters`);
  const { channels, actions, expiresInSeconds, user } = read.data;
  const jwt = new SignJWT({ channels, actions })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.ceil(now / 1_000 + expiresInSeconds));
  if (user !== undefined) jwt.setSubject(user);
  return jwt.sign(utf8(key));
}

/** Whether a token allows what is asked for. Its reasons quote claims, never the token or a key. */
export async function verifyAccess(
  keys: readonly string[],
  token: string,
  { action, channel, now }: AccessRequest,
): Promise<AccessAnswer> {
  const payload = await readSigned(keys, token, now);
  if (typeof payload === 'string') return { ok: false, reason: payload };
  const read = claims.safeParse(payload);
  if (!read.success) {
    const wrong = read.error.issues[0]!; // a refusal has one at least
    return { ok: false, reason: `the token's claim ${wrong.path.join('.')} is wrong: ${wrong.message}` };
  }
  const { channels, actions, exp, sub } = read.data;
  if (!actions.includes(action)) return { ok: false, reason: `the token does not allow to ${action}` };
  if (!coversChannel(channels, channel)) return { ok: false, reason: `the token is not for ${channel}` };
  const place = /^room\/.+\/([^/]+)$/.exec(channel)?.[1];
  if (action === 'publish' && sub !== undefined && place !== undefined && place !== sub) {
    return { ok: false, reason: `the token is ${sub}'s, who can't publish ${channel}` };
  }
  return { ok: true, user: sub, expiresAt: exp * 1_000 };
}

/** The payload of a token that one of the keys signed; a sentence where there is none, or its time is over or has not come. */
async function readSigned(keys: readonly string[], token: string, now: Millis): Promise<object | string> {
  for (const key of keys) {
    if (key.length < MIN_SIGNING_KEY) continue;
    try {
      const { payload } = await jwtVerify(token, utf8(key), { algorithms: ['HS256'], currentDate: new Date(now) });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue; // another key's, perhaps
      return faultOf(error);
    }
  }
  return 'the token is not signed with a publish key of this relay';
}

function faultOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's claim ${error.claim} is wrong`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token is not signed with HS256';
  return 'this is no token: a signed JSON Web Token is expected';
}
