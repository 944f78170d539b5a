// What all parts of a simulation share: time, network, stream, viewers, figures.

import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import { EventWheel } from './event-wheel.ts';
import { Figures } from './figures.ts';
import { NetworkModel, RELAY_HALF_MS } from './network-model.ts';
import { Random } from './random.ts';
import { chunkIntervalMs, chunkSize, type Settings } from './settings.ts';
import type { SimViewer } from './sim-viewer.ts';
import { SourceStream, START_MS } from './source-stream.ts';
import { Tracer } from './tracer.ts';

/** Chunks captured in a second are judged this long after it. */
export const JUDGED_AFTER_S = 4;

/** One simulated world. */
export class World {
  readonly settings: Settings;
  readonly wheel = new EventWheel(START_MS);
  readonly network: NetworkModel;
  /** Draws who comes and goes. */
  readonly random: Random;
  readonly stream: SourceStream;
  readonly figures: Figures;
  /** By index, the gone included. */
  readonly viewers: SimViewer[] = [];
  readonly tracer: Tracer | undefined;
  readonly chunkBytes: number;
  readonly endMs: Millis;
  /** Chunks in the whole stream, at most. */
  readonly chunks: number;
  /** How many chunks' delays are remembered: a power of two. */
  readonly recent: number;

  constructor(settings: Settings) {
    this.settings = settings;
    this.tracer = settings.trace > 0 ? new Tracer(settings.trace) : undefined;
    this.random = new Random(settings.seed);
    this.network = new NetworkModel(settings, new Random(settings.seed ^ 0x5bd1e995));
    const intervalMs = chunkIntervalMs(settings);
    this.stream = new SourceStream(intervalMs);
    this.chunkBytes = chunkSize(settings);
    const seconds = Math.ceil(settings.minutes * 60);
    this.figures = new Figures(seconds, settings.latencyMs);
    this.endMs = START_MS + (seconds + JUDGED_AFTER_S + 1) * 1_000;
    this.chunks = this.stream.indexAt(this.endMs) + 1;
    this.recent = 2 ** Math.ceil(Math.log2(((JUDGED_AFTER_S + 3) * 1_000) / intervalMs));
  }

  get now(): Millis {
    return this.wheel.now;
  }

  /** Since the start, in whole seconds. */
  get second(): number {
    return Math.floor((this.wheel.now - START_MS) / 1_000);
  }

  viewer(id: PeerId): SimViewer | undefined {
    return this.viewers[id - 1];
  }

  /** One way between a viewer and the relay. */
  relayDelay(viewer: SimViewer): Millis {
    return viewer.access.halfMs + RELAY_HALF_MS;
  }
}
