// Ed25519 (RFC 8032) and SHA-256 in JavaScript, loaded only where WebCrypto lacks them or a public key is to be made.

import { getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';

hashes.sha512 = message => sha512(message);

export { getPublicKey, sha256, sign, verify };
