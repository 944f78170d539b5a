// One viewer on a link: feeds it from its channel as fast as it reads.

import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import type { Link } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import { encodeMessage } from '../../core/wire/framing.ts';
import { chunk, init, ping, prove, publish, subscribe, unpublish } from '../../core/wire/index.ts';
import type { Channel, Viewer } from '../channels/channel.ts';
import type { Track } from '../channels/track.ts';
import { type BatchCache, type FeedSink, ViewerFeed } from '../channels/viewer-feed.ts';
import { LagGauge } from './lag-gauge.ts';
import type { Role } from './role.ts';

/** What only a publisher, or only the first message, may be. */
const NOT_FROM_VIEWERS = new Set([subscribe, publish, prove, init, chunk, unpublish].map(codec => codec.type));

export class ViewerSession implements Role, Viewer, FeedSink {
  readonly kind = 'viewer';
  readonly channel: Channel;
  readonly lanes: number;
  readonly #link: Link;
  readonly #steady: () => Millis;
  readonly #gauge = new LagGauge();
  #feed: { readonly track: number; readonly feed: ViewerFeed } | undefined;
  /** The lane of the newest chunks. */
  #lane = 0;

  /** `steady`: whole milliseconds of any steady clock. Joins the channel. */
  constructor(link: Link, channel: Channel, steady: () => Millis) {
    this.#link = link;
    this.lanes = link.lanes;
    this.channel = channel;
    this.#steady = steady;
    link.drained = () => channel.pump(this);
    channel.join(this);
  }

  receive(type: number, _body: Bytes): void {
    if (NOT_FROM_VIEWERS.has(type)) throw new ProtocolViolation(`a viewer sent message type ${type}`);
  }

  pong(sentAt: Millis): void {
    this.#gauge.pong(sentAt);
    this.channel.pump(this);
    this.#probe();
  }

  ended(): void {
    this.channel.leave(this);
  }

  tell(message: Bytes): void {
    this.#link.send(message, 0);
  }

  feed(track: Track, batches: BatchCache): number {
    if (this.#feed?.track !== track.id) this.#feed = { track: track.id, feed: new ViewerFeed(track.id, this) };
    const sent = this.#feed.feed.pump(track.window, batches);
    if (sent > 0) this.#probe();
    return sent;
  }

  reset(): void {
    this.#feed = undefined;
  }

  writable(lane: number): boolean {
    return this.#link.writable(lane) && !this.#gauge.full(this.#steady());
  }

  send(messages: Bytes, lane: number): void {
    this.#link.send(messages, lane);
    this.#gauge.sent(messages.length);
    this.#lane = lane;
  }

  #probe(): void {
    const sentAt = this.#steady();
    if (this.#gauge.probe(sentAt)) this.#link.send(encodeMessage(ping, { sentAt }), this.#lane);
  }
}
