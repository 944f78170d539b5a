// A chunk scheduler on a stage: its hands write down what they were told, and time is moved by the test.

import type { ChunkHeader } from '../../../../core/chunk.ts';
import type { PeerId } from '../../../../core/peer-id.ts';
import { RELAY } from '../../../../core/peer-id.ts';
import { ChunkScheduler } from '../../../../core/swarm/chunk-scheduler.ts';
import type { SchedulerPort } from '../../../../core/swarm/scheduler-port.ts';

/** Of the chunks of a stage: 40 a second of 4,000 bytes. */
export const INTERVAL_MS = 25;
export const CHUNK_BYTES = 4_000;

/** One viewer. `sequence` n is captured at n × 25 ms; the clocks agree. */
export class SchedulerStage {
  readonly told: string[] = [];
  readonly backlogs = new Map<PeerId, number>();
  readonly scheduler: ChunkScheduler;
  now = 0;
  readonly #delays = new Map<PeerId, number>();

  constructor() {
    const tell = (words: (string | number)[]) => this.told.push(words.join(' '));
    const port: SchedulerPort = {
      connect: peer => tell(['connect', peer]),
      disconnect: peer => tell(['disconnect', peer]),
      adopt: (peer, stripe, from) => tell(['adopt', peer, stripe, from]),
      adopted: (peer, stripe, depth) => tell(['adopted', peer, stripe, depth]),
      release: (peer, stripe, cause) => tell(['release', peer, stripe, cause]),
      push: (peer, sequence) => {
        tell(['push', peer, sequence]);
        return true;
      },
      backlog: peer => this.backlogs.get(peer) ?? 0,
      want: (from, sequences) => tell(['want', from, ...sequences]),
      lacking: (peer, sequences) => tell(['lacking', peer, ...sequences]),
      have: peer => tell(['have', peer]),
      pushStripes: stripes => tell(['push-stripes', stripes.toString(2)]),
      served: (stripe, parent) => tell(['served', stripe, parent]),
      complain: (peer, grievance, stripes) => tell(['complain', peer, grievance, stripes]),
    };
    this.scheduler = new ChunkScheduler({ uploadKbps: 4_000 }, port);
  }

  /** What was told since the last time. */
  heard(filter?: string): string[] {
    const words = this.told.splice(0);
    return filter === undefined ? words : words.filter(line => line.startsWith(filter));
  }

  /** A chunk comes, by default at once and from the relay. */
  chunk(sequence: number, from: PeerId = RELAY): 'new' | 'known' | 'old' {
    return this.scheduler.received(headerOf(sequence), CHUNK_BYTES, from, this.now);
  }

  /** A peer's chunks come after so many ms. */
  delay(peer: PeerId, ms: number): void {
    this.#delays.set(peer, ms);
  }

  /**
   * The stream runs for so long: each chunk comes from whoever `source` says, after that peer's delay; `undefined`: from nobody.
   * The scheduler is polled as it wishes.
   */
  run(ms: number, source: (sequence: number) => PeerId | undefined): void {
    const end = this.now + ms;
    const due: { at: number; sequence: number; from: PeerId }[] = [];
    for (let sequence = Math.ceil(this.now / INTERVAL_MS); sequence * INTERVAL_MS < end; sequence++) {
      const from = source(sequence);
      if (from === undefined) continue;
      due.push({ at: sequence * INTERVAL_MS + (this.#delays.get(from) ?? 20), sequence, from });
    }
    due.sort((a, b) => a.at - b.at);
    while (this.now < end) {
      this.now += 5;
      while (due[0] && due[0].at <= this.now) {
        const { sequence, from } = due.shift()!;
        this.chunk(sequence, from);
      }
      if (this.now >= this.scheduler.wakeAt()) this.scheduler.poll(this.now);
    }
    for (const { sequence, from } of due) this.chunk(sequence, from);
  }

  /** A peer is connected. */
  up(peer: PeerId): void {
    this.scheduler.peerUp(peer, this.now);
    this.scheduler.roundTrip(peer, 50);
  }
}

/** The header of a chunk of the stage's stream: groups of 40. */
export function headerOf(sequence: number): ChunkHeader {
  return {
    track: 0,
    sequence,
    group: sequence - (sequence % 40),
    epoch: 0,
    discontinuity: false,
    end: false,
    timestamp: sequence * INTERVAL_MS * 90,
    duration: INTERVAL_MS * 90,
    entry: 0,
    initId: new Uint8Array(8),
    capturedAt: sequence * INTERVAL_MS,
  };
}
