// What the source keeps of one viewer's link: whether it stands, when it was heard, and which init documents it has.

import type { Bytes } from '../../core/bytes.ts';
import { type DataChannelLink, MAX_CHANNEL_MESSAGE } from '../../core/links/data-channel-link.ts';
import type { HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { ping, pong } from '../../core/wire/index.ts';

const CHUNK_LANE = 1;
const PING_MS: Millis = 2_000;
/** A viewer that answers no ping for so long is gone. */
const SILENT_MS: Millis = 10_000;

/** A link to a viewer. */
export class ViewerLink {
  readonly link: DataChannelLink;
  isUp = false;
  heardAt: Millis;
  readonly #inits = new WeakSet<HeldInit>();
  #pingedAt: Millis = 0;

  constructor(link: DataChannelLink, now: Millis) {
    this.link = link;
    this.heardAt = now;
  }

  /** Sends a control message. */
  tell(message: Bytes): void {
    this.link.send(message, 0);
  }

  /** Sends a chunk, and what it needs before it; false when it can't. */
  push(chunk: HeldChunk): boolean {
    if (!this.isUp || chunk.message.length > MAX_CHANNEL_MESSAGE) return false;
    if (!this.#inits.has(chunk.init)) {
      this.#inits.add(chunk.init);
      if (chunk.init.message.length <= MAX_CHANNEL_MESSAGE) this.link.send(chunk.init.message, 0);
    }
    this.link.send(chunk.message, CHUNK_LANE);
    return true;
  }

  /** Answers a ping; false for any other message. */
  answer(type: number, body: Bytes, now: Millis): boolean {
    this.heardAt = now;
    if (type !== ping.type) return false;
    const { sentAt } = decodeBody(ping, body);
    this.tell(encodeMessage(pong, { sentAt, clock: Math.max(0, Math.round(now)) }));
    return true;
  }

  /** Pings when due; false when the viewer has been silent for too long. */
  tick(now: Millis): boolean {
    if (!this.isUp) return true;
    if (now - this.heardAt > SILENT_MS) return false;
    if (now - this.#pingedAt >= PING_MS) {
      this.#pingedAt = now;
      this.tell(encodeMessage(ping, { sentAt: Math.floor(now) }));
    }
    return true;
  }
}
