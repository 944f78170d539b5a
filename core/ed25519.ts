// Ed25519 (RFC 8032) in JavaScript, loaded only where WebCrypto lacks it or a public key is to be made.

import * as ed25519 from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

ed25519.hashes.sha512 = message => sha512(message);

export const { getPublicKey, sign, verify } = ed25519;
