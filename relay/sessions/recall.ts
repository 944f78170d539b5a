// Gives one viewer what it fetches of the past: behind what is live, at a bounded rate, and no more than it reads.

import type { Bytes } from '../../core/bytes.ts';
import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { fetch, lacking, locate, located } from '../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../core/wire/sequence-bits.ts';
import type { Channel } from '../channels/channel.ts';
import { locateIn } from '../channels/locate.ts';
import type { Track } from '../channels/track.ts';
import type { ViewerFeed } from '../channels/viewer-feed.ts';
import { RateCap } from './rate-cap.ts';

/** A viewer gets the past at so many times the stream's rate, and seconds' worth of that at once. */
const RATE = { times: 4, leastBytesPerSecond: 128_000, unknownBytesPerSecond: 500_000, burstSeconds: 2 } as const;
/** Questions that it may ask, a second and at once. */
const QUESTIONS = { perSecond: 10, burstSeconds: 4 } as const;
/** Most chunks that wait to be sent. */
const MAX_QUEUE = 1_024;
/** From one write to the next: what is live goes out between them. */
const PAUSE_MS: Millis = 20;

/** What it needs of the viewer's session. */
export interface RecallOptions {
  readonly link: Pick<Link, 'send' | 'writable'>;
  readonly channel: Channel;
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
  /** All viewers together. */
  readonly budget: RateCap;
  feedOf(track: Track): ViewerFeed;
  /** Whether little of what was sent is still on the way. */
  isClear(): boolean;
  /** Chunks were sent. */
  sent(): void;
}

export class Recall {
  readonly #options: RecallOptions;
  readonly #rate: RateCap;
  readonly #questions: RateCap;
  readonly #queue: number[] = [];
  #isPaused = false;
  #isOver = false;

  constructor(options: RecallOptions) {
    const now = options.steady();
    this.#options = options;
    this.#rate = new RateCap(RATE.unknownBytesPerSecond, now, RATE.burstSeconds);
    this.#questions = new RateCap(QUESTIONS.perSecond, now, QUESTIONS.burstSeconds);
  }

  /** Takes a message if it is about the past; false if it isn't. Throws `ProtocolViolation`. */
  receive(type: number, body: Bytes): boolean {
    if (type === locate.type) this.#locate(body);
    else if (type === fetch.type) this.#fetch(body);
    else return false;
    return true;
  }

  /** The window was cleared, or the link has ended. */
  end(isOver: boolean): void {
    this.#isOver = isOver;
    this.#queue.length = 0;
  }

  #locate(body: Bytes): void {
    const { link, channel, steady } = this.#options;
    const question = decodeBody(locate, body);
    if (question.from === 0) this.#queue.length = 0;
    const track = channel.tracks.get(question.track);
    // Whoever asks without reading the answers, or asks all the time, must not make them pile up; it asks again.
    if (!track || !link.writable(0) || !this.#questions.take(1, steady())) return;
    link.send(encodeMessage(located, locateIn(track.window, question)), 0);
  }

  #fetch(body: Bytes): void {
    const wanted = decodeBody(fetch, body);
    const sequences = sequencesIn(wanted);
    const isKnown = this.#options.channel.mainTrack?.id === wanted.track;
    const room = isKnown ? MAX_QUEUE - this.#queue.length : 0;
    this.#queue.push(...sequences.slice(0, room));
    this.#lack(wanted.track, sequences.slice(room));
    this.#pump();
  }

  #pump(): void {
    const { channel, budget, steady, after, feedOf, isClear, sent } = this.#options;
    const track = channel.mainTrack;
    if (this.#isPaused || this.#isOver || !track || this.#queue.length === 0) return;
    const now = steady();
    const rate = channel.bytesPerSecond;
    if (rate !== undefined) this.#rate.perSecond = Math.max(RATE.leastBytesPerSecond, RATE.times * rate);
    const allow = (bytes: number) => isClear() && this.#rate.take(bytes, now) && budget.take(bytes, now);
    const { bytes, lacking: missing } = feedOf(track).recall(track.window, this.#queue, allow);
    channel.countPulled(bytes);
    this.#lack(track.id, missing);
    if (bytes > 0) sent();
    this.#isPaused = true;
    after(PAUSE_MS, () => {
      this.#isPaused = false;
      this.#pump();
    });
  }

  #lack(track: number, sequences: readonly number[]): void {
    const { link, steady } = this.#options;
    if (sequences.length === 0 || (!link.writable(0) && !this.#questions.take(1, steady()))) return;
    link.send(encodeMessage(lacking, sequenceBits(track, sequences)), 0);
  }
}
