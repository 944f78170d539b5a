// What viewers of a recording tell each other and the relay: where they watch, which chunks they hold, how they fare.

import type { Bytes } from '../../core/bytes.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { have, swarmReport } from '../../core/wire/index.ts';
import type { SwarmReport } from '../../core/wire/swarm-report.ts';
import type { ReplayNeighbour } from './replay-neighbour.ts';
import { BLOCK } from './sequence-blocks.ts';

/** Where one watches: a base without bits. Goes to the relay, too. */
export function placeMessage(track: number, sequence: number): Bytes {
  return encodeMessage(have, { track, base: sequence, bits: new Uint8Array(0) });
}

/** What is held of a block, now. */
export function blockMessage(track: number, base: number, isHeld: (sequence: number) => boolean): Bytes {
  const bits = new Uint8Array(BLOCK / 8);
  for (let i = 0; i < BLOCK; i++) if (isHeld(base + i)) bits[i >> 3]! |= 1 << (i & 7);
  return encodeMessage(have, { track, base, bits });
}

/** Most peers that a report tells of. */
const MAX_REPORTED = 64;

/** How sharing fares; of what only live has, nothing. */
export function reportMessage(
  figures: Pick<SwarmReport, 'fromPeers' | 'fromRelay' | 'uploaded' | 'rejected' | 'stalls' | 'uploadKbps'>,
  neighbours: readonly ReplayNeighbour[],
): Bytes {
  const peers = neighbours.flatMap(({ id, roundTripMs }) =>
    roundTripMs === null ? [] : [{ peer: id, roundTripMs: Math.round(roundTripMs) }],
  );
  const none = { duplicates: 0, fallbacks: 0, latencyMs: 0 };
  return encodeMessage(swarmReport, { ...figures, ...none, peers: peers.slice(0, MAX_REPORTED) });
}
