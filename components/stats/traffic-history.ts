// Counters, once a second -> rates: what came from whom over the last minute.

import type { SwarmStats } from '../engine/swarm-stats.ts';

/** Seconds that are remembered. */
export const HISTORY_SECONDS = 60;
/** Rates that are told as of now are means over so many seconds: one second holds a keyframe, the next none. */
const SMOOTH_SECONDS = 4;
const SMALLEST_STEP_MS = 250;

/** Bytes a second. */
export interface Traffic {
  readonly pushed: number;
  readonly pulled: number;
  readonly relayed: number;
  readonly uploaded: number;
}

/** Bytes a second of one neighbour, smoothed. */
export interface PeerTraffic {
  readonly in: number;
  readonly out: number;
}

interface Count {
  readonly at: number;
  readonly stats: SwarmStats;
}

const NOTHING: Traffic = { pushed: 0, pulled: 0, relayed: 0, uploaded: 0 };

/** Forgets everything when the counters start over. */
export class TrafficHistory {
  #seconds: Traffic[] = [];
  #peers = new Map<string, PeerTraffic>();
  #last: Count | undefined;

  /** Of each of the last seconds, the newest last. */
  get seconds(): readonly Traffic[] {
    return this.#seconds;
  }

  /** By the peer's id. */
  get peers(): ReadonlyMap<string, PeerTraffic> {
    return this.#peers;
  }

  /** Over the last `seconds` that were counted. */
  mean(seconds = SMOOTH_SECONDS): Traffic {
    const recent = this.#seconds.slice(-seconds);
    if (recent.length === 0) return NOTHING;
    const mean = (pick: (traffic: Traffic) => number) =>
      recent.reduce((sum, one) => sum + pick(one), 0) / recent.length;
    return {
      pushed: mean(({ pushed }) => pushed),
      pulled: mean(({ pulled }) => pulled),
      relayed: mean(({ relayed }) => relayed),
      uploaded: mean(({ uploaded }) => uploaded),
    };
  }

  /** Takes the counters as they are `at` (milliseconds). */
  take(stats: SwarmStats, at: number): void {
    const last = this.#last;
    if (!last || hasStartedOver(stats, last.stats)) {
      this.clear();
      this.#last = { at, stats };
      return;
    }
    const seconds = (at - last.at) / 1000;
    if (seconds * 1000 < SMALLEST_STEP_MS) return;
    this.#last = { at, stats };
    const traffic = {
      pushed: (stats.bytesPushed - last.stats.bytesPushed) / seconds,
      pulled: (stats.bytesPulled - last.stats.bytesPulled) / seconds,
      relayed: (stats.bytesFromRelay - last.stats.bytesFromRelay) / seconds,
      uploaded: (stats.bytesUploaded - last.stats.bytesUploaded) / seconds,
    };
    // A page in the background is told more seldom: its seconds are filled with their mean.
    const steps = Math.min(HISTORY_SECONDS, Math.max(1, Math.round(seconds)));
    for (let step = 0; step < steps; step++) this.#seconds.push(traffic);
    this.#seconds.splice(0, this.#seconds.length - HISTORY_SECONDS);
    this.#takePeers(stats, last.stats, seconds);
  }

  clear(): void {
    this.#seconds = [];
    this.#peers = new Map();
    this.#last = undefined;
  }

  #takePeers(stats: SwarmStats, before: SwarmStats, seconds: number): void {
    const counted = new Map(before.peers.map(peer => [peer.id, peer]));
    const smoothing = Math.min(1, seconds / SMOOTH_SECONDS);
    const peers = new Map<string, PeerTraffic>();
    for (const { id, bytesIn, bytesOut } of stats.peers) {
      const was = counted.get(id);
      const present = {
        in: Math.max(0, bytesIn - (was?.bytesIn ?? 0)) / seconds,
        out: Math.max(0, bytesOut - (was?.bytesOut ?? 0)) / seconds,
      };
      const smooth = this.#peers.get(id) ?? present;
      peers.set(id, {
        in: smooth.in + (present.in - smooth.in) * smoothing,
        out: smooth.out + (present.out - smooth.out) * smoothing,
      });
    }
    this.#peers = peers;
  }
}

/** How much of what came in came from other viewers, 0–1; null when nothing came. */
export function shareOfViewers({ pushed, pulled, relayed }: Omit<Traffic, 'uploaded'>): number | null {
  const all = pushed + pulled + relayed;
  return all > 0 ? (pushed + pulled) / all : null;
}

function hasStartedOver(stats: SwarmStats, before: SwarmStats): boolean {
  return (
    stats.bytesPushed < before.bytesPushed ||
    stats.bytesPulled < before.bytesPulled ||
    stats.bytesFromRelay < before.bytesFromRelay ||
    stats.bytesUploaded < before.bytesUploaded
  );
}
