// A viewer tells the relay every few seconds how it fares in the swarm. Counts are since its `join-swarm`.

import { ProtocolViolation } from '../errors.ts';
import type { PeerId } from '../peer-id.ts';
import type { Millis } from '../time.ts';
import type { Codec } from './codec.ts';

/** What a viewer counts, as the relay adds it up. */
export interface SwarmCounts {
  /** Bytes of chunks that came from peers, and from the relay. */
  readonly fromPeers: number;
  readonly fromRelay: number;
  /** Bytes of chunks sent to peers. */
  readonly uploaded: number;
  /** Chunks that came twice, and chunks with a wrong signature. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Chunks that the relay had to give because their time was running out. */
  readonly fallbacks: number;
  readonly stalls: number;
}

export interface SwarmReport extends SwarmCounts {
  /** What it can upload as far as it has measured, in kbit/s. */
  readonly uploadKbps: number;
  /** Capture to showing; 0 while unknown. */
  readonly latencyMs: Millis;
  /** The round trip to each connected peer. */
  readonly peers: readonly { readonly peer: PeerId; readonly roundTripMs: Millis }[];
}

const MAX_PEERS = 64;
const COUNTS = ['fromPeers', 'fromRelay', 'uploaded', 'duplicates', 'rejected', 'fallbacks', 'stalls'] as const;

export const swarmReport: Codec<SwarmReport> = {
  type: 17,
  name: 'swarm-report',
  maxSize: 1_400,
  write(writer, message) {
    for (const count of COUNTS) writer.varint(message[count]);
    writer.varint(message.uploadKbps).varint(message.latencyMs).varint(message.peers.length);
    for (const { peer, roundTripMs } of message.peers) writer.varint(peer).varint(roundTripMs);
  },
  read(reader) {
    const [fromPeers, fromRelay, uploaded] = [reader.varint(), reader.varint(), reader.varint()];
    const [duplicates, rejected, fallbacks, stalls] = [
      reader.varint(),
      reader.varint(),
      reader.varint(),
      reader.varint(),
    ];
    const uploadKbps = reader.varint();
    const latencyMs = reader.varint();
    const count = reader.varint();
    if (count > MAX_PEERS) throw new ProtocolViolation(`${count} peers, at most ${MAX_PEERS} allowed`);
    const peers = Array.from({ length: count }, () => ({ peer: reader.varint(), roundTripMs: reader.varint() }));
    return {
      fromPeers,
      fromRelay,
      uploaded,
      duplicates,
      rejected,
      fallbacks,
      stalls,
      uploadKbps,
      latencyMs,
      peers,
    };
  },
};
