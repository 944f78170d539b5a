// One viewer on a link: feeds it from its channel as fast as it reads, and gives it what it asks for.

import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import {
  chunk,
  enterRoom,
  init,
  lacking,
  ping,
  prove,
  publish,
  pushStripes,
  qualityReport,
  subscribe,
  unpublish,
  want,
} from '../../core/wire/index.ts';
import { sequenceBits, sequencesIn } from '../../core/wire/sequence-bits.ts';
import type { Resume } from '../../core/wire/subscribe.ts';
import type { BatchCache } from '../channels/batch-cache.ts';
import type { Channel, Viewer } from '../channels/channel.ts';
import type { Track } from '../channels/track.ts';
import { type FeedSink, ViewerFeed } from '../channels/viewer-feed.ts';
import type { ViewerQuality } from '../figures/viewer-quality.ts';
import { LagGauge } from './lag-gauge.ts';
import { RateCap } from './rate-cap.ts';
import { Recall } from './recall.ts';
import type { Role } from './role.ts';
import type { SessionContext } from './session-context.ts';
import { SwarmSeat } from './swarm-seat.ts';

/** What only a publisher, or only the first message, may be. */
const NOT_FROM_VIEWERS = new Set(
  [subscribe, publish, prove, init, chunk, unpublish, enterRoom].map(codec => codec.type),
);

/** A viewer may ask for chunks up to so many times the stream's rate, and seconds' worth of that at once. */
const PULL = { times: 2, leastBytesPerSecond: 64_000, unknownBytesPerSecond: 250_000, burstSeconds: 2 } as const;
/** How often it may have stripes pushed from the past, a second and at once. */
const BACKWARD_PUSHES = { perSecond: 1, burstSeconds: 16 } as const;
/** The past goes to a viewer only while no more than this is on the way to it: what is live would wait behind it. */
const CLEAR_BYTES = 524_288;
/** How many `lacking` it may be sent while its link is full, a second and at once. */
const UNREAD_ANSWERS = { perSecond: 20, burstSeconds: 5 } as const;

export class ViewerSession implements Role, Viewer, FeedSink {
  readonly kind = 'viewer';
  readonly channel: Channel;
  readonly lanes: number;
  /** How it fares, as it tells itself. */
  readonly quality: ViewerQuality;
  readonly #link: Link;
  readonly #steady: () => Millis;
  readonly #gauge = new LagGauge();
  readonly #seat: SwarmSeat;
  readonly #pulls: RateCap;
  readonly #pushes: RateCap;
  readonly #answers: RateCap;
  readonly #recall: Recall;
  #feed: { readonly track: number; readonly feed: ViewerFeed } | undefined;
  /** Where the feed begins when there is one. */
  #resume: Resume | undefined;
  /** The lane of the newest chunks. */
  #lane = 0;

  /** Joins the channel: from the newest group on, or where it says. */
  constructor(
    { link, address }: { readonly link: Link; readonly address: string },
    channel: Channel,
    { steady, after, recalls, quality, log }: Pick<SessionContext, 'steady' | 'after' | 'recalls' | 'quality' | 'log'>,
    resume?: Resume,
  ) {
    const now = steady();
    this.#link = link;
    this.lanes = link.lanes;
    this.channel = channel;
    this.#steady = steady;
    this.#resume = resume;
    this.#pulls = new RateCap(PULL.unknownBytesPerSecond, now, PULL.burstSeconds);
    this.#pushes = new RateCap(BACKWARD_PUSHES.perSecond, now, BACKWARD_PUSHES.burstSeconds);
    this.#answers = new RateCap(UNREAD_ANSWERS.perSecond, now, UNREAD_ANSWERS.burstSeconds);
    this.#recall = new Recall({
      ...{ link, channel, steady, after, budget: recalls },
      feedOf: track => this.#feedOf(track),
      isClear: () => this.#gauge.onTheWay < CLEAR_BYTES,
      sent: () => this.#probe(),
    });
    this.quality = quality.enter(channel.name);
    const seat = { link, channel, stripes: resume?.count, address, quality: this.quality, steady, log };
    this.#seat = new SwarmSeat({ ...seat, role: 'viewer' });
    link.drained = () => channel.pump(this);
    this.#seat.probe(); // before any chunk: the answer tells how far away the viewer is
    channel.join(this);
  }

  receive(type: number, body: Bytes): void {
    if (NOT_FROM_VIEWERS.has(type)) throw new ProtocolViolation(`a viewer sent message type ${type}`);
    if (type === want.type) this.#give(body);
    else if (type === pushStripes.type) this.#push(body);
    else if (type === qualityReport.type) this.quality.receive(body);
    else if (!this.#recall.receive(type, body)) this.#seat.receive(type, body);
  }

  heard(): void {
    this.#seat.heard();
  }

  pong(sentAt: Millis): void {
    this.#seat.pong(sentAt);
    this.#gauge.pong(sentAt);
    this.channel.pump(this);
    this.#probe();
  }

  ended(): void {
    this.#recall.end(true);
    this.#seat.ended();
    this.quality.leave();
    this.channel.leave(this);
  }

  tell(message: Bytes): void {
    this.#link.send(message, 0);
  }

  feed(track: Track, batches: BatchCache): number {
    const sent = this.#feedOf(track).pump(track.window, batches);
    if (sent > 0) this.#probe();
    return sent;
  }

  reset(): void {
    this.#feed = this.#resume = undefined;
    this.#recall.end(false);
  }

  writable(lane: number): boolean {
    return this.#link.writable(lane) && !this.#gauge.full(this.#steady());
  }

  send(messages: Bytes, lane: number): void {
    this.#link.send(messages, lane);
    this.#gauge.sent(messages.length);
    this.#lane = lane;
  }

  #feedOf(track: Track): ViewerFeed {
    if (this.#feed?.track !== track.id) {
      this.#feed = { track: track.id, feed: new ViewerFeed(track.id, this, this.#resume) };
      this.#resume = undefined;
    }
    return this.#feed.feed;
  }

  #push(body: Bytes): void {
    const { track: id, ...request } = decodeBody(pushStripes, body);
    const track = this.channel.mainTrack;
    const backward = request.from > 0 && this.#pushes.take(1, this.#steady());
    const allowed = backward ? request : { ...request, from: 0 };
    if (!track) this.#resume = allowed;
    if (track?.id !== id) return; // of a track that is not sent
    this.#feedOf(track).push(allowed, track.window);
    this.channel.pump(this);
  }

  #give(body: Bytes): void {
    const wanted = decodeBody(want, body);
    const sequences = sequencesIn(wanted);
    const track = this.channel.mainTrack;
    let missing: readonly number[] = sequences;
    if (track?.id === wanted.track) {
      const now = this.#steady();
      const rate = this.channel.bytesPerSecond;
      if (rate !== undefined) this.#pulls.perSecond = Math.max(PULL.leastBytesPerSecond, PULL.times * rate);
      const given = this.#feedOf(track).pull(track.window, sequences, bytes => this.#pulls.take(bytes, now));
      this.channel.countPulled(given.bytes);
      missing = given.lacking;
      if (given.bytes > 0) this.#probe();
    }
    if (missing.length === 0) return;
    // Whoever asks without reading the answers must not make them pile up.
    if (!this.#link.writable(0) && !this.#answers.take(1, this.#steady())) return;
    this.#link.send(encodeMessage(lacking, sequenceBits(wanted.track, missing)), 0);
  }

  #probe(): void {
    const sentAt = this.#steady();
    if (this.#gauge.probe(sentAt)) this.#link.send(encodeMessage(ping, { sentAt }), this.#lane);
  }
}
