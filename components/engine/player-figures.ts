// What a player counts and remembers about itself between `start` and `stop`.

import type { Millis } from '../../core/time.ts';
import type { EngineCounters, EngineEvent, RelayTransport } from './engine-messages.ts';
import { NO_COUNTERS } from './player-stats.ts';
import { NO_SWARM, type SwarmStats } from './swarm-stats.ts';

/** Of one player. */
export class PlayerFigures {
  counters: EngineCounters = NO_COUNTERS;
  swarm: SwarmStats = NO_SWARM;
  /** Null while the relay isn't reached. */
  transport: RelayTransport | null = null;
  videoCodec: string | null = null;
  audioCodec: string | null = null;
  jumps = 0;
  /** From the start to the first picture; null before. */
  firstFrameMs: Millis | null = null;
  #startedAt: Millis = 0;

  /** Begins anew. */
  restart(now: Millis): void {
    this.counters = NO_COUNTERS;
    this.swarm = NO_SWARM;
    this.videoCodec = this.audioCodec = null;
    this.jumps = 0;
    this.firstFrameMs = null;
    this.#startedAt = now;
  }

  /** There is a picture. */
  shown(now: Millis): void {
    this.firstFrameMs ??= now - this.#startedAt;
  }

  /** Notes what the engine tells. */
  take(event: Extract<EngineEvent, { type: 'connected' | 'track' | 'counters' }>): void {
    if (event.type === 'connected') this.transport = event.transport;
    else if (event.type === 'track') this[event.kind === 'video' ? 'videoCodec' : 'audioCodec'] = event.codec;
    else {
      this.counters = event.counters;
      this.swarm = event.swarm;
    }
  }
}
