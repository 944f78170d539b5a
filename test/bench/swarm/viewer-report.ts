// What a viewer's page says when it is asked: the same of every player.

/** Counts from the start of the player. Moments are Unix ms, spans ms. */
export interface ViewerReport {
  readonly startedAt: number;
  /** From the start of the player, and of the page, to the first picture; null before it. */
  readonly firstFrameMs: number | null;
  readonly pageToFirstFrameMs: number | null;
  /** Glass to glass, once a second. */
  readonly latencies: readonly (readonly [at: number, latencyMs: number])[];
  /** Seconds in which the picture's clock could not be read. */
  readonly unread: number;
  /** Waits after the first picture, however short; the last may still go on. */
  readonly waits: readonly (readonly [at: number, waitMs: number])[];
  /** Media bytes by origin, as the player counts them; null where it doesn't. */
  readonly bytesFromPeers: number | null;
  readonly bytesFromServer: number | null;
  /** The player's own figures, for whoever looks for a cause. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What the page's function of this name returns. */
export const REPORT = 'swarmBenchReport';
