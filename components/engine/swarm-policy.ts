// What page and viewer allow the swarm to do.

/** Terms on which a viewer takes part. Can change at any moment. */
export interface SwarmPolicy {
  /** `off`: no peer connections at all, so that no peer learns the viewer's address. `download-only`: takes, but gives nothing. */
  readonly mode: 'on' | 'off' | 'download-only';
  /** Upper limit of what is uploaded, in kbit/s; null for none. */
  readonly maxUploadKbps: number | null;
  /** Bytes that this player may upload from its start to its end; null for any number. */
  readonly maxUploadBytes: number | null;
  /** What this viewer's line could upload when it was measured last, in kbit/s: a hint; null when nothing is remembered. */
  readonly knownUploadKbps: number | null;
}

/** Without peers. */
export const NO_PEERS: SwarmPolicy = {
  mode: 'off',
  maxUploadKbps: null,
  maxUploadBytes: null,
  knownUploadKbps: null,
};
