// What viewers ask of the source: stripes, and single chunks.

import type { Bytes } from '../../core/bytes.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { ChunkScheduler } from '../../core/swarm/chunk-scheduler.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody } from '../../core/wire/framing.ts';
import { adopt, pong, release, want } from '../../core/wire/index.ts';

/** A message from a viewer. */
export interface ViewerMessage {
  readonly peer: PeerId;
  readonly type: number;
  readonly body: Bytes;
}

/** Has the scheduler do it. What viewers hold and lack is nothing to the source: all chunks come from it. Throws `ProtocolViolation`. */
export function takeRequest(scheduler: ChunkScheduler, { peer, type, body }: ViewerMessage, now: Millis): void {
  if (type === want.type) scheduler.peerWant(peer, decodeBody(want, body));
  else if (type === adopt.type) {
    const { count, stripe, from } = decodeBody(adopt, body);
    scheduler.peerAdopt(peer, count, stripe, from, now);
  } else if (type === release.type) {
    const { stripe, cause } = decodeBody(release, body);
    scheduler.peerRelease(peer, stripe, cause, now);
  } else if (type === pong.type) {
    const ms = now - decodeBody(pong, body).sentAt;
    if (ms >= -1) scheduler.roundTrip(peer, Math.max(0, ms));
  }
}
