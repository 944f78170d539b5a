// Ed25519 (RFC 8032) and SHA-256 in JavaScript, loaded only where WebCrypto lacks them or a public key is to be made.

import * as ed25519 from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

ed25519.hashes.sha512 = message => sha512(message);

export const { getPublicKey, sign, verify } = ed25519;
export { sha256 };
