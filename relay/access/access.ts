// Issues access tokens: JSON Web Tokens (RFC 7519) that are signed with a publish key (HS256).

import { SignJWT } from 'jose';
import { z } from 'zod';
import { utf8 } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import type { AccessAnswer } from './access-answer.ts';
import { type AccessRequest, type Action, actions, answerOf, channelPatterns, user } from './claims.ts';
import { MIN_SIGNING_KEY, readToken, secretKeys } from './read-token.ts';

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

/** A token for whoever is to publish, to enter or to watch. Throws `TypeError` on a wrong request, or when no key is long enough. */
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

/** Whether a token that one of these publish keys signed allows what is asked for. Its reasons quote claims, never the token or a key. */
export async function verifyAccess(
  keys: readonly string[],
  token: string,
  request: AccessRequest,
): Promise<AccessAnswer> {
  const read = await readToken(token, { keys: secretKeys(keys) }, request.now);
  return read.ok ? answerOf(read.payload, request) : read;
}

export type { AccessAnswer } from './access-answer.ts';
export type { AccessRequest } from './claims.ts';
