// An issuer's key set (JWKS, RFC 7517): fetched when it is needed, kept for a while, and not asked for in vain again and again.

import { createRemoteJWKSet, errors } from 'jose';
import type { Millis } from '../../core/time.ts';
import type { JwtSettings } from '../config/access-section.ts';
import type { Log } from '../log.ts';
import { type KeySet, KeysUnavailable } from './read-token.ts';

/** Whoever comes with a token waits this long at most. */
const FETCH_MS: Millis = 3_000;
/** After a failure nobody is asked for this long. */
const PAUSE_MS: Millis = 5_000;

export interface KeySetOptions {
  readonly log: Log;
  /** A steady clock, milliseconds. */
  readonly steady: () => Millis;
}

/** The set that the settings name, if they do. While it can't be fetched, `find` rejects with `KeysUnavailable`. */
export function openKeySet(settings: JwtSettings, { log, steady }: KeySetOptions): KeySet | undefined {
  const { jwksUrl, jwksRefreshMinutes, jwksCooldownSeconds, issuer, audience } = settings;
  if (jwksUrl === undefined) return undefined;
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_MS,
    cooldownDuration: jwksCooldownSeconds * 1_000,
    cacheMaxAge: jwksRefreshMinutes * 60_000,
  });
  const unavailable = () =>
    new KeysUnavailable('tokens can not be checked now, as their issuer is out of reach: try again soon');
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    async find(header, token) {
      if (!remote.fresh && steady() < pausedUntil) throw unavailable();
      try {
        return await remote(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
        if (steady() >= pausedUntil)
          log.warn({ host: new URL(jwksUrl).host, error: String(error) }, 'the key set can not be fetched');
        pausedUntil = steady() + PAUSE_MS;
        throw unavailable();
      }
    },
  };
}
