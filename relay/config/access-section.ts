// What a configuration says of who may watch, and of the tokens that let people publish, enter and watch.

import { z } from 'zod';
import { embedOrigins, viewKey } from './channel-entry.ts';

/** Signatures with a shared secret, and the least bytes of it (RFC 7518 §3.2). */
const SECRET_BYTES = { HS256: 32, HS384: 48, HS512: 64 } as const;
/** Signatures that a public key checks. */
export const PUBLIC_KEY_ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA'] as const),
];
const SECRET_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;

/** The least bytes of a secret for an algorithm; undefined: it takes a public key. */
export function secretBytes(algorithm: string): number | undefined {
  return SECRET_ALGORITHMS.some(one => one === algorithm) ? Reflect.get(SECRET_BYTES, algorithm) : undefined;
}

/** Who signs tokens: a shared secret, or whoever has the private key. */
const jwtKey = z
  .strictObject({
    algorithm: z.enum([...SECRET_ALGORITHMS, ...PUBLIC_KEY_ALGORITHMS]),
    secret: z.string().min(1).max(4_096).optional(),
    /** A file whose text, without the white space around it, is the secret. */
    secretFile: z.string().min(1).optional(),
    /** A file in PEM (SPKI, or a certificate) or a JSON Web Key. */
    publicKeyFile: z.string().min(1).optional(),
    /** What the claims `iss` and `aud` must be, if given. */
    issuer: z.string().min(1).optional(),
    audience: z.string().min(1).optional(),
  })
  .superRefine((key, context) => {
    const least = secretBytes(key.algorithm);
    const given = [key.secret, key.secretFile, key.publicKeyFile].filter(one => one !== undefined).length;
    const wanted = least === undefined ? 'publicKeyFile' : 'secret or secretFile';
    const isRight = given === 1 && (least === undefined) === (key.publicKeyFile !== undefined);
    if (!isRight) {
      context.addIssue({ code: 'custom', message: `${key.algorithm} takes ${wanted}, and nothing beside it` });
    } else if (least !== undefined && key.secret !== undefined && Buffer.byteLength(key.secret) < least) {
      const message = `a secret for ${key.algorithm} has at least ${least} bytes`;
      context.addIssue({ code: 'custom', path: ['secret'], message });
    }
  });

/** Tokens of others; those signed with the relay's own publish keys (HS256) are always good. */
const jwt = z.strictObject({
  keys: z.array(jwtKey).max(64).default([]),
  /** Where the public keys of an issuer are: a JSON Web Key Set (RFC 7517). */
  jwksUrl: z.url({ protocol: /^https?$/, error: 'an http or https URL' }).optional(),
  /** So long the set is good before it is fetched again. */
  jwksRefreshMinutes: z.number().positive().max(10_080).default(10),
  /** A key that the set lacks is looked for again after so many seconds at the earliest. */
  jwksCooldownSeconds: z.number().min(1).max(3_600).default(30),
  /** What `iss` and `aud` must be in tokens that a key of the set has signed, if given. */
  issuer: z.string().min(1).optional(),
  audience: z.string().min(1).optional(),
});

/** Who may watch, where a channel's own entry doesn't say, and whose tokens count. */
export const accessSection = z.strictObject({
  /** `token`: viewers show a token or one of the view keys. */
  view: z.enum(['open', 'token']).default('open'),
  viewKeys: z.array(viewKey).default([]),
  /** Pages that may show channels. */
  embedOrigins: embedOrigins.default(['*']),
  jwt: jwt.prefault({}),
});

export type JwtKeySettings = z.output<typeof jwtKey>;
export type JwtSettings = z.output<typeof jwt>;
