// How many bytes the control messages take, from the real encoders, with sequences and ids as large as real ones.

import { encodeMessage } from '../../core/wire/framing.ts';
import * as wire from '../../core/wire/index.ts';

/** A sequence and an id of the size that they really have. */
const SEQUENCE = 1_795_000_000_000;
const PEER = 2 ** 47;

/** A viewer that connects sends an offer or an answer, and its candidates. */
const SDP_BYTES = 620;
const CANDIDATE_BYTES = 140;
const CANDIDATES = 3;

const signalSize = (kind: 'offer' | 'candidate', bytes: number) =>
  encodeMessage(wire.signal, { peer: PEER, attempt: 1, kind, text: 'x'.repeat(bytes) }).length;

const bitsSize = (bytes: number) =>
  encodeMessage(wire.have, { track: 0, base: SEQUENCE, bits: new Uint8Array(bytes) }).length;

const reportSize = (count: number) => {
  const peers = Array.from({ length: count }, () => ({ peer: PEER, roundTripMs: 80 }));
  const bytes = 50_000_000;
  const counts = { fromPeers: bytes, fromRelay: bytes, uploaded: bytes, duplicates: 100, rejected: 0, fallbacks: 100 };
  return encodeMessage(wire.swarmReport, { ...counts, stalls: 0, uploadKbps: 20_000, latencyMs: 1_000, peers }).length;
};

const joinSize = (count: number) =>
  encodeMessage(wire.joinSwarm, {
    secret: new Uint8Array(16),
    role: 'viewer',
    uploadKbps: 20_000,
    neighbours: Array.from({ length: count }, () => ({ peer: PEER, stripes: 1 })),
  }).length;

const planSize = (count: number) =>
  encodeMessage(wire.plan, { parents: [PEER], spares: Array.from({ length: count }, () => PEER) }).length;

const remembered = (measure: (count: number) => number) => {
  const known: number[] = [];
  return (count: number) => (known[count] ??= measure(count));
};

/** Of `want`, `have` and `lacking` with so many bytes of bits. */
export const sequenceBitsSize = remembered(bitsSize);
/** Of `swarm-report` with so many peers. */
export const swarmReportSize = remembered(reportSize);
/** Of `join-swarm` with so many neighbours. */
export const joinSwarmSize = remembered(joinSize);
/** Of `plan` with so many peers in all. */
export const planMessageSize = remembered(peers => planSize(Math.min(16, Math.max(0, peers - 1))));
/** What each of two viewers sends to the other by way of the relay before they are connected, once in and once out. */
export const SIGNALS_SIZE =
  2 * (signalSize('offer', SDP_BYTES) + CANDIDATES * signalSize('candidate', CANDIDATE_BYTES));
export const SUBSCRIBE_SIZE = encodeMessage(wire.subscribe, {
  version: 1,
  channel: 'room/lecture',
  resume: { count: 4, stripes: 0, from: SEQUENCE },
}).length;
export const BEACON_SIZE = encodeMessage(wire.beacon, {
  track: 0,
  edge: SEQUENCE,
  group: SEQUENCE,
  windowStart: SEQUENCE,
  clock: SEQUENCE,
}).length;
export const ADOPT_SIZE = encodeMessage(wire.adopt, { track: 0, count: 4, stripe: 1, from: SEQUENCE }).length;
export const ADOPTED_SIZE = encodeMessage(wire.adopted, { track: 0, stripe: 1, depth: 4 }).length;
export const RELEASE_SIZE = encodeMessage(wire.release, { track: 0, stripe: 1, cause: 'done' }).length;
export const PUSH_STRIPES_SIZE = encodeMessage(wire.pushStripes, {
  track: 0,
  count: 4,
  stripes: 1,
  from: SEQUENCE,
}).length;
export const SERVED_SIZE = encodeMessage(wire.served, { stripe: 1, parent: PEER }).length;
export const COMPLAINT_SIZE = encodeMessage(wire.complaint, { peer: PEER, grievance: 'lost', stripes: 1 }).length;
export const DROP_SIZE = encodeMessage(wire.dropPeer, { peer: PEER, cause: 'left' }).length;
/** A ping and its answer. */
export const PING_SIZE =
  encodeMessage(wire.ping, { sentAt: SEQUENCE }).length +
  encodeMessage(wire.pong, { sentAt: SEQUENCE, clock: SEQUENCE }).length;
