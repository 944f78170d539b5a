// Signs with the runtime's own OpenSSL, at once: WebCrypto hands each chunk to another thread and back, which costs more than the signature.

import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { type Bytes, concat } from '../core/bytes.ts';
import { PKCS8_PREFIX, type Signer } from '../core/signature.ts';

/** A signer of the given 32-byte secret key; makes the same signatures as any other (RFC 8032). */
export function nodeSigner(secretKey: Bytes): Signer {
  const der = Buffer.from(concat([PKCS8_PREFIX, secretKey]));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: new Uint8Array(publicKey),
    sign: async message => new Uint8Array(sign(null, message, key)),
    sha256: bytes => new Uint8Array(createHash('sha256').update(bytes).digest()),
  };
}
