// Who a viewer is among its peers.

import type { Bytes } from '../../core/bytes.ts';
import { PEER_SECRET_SIZE, type PeerId, peerIdIn } from '../../core/peer-id.ts';
import { createDigest } from '../../core/signature.ts';

/** What the relay is told, and what the peers are. */
export interface PeerIdentity {
  readonly secret: Bytes;
  readonly id: PeerId;
}

/** A new one. Hashed by WebCrypto where there is one; else it rejects when the file of JavaScript's hash can't be loaded. */
export async function drawIdentity(): Promise<PeerIdentity> {
  const secret = crypto.getRandomValues(new Uint8Array(PEER_SECRET_SIZE));
  return { secret, id: peerIdIn(await createDigest(crypto.subtle)(secret)) };
}
