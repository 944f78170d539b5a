// What the benchmark needs of a player's side: where its page is, and what its server sent.

/** Bytes since the server's start. */
export interface ServerCounts {
  /** Media bytes of the stream, once, and what was sent to viewers; null where it can't be told. */
  readonly stream: number | null;
  readonly sent: number | null;
}

/** One player's servers, running and fed. */
export interface Contestant {
  /** What each viewer opens. */
  readonly page: string;
  /** The servers' processes. */
  readonly pids: readonly number[];
  counts(): Promise<ServerCounts>;
  stop(): Promise<void>;
}
