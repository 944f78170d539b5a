// A channel as HLS: the newest segments, made while somebody asks for them.

import type { Bytes } from '../../core/bytes.ts';
import type { ChunkWindow } from '../../core/swarm/chunk-window.ts';
import { type Millis, TICKS_PER_SECOND } from '../../core/time.ts';
import type { Channel, Viewer } from '../channels/channel.ts';
import type { Track } from '../channels/track.ts';
import { GroupCursor } from './group-cursor.ts';
import { documentOf, payloadOf } from './held-media.ts';
import { type NumberedSegment, playlistOf } from './playlist.ts';
import type { Segment } from './segment.ts';
import { LEAST_DURATION, Segmenter } from './segmenter.ts';
import { Soon } from './soon.ts';

/** Segments in the playlist; as many as before stay to be fetched by whoever has an older one. */
const LISTED = 6;
const KEPT = 9;

/** What goes on when a stream is made anew: players must not see numbers go back. */
export interface HlsNumbers {
  segment: number;
  init: number;
  /** How many discontinuities came before the oldest segment. */
  discontinuities: number;
}

export class HlsStream implements Viewer {
  readonly channel: Channel;
  /** When somebody last asked, on the caller's steady clock. */
  askedAt: Millis;
  /** There is a playlist to give. */
  readonly listed = new Soon();
  readonly #numbers: HlsNumbers;
  readonly #segmenter = new Segmenter();
  #cursor: GroupCursor | undefined;
  #segments: NumberedSegment[] = [];
  readonly #inits = new Map<number, Bytes>();
  #targetDuration = LEAST_DURATION / TICKS_PER_SECOND;
  #ended = false;

  constructor(channel: Channel, numbers: HlsNumbers, now: Millis) {
    this.channel = channel;
    this.#numbers = numbers;
    this.askedAt = now;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The playlist of this moment, if there is anything in it; `query` stands behind each of its addresses. */
  playlist(query: string): string | undefined {
    const segments = this.#segments.slice(-LISTED);
    if (segments.length === 0) return undefined;
    const left = this.#segments.slice(0, -LISTED).filter(({ discontinuity }) => discontinuity).length;
    return playlistOf({
      ...{ segments, query, targetDuration: this.#targetDuration, ended: this.#ended },
      discontinuities: this.#numbers.discontinuities + left,
    });
  }

  segment(number: number): Bytes | undefined {
    return this.#segments.find(segment => segment.number === number)?.bytes;
  }

  init(number: number): Bytes | undefined {
    return this.#inits.get(number);
  }

  /** Control messages are for players that speak the protocol. */
  tell(): void {}

  feed({ window }: Track): number {
    this.#cursor ??= begin(window);
    for (;;) {
      const reading = this.#cursor?.read(window);
      if (reading === 'lost') this.#cursor = undefined;
      if (reading === 'lost' || !reading) break;
      const { header, init } = reading;
      this.#take(this.#segmenter.push(header, payloadOf(reading), () => documentOf(init)));
    }
    return 0; // what goes out are segments
  }

  /** Another broadcast begins. */
  reset(): void {
    this.#cursor = undefined;
    this.#take(this.#segmenter.end());
    this.#ended = false;
  }

  /** The broadcast is over. */
  finish(): void {
    this.#take(this.#segmenter.end());
    this.#ended = true;
    this.listed.happened();
  }

  /** The broadcast goes on after all. */
  resume(): void {
    this.#ended = false;
  }

  /** Nobody gets anything any more. */
  close(): void {
    this.listed.expire(Number.POSITIVE_INFINITY);
  }

  #take(segments: readonly Segment[]): void {
    for (const segment of segments) {
      const before = this.#segments.at(-1);
      if (segment.init !== before?.init) this.#inits.set(++this.#numbers.init, segment.init);
      // The first of all goes on from nothing.
      const discontinuity = segment.discontinuity && before !== undefined;
      this.#segments.push({
        ...segment,
        discontinuity,
        number: this.#numbers.segment++,
        initNumber: this.#numbers.init,
      });
      this.#targetDuration = Math.max(this.#targetDuration, Math.round(segment.duration));
    }
    while (this.#segments.length > KEPT) if (this.#segments.shift()?.discontinuity) this.#numbers.discontinuities++;
    const oldest = this.#segments[0]?.initNumber ?? 0;
    for (const number of this.#inits.keys()) if (number < oldest) this.#inits.delete(number);
    if (segments.length > 0) this.listed.happened();
  }
}

/** So far back that the playlist is full at once, as far as the window reaches. */
function begin(window: ChunkWindow): GroupCursor | undefined {
  const edge = window.newest?.header.timestamp;
  const from = edge === undefined ? undefined : window.groupAt(edge - LISTED * LEAST_DURATION)?.header.sequence;
  return from === undefined ? undefined : new GroupCursor(Number.POSITIVE_INFINITY, from);
}
