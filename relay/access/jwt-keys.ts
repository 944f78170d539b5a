// The keys of others that sign tokens: from the configuration and the files that it names.

import { readFile } from 'node:fs/promises';
import { importJWK, importSPKI, importX509, type JWK } from 'jose';
import { utf8 } from '../../core/bytes.ts';
import { type JwtKeySettings, type JwtSettings, secretBytes } from '../config/access-section.ts';
import { ConfigError } from '../config/config-error.ts';
import type { SigningKey } from './read-token.ts';

/** Reads and imports them all. Throws `ConfigError` that names the place, never the secret. */
export function loadJwtKeys(settings: JwtSettings): Promise<SigningKey[]> {
  return Promise.all(settings.keys.map((key, index) => loadJwtKey(key, `access.jwt.keys.${index}`)));
}

/** Reads and imports one; `place` is where the configuration has it. Throws `ConfigError`. */
export async function loadJwtKey(settings: JwtKeySettings, place: string): Promise<SigningKey> {
  const { algorithm, issuer, audience, secret, secretFile, publicKeyFile } = settings;
  const terms = { algorithm, ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
  if (publicKeyFile !== undefined) {
    const text = await readText(publicKeyFile, `${place}.publicKeyFile`);
    return { ...terms, key: await importKey(text, algorithm, `${place}.publicKeyFile: ${publicKeyFile}`) };
  }
  const key = utf8(secret ?? (await readText(secretFile ?? '', `${place}.secretFile`)));
  const least = secretBytes(algorithm) ?? 0;
  if (key.length < least) {
    throw new ConfigError(`${place}.secretFile: ${secretFile}: a secret for ${algorithm} has at least ${least} bytes`);
  }
  return { ...terms, key };
}

async function readText(path: string, place: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : error;
    throw new ConfigError(`${place}: ${path} can't be read (${why})`);
  }
}

async function importKey(text: string, algorithm: string, place: string): Promise<SigningKey['key']> {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    throw new ConfigError(
      `${place} is a private key: the relay needs only the public one, and nobody else the private`,
    );
  }
  try {
    if (text.startsWith('-----BEGIN CERTIFICATE')) return await importX509(text, algorithm);
    if (text.startsWith('-----BEGIN')) return await importSPKI(text, algorithm);
    return await importPublicJwk(JSON.parse(text), algorithm);
  } catch {
    throw new ConfigError(
      `${place} is no public key for ${algorithm}: PEM ("BEGIN PUBLIC KEY" or "BEGIN CERTIFICATE") or a JSON Web Key is expected`,
    );
  }
}

function importPublicJwk(jwk: JWK, algorithm: string): Promise<SigningKey['key']> {
  // A private JSON Web Key holds the public one.
  const { kty, crv, x, y, n, e } = jwk;
  const own = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  return importJWK(Object.fromEntries(own), algorithm);
}
