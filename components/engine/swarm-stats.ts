// What a viewer can tell about its part in the swarm.

/** One neighbour, as it is at this moment. */
export interface PeerView {
  /** Names the peer within the channel. */
  readonly id: string;
  readonly state: 'connecting' | 'connected';
  /** Stripes that it pushes to us, and that we push to it. */
  readonly gives: readonly number[];
  readonly takes: readonly number[];
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly roundTripMs: number | null;
}

/** Counts since the player's start. Bytes are those of chunks with their headers. */
export interface SwarmStats {
  /** `off`: by wish or by policy. `relay-only`: no peers (yet). `joined`: peers carry at least part of it. */
  readonly state: 'off' | 'relay-only' | 'joined';
  /** How peers see this viewer; null while it has not joined. */
  readonly id: string | null;
  /** How many stripes there are; 0 while there is no plan. */
  readonly stripes: number;
  /** Stripes that the relay pushes now. */
  readonly relayStripes: readonly number[];
  /** Bytes that parents pushed, that neighbours sent because they were asked, and that came from the relay. */
  readonly bytesPushed: number;
  readonly bytesPulled: number;
  readonly bytesFromRelay: number;
  readonly bytesUploaded: number;
  readonly duplicateChunks: number;
  readonly rejectedChunks: number;
  /** Chunks that were asked from the relay because their time was running out. */
  readonly deadlineFallbacks: number;
  /** Mean number of hops from the relay over the stripes; null while unknown. */
  readonly hops: number | null;
  /** From capture to arrival, for most chunks of the slowest stripe of late, in ms; 0 while unknown. */
  readonly delayMs: number;
  /** What it is thought to be able to upload, in kbit/s. */
  readonly uploadKbps: number;
  readonly peers: readonly PeerView[];
}

/** Of a viewer without a swarm. */
export const NO_SWARM: SwarmStats = {
  state: 'off',
  id: null,
  stripes: 0,
  relayStripes: [],
  bytesPushed: 0,
  bytesPulled: 0,
  bytesFromRelay: 0,
  bytesUploaded: 0,
  duplicateChunks: 0,
  rejectedChunks: 0,
  deadlineFallbacks: 0,
  hops: null,
  delayMs: 0,
  uploadKbps: 0,
  peers: [],
};
