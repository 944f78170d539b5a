// The key that names a page's publisher and signs its chunks: made by WebCrypto where that knows Ed25519.

import { fromBase64Url, toBase64Url } from '../../../core/bytes.ts';
import { createSigner, type Signer } from '../../../core/signature.ts';
import type { ChannelKey } from './publish-messages.ts';

/** A new key. */
export async function createChannelKey(): Promise<ChannelKey> {
  try {
    const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    // Of a name that stands for a pair, though the DOM library can't tell.
    const { d, x } = await crypto.subtle.exportKey('jwk', (pair as CryptoKeyPair).privateKey);
    if (d && x) return { secretKey: fromBase64Url(d), publicKey: fromBase64Url(x) };
  } catch {
    // a WebCrypto without Ed25519
  }
  const secretKey = crypto.getRandomValues(new Uint8Array(32));
  return { secretKey, publicKey: (await createSigner(secretKey)).publicKey };
}

/** Signs with the key. */
export async function signerOf({ secretKey, publicKey }: ChannelKey): Promise<Signer> {
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', d: toBase64Url(secretKey), x: toBase64Url(publicKey) };
    const key = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign']);
    return { publicKey, sign: async message => new Uint8Array(await crypto.subtle.sign('Ed25519', key, message)) };
  } catch {
    return createSigner(secretKey); // likewise
  }
}
