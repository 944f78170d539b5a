// One viewer of the same recording, as another sees it.

import type { PeerId } from '../../core/peer-id.ts';
import type { Millis } from '../../core/time.ts';
import type { SequenceBits } from '../../core/wire/sequence-bits.ts';
import { nameOf } from '../engine/peer-views.ts';
import type { PeerView } from '../engine/swarm-stats.ts';
import type { RecordingMap } from './recording-map.ts';
import type { ReplayPeer } from './replay-planner.ts';
import { SequenceBlocks } from './sequence-blocks.ts';

/** Most chunks that wait for one link. */
const MAX_QUEUE = 256;
/** Bytes that came or went this lately are shown as a flow. */
const FLOWING_MS: Millis = 3_000;

/** Of one recording. */
export class ReplayNeighbour implements ReplayPeer {
  readonly id: PeerId;
  /** The connection stands. */
  up = false;
  /** The relay has introduced it last. */
  isPlanned = false;
  usedAt: Millis;
  /** Chunks that it has asked for. */
  readonly queue: number[] = [];
  /** Blocks that have changed here since it was told. */
  readonly news = new Set<number>();
  roundTripMs: Millis | null = null;
  readonly #map: RecordingMap;
  readonly #blocks = new SequenceBlocks();
  #at: number | undefined;
  #bytesIn = 0;
  #bytesOut = 0;
  #gaveAt: Millis = Number.NEGATIVE_INFINITY;
  #tookAt: Millis = Number.NEGATIVE_INFINITY;

  constructor(id: PeerId, map: RecordingMap, now: Millis) {
    this.id = id;
    this.#map = map;
    this.usedAt = now;
  }

  get place(): number | undefined {
    return this.#at === undefined ? undefined : Math.max(0, this.#map.placeOf(this.#at));
  }

  holds(from: number, to: number): readonly number[] {
    return this.#blocks.within(from, to);
  }

  /** It tells where it is, by a base without bits, or what it holds of a block. */
  has({ base, bits }: SequenceBits): void {
    if (bits.length === 0) this.#at = base;
    else this.#blocks.set(base, bits);
  }

  /** Notes what it asks for; false when too much waits already. */
  wants(sequence: number): boolean {
    if (this.queue.length >= MAX_QUEUE) return false;
    this.queue.push(sequence);
    return true;
  }

  roundTrip(ms: Millis): void {
    this.roundTripMs = this.roundTripMs === null ? ms : this.roundTripMs * 0.7 + ms * 0.3;
  }

  /** It gave a chunk that was asked for. */
  gave(bytes: number, now: Millis): void {
    this.#bytesIn += bytes;
    this.usedAt = this.#gaveAt = now;
  }

  /** A chunk went to it. */
  took(bytes: number, now: Millis): void {
    this.#bytesOut += bytes;
    this.usedAt = this.#tookAt = now;
  }

  view(now: Millis): PeerView {
    return {
      id: nameOf(this.id),
      state: this.up ? 'connected' : 'connecting',
      gives: now - this.#gaveAt < FLOWING_MS ? [0] : [],
      takes: now - this.#tookAt < FLOWING_MS ? [0] : [],
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      roundTripMs: this.roundTripMs,
    };
  }
}
