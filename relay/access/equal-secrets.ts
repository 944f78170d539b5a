// Compares secrets without telling by the time it takes how much of them was right.

import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same; takes as long whatever they are. */
export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** SHA-256 of a secret: it can be kept where the secret itself must not be. */
export function digest(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
