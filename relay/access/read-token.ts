// Reads JSON Web Tokens (RFC 7519): whose key has signed this one, and is its time now?

import {
  type CryptoKey,
  decodeProtectedHeader,
  errors,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { utf8 } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { PUBLIC_KEY_ALGORITHMS } from '../config/access-section.ts';
import { type AccessAnswer, denied } from './access-answer.ts';

/** Whoever holds a token can try publish keys against it at leisure: shorter ones sign none. */
export const MIN_SIGNING_KEY = 16;

/** What `iss` and `aud` must be, if given. */
export interface IssuerTerms {
  readonly issuer?: string;
  readonly audience?: string;
}

/** A key that signs tokens, with the one algorithm that it is for. */
export interface SigningKey extends IssuerTerms {
  readonly algorithm: string;
  readonly key: Uint8Array | CryptoKey;
}

/** An issuer's published set of keys. */
export interface KeySet extends IssuerTerms {
  readonly find: JWTVerifyGetKey;
}

export interface TokenKeys {
  /** The relay's own first. */
  readonly keys: readonly SigningKey[];
  readonly set?: KeySet;
}

/** The set of keys can't be had now; `message` is a sentence for whoever came with a token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

type Denial = Extract<AccessAnswer, { ok: false }>;
type Reading = { readonly ok: true; readonly payload: object } | Denial;

/** Those of the relay's shared keys that sign tokens. */
export function secretKeys(keys: readonly string[]): SigningKey[] {
  return keys.filter(key => key.length >= MIN_SIGNING_KEY).map(key => ({ algorithm: 'HS256', key: utf8(key) }));
}

/** What a token says, if one of the keys has signed it and it is its time; else why not, without a word of it. */
export async function readToken(token: string, { keys, set }: TokenKeys, now: Millis): Promise<Reading> {
  const algorithm = algorithmOf(token);
  if (algorithm === undefined) return denied('this is no token: a signed JSON Web Token is expected');
  const fitting = keys.filter(key => key.algorithm === algorithm);
  for (const { key, ...terms } of fitting) {
    const reading = await verify(options => jwtVerify(token, key, options), algorithm, terms, now);
    if (reading) return reading;
  }
  if (set && PUBLIC_KEY_ALGORITHMS.some(one => one === algorithm)) {
    const reading = await verify(options => jwtVerify(token, set.find, options), algorithm, set, now);
    if (reading) return reading;
  } else if (fitting.length === 0 && algorithm !== 'HS256') {
    const known = new Set([
      'HS256',
      ...keys.map(key => key.algorithm),
      ...(set ? ['the algorithms of public keys'] : []),
    ]);
    return denied(`the token is not signed with ${[...known].join(', ')}`);
  }
  const others = set || keys.some(key => key.algorithm !== 'HS256' || key.issuer !== undefined);
  return denied(`the token is not signed with a ${others ? 'key that this relay knows' : 'publish key of this relay'}`);
}

type Verify = (options: JWTVerifyOptions) => Promise<{ payload: object }>;

/** Undefined when another key has signed it. */
async function verify(run: Verify, algorithm: string, terms: IssuerTerms, now: Millis): Promise<Reading | undefined> {
  const { issuer, audience } = terms;
  try {
    const { payload } = await run({
      algorithms: [algorithm],
      currentDate: new Date(now),
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    });
    return { ok: true, payload };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
      return undefined;
    if (error instanceof KeysUnavailable) return denied(error.message, 'unavailable');
    return denied(faultOf(error));
  }
}

function faultOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token's claim ${error.claim} is wrong`;
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'the token does not say which key has signed it (kid)';
  return 'this is no token: a signed JSON Web Token is expected';
}

function algorithmOf(token: string): string | undefined {
  try {
    return token.split('.').length === 3 ? decodeProtectedHeader(token).alg : undefined;
  } catch {
    return undefined;
  }
}
