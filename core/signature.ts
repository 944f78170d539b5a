// Signing and verifying chunks with Ed25519 (RFC 8032): WebCrypto where there is one, else JavaScript.

import { sha256 } from '@noble/hashes/sha2.js';
import { type Bytes, concat, utf8 } from './bytes.ts';
import { assembleChunk, type Chunk, type ChunkHeader, encodeHeader, headerBytes } from './chunk.ts';

/** A key of WebCrypto; opaque here. */
type Key = object;

/** The part of WebCrypto's `SubtleCrypto` used here. Pages that are no secure context have none. */
export interface Subtle {
  importKey(
    format: 'raw' | 'pkcs8',
    key: Bytes,
    algorithm: 'Ed25519',
    extractable: boolean,
    usages: ('sign' | 'verify')[],
  ): Promise<Key>;
  sign(algorithm: 'Ed25519', key: Key, data: Bytes): Promise<ArrayBuffer>;
  verify(algorithm: 'Ed25519', key: Key, signature: Bytes, data: Bytes): Promise<boolean>;
  digest(algorithm: 'SHA-256', data: Bytes): Promise<ArrayBuffer>;
}

/** Tells whether a signature over a message is the key holder's. */
export type Verify = (signature: Bytes, message: Bytes) => Promise<boolean>;

/** SHA-256 of some bytes. */
export type Digest = (bytes: Bytes) => Promise<Bytes>;

/** Signs with one key. */
export interface Signer {
  readonly publicKey: Bytes;
  sign(message: Bytes): Promise<Bytes>;
  /** SHA-256, where the runtime has a faster one than JavaScript's. */
  readonly sha256?: (bytes: Bytes) => Bytes;
}

/** What stands before the 32 bytes of a secret key in PKCS #8 (RFC 8410 §7). */
export const PKCS8_PREFIX = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

/** A signer of the given 32-byte secret key. */
export async function createSigner(secretKey: Bytes, subtle?: unknown): Promise<Signer> {
  const ed25519 = await import('./ed25519.ts');
  const publicKey = new Uint8Array(ed25519.getPublicKey(secretKey));
  const web = asSubtle(subtle);
  const key = await web
    ?.importKey('pkcs8', concat([PKCS8_PREFIX, secretKey]), 'Ed25519', false, ['sign'])
    .catch(() => undefined); // a WebCrypto without Ed25519
  if (web && key) {
    return { publicKey, sign: async message => new Uint8Array(await web.sign('Ed25519', key, message)) };
  }
  return { publicKey, sign: async message => new Uint8Array(ed25519.sign(message, secretKey)) };
}

/** A verifier for the given 32-byte public key. `subtle` is `crypto.subtle`, where there is one. */
export async function createVerifier(publicKey: Bytes, subtle?: unknown): Promise<Verify> {
  const web = asSubtle(subtle);
  const key = await web?.importKey('raw', publicKey, 'Ed25519', false, ['verify']).catch(() => undefined);
  if (web && key) return (signature, message) => web.verify('Ed25519', key, signature, message);
  const ed25519 = await import('./ed25519.ts');
  return async (signature, message) => {
    try {
      return ed25519.verify(signature, message, publicKey);
    } catch {
      return false; // not a point on the curve
    }
  };
}

/** WebCrypto's SHA-256 where there is one, else JavaScript's, loaded when it is first needed. `subtle` as above. */
export function createDigest(subtle?: unknown): Digest {
  const web = asSubtle(subtle);
  if (web) return async bytes => new Uint8Array(await web.digest('SHA-256', bytes));
  return async bytes => new Uint8Array((await import('./ed25519.ts')).sha256(bytes));
}

// WebCrypto's own types differ between the runtimes' type libraries; this is the one place that narrows them.
function asSubtle(subtle: unknown): Subtle | undefined {
  return typeof subtle === 'object' && subtle !== null ? (subtle as Subtle) : undefined;
}

/** What a chunk's signature covers: a domain, the channel's name, the header, and the payload's SHA-256. */
export function signedMessage(channel: string, header: Bytes, payloadHash: Bytes): Bytes {
  return concat([utf8(`p2p-live chunk\0${channel}\0`), header, payloadHash]);
}

function ownSha256(bytes: Bytes): Bytes {
  return new Uint8Array(sha256(bytes));
}

/** Makes and signs a chunk of a channel. */
export async function signChunk(channel: string, header: ChunkHeader, payload: Bytes, signer: Signer): Promise<Chunk> {
  const encoded = encodeHeader(header, payload.length);
  const message = signedMessage(channel, encoded, (signer.sha256 ?? ownSha256)(payload));
  return assembleChunk(header, encoded, await signer.sign(message), payload);
}

/** Whether the channel's publisher made this chunk. */
export function verifyChunk(channel: string, chunk: Chunk, verify: Verify): Promise<boolean> {
  return verify(chunk.signature, signedMessage(channel, headerBytes(chunk), ownSha256(chunk.payload)));
}

/** The same where no hash of JavaScript's is wanted: pages load less, and hash beside their own thread. */
export async function verifyWith(digest: Digest, channel: string, chunk: Chunk, verify: Verify): Promise<boolean> {
  return verify(chunk.signature, signedMessage(channel, headerBytes(chunk), await digest(chunk.payload)));
}
