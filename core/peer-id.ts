// Names a viewer within a channel's swarm.

import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from './bytes.ts';

/** A viewer in the swarm of a channel: 48 bits that only the holder of the secret behind them can claim. */
export type PeerId = number;

/** Stands for the relay where a peer is named. */
export const RELAY: PeerId = 0;

/** Length of the secret that a viewer draws for itself, in bytes. */
export const PEER_SECRET_SIZE = 16;

/** The id that belongs to a secret: the first 48 bits of its SHA-256. So a viewer keeps its id when the relay forgets everything, and nobody else can take it. */
export function peerIdOf(secret: Bytes): PeerId {
  return peerIdIn(sha256(secret));
}

/** The same, of the secret's SHA-256. */
export function peerIdIn(hash: Uint8Array): PeerId {
  let id = 0;
  for (let i = 0; i < 6; i++) id = id * 256 + hash[i]!;
  return id === RELAY ? 1 : id;
}
