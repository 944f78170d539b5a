// The links to the peers, by peer: opened, pinged, and each told the init documents before the chunks that need them.

import type { Bytes } from '../../core/bytes.ts';
import { ProtocolViolation } from '../../core/errors.ts';
import { CloseCode } from '../../core/link.ts';
import { type DataChannelLink, MAX_CHANNEL_MESSAGE } from '../../core/links/data-channel-link.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { HeldChunk, HeldInit } from '../../core/swarm/chunk-window.ts';
import type { Millis } from '../../core/time.ts';
import { decodeBody, encodeMessage } from '../../core/wire/framing.ts';
import { ping, pong } from '../../core/wire/index.ts';
import { peerLink } from '../links/peer-link.ts';
import type { PeerChannelsEvent } from '../links/peer-messages.ts';

/** What the links tell. */
export interface PeerLinksOwner {
  up(peer: PeerId): void;
  /** It was up, and has ended; not because it was removed. `attempt`: which connection it was. */
  down(peer: PeerId, attempt: number): void;
  drained(peer: PeerId): void;
  roundTrip(peer: PeerId, ms: Millis): void;
  /** Any message but ping and pong. May throw `ProtocolViolation`. */
  receive(peer: PeerId, type: number, body: Bytes): void;
  /** The peer broke the protocol: its link is about to close. */
  violation(peer: PeerId): void;
}

interface Entry {
  readonly link: DataChannelLink;
  readonly inits: WeakSet<HeldInit>;
  isUp: boolean;
  pingedAt: Millis;
}

const CHUNK_LANE = 1;
const PING_MS: Millis = 1_000;

/** All links of one viewer. */
export class PeerLinks {
  readonly #owner: PeerLinksOwner;
  readonly #entries = new Map<PeerId, Entry>();

  constructor(owner: PeerLinksOwner) {
    this.#owner = owner;
  }

  /** Takes a peer's channels. An older link of the same peer is replaced. */
  add(event: PeerChannelsEvent): void {
    const { peer } = event;
    this.remove(peer, 'another link takes its place');
    const link = peerLink(event);
    const entry: Entry = { link, inits: new WeakSet(), isUp: false, pingedAt: 0 };
    this.#entries.set(peer, entry);
    link.receive = (type, body) => this.#receive(peer, entry, type, body);
    link.drained = () => this.#owner.drained(peer);
    void link.opened.then(isOpen => {
      if (!isOpen || this.#entries.get(peer) !== entry) return;
      entry.isUp = true;
      this.#owner.up(peer);
    });
    void link.closed.then(() => {
      if (this.#entries.get(peer) !== entry) return;
      this.#entries.delete(peer);
      // Of one that never came up the page tells, or tries on.
      if (entry.isUp) this.#owner.down(peer, event.attempt);
    });
  }

  /** Ends a peer's link. */
  remove(peer: PeerId, reason: string): void {
    const entry = this.#entries.get(peer);
    if (!entry) return;
    this.#entries.delete(peer);
    entry.link.close(CloseCode.done, reason);
  }

  /** Sends a control message. */
  tell(peer: PeerId, message: Bytes): void {
    this.#entries.get(peer)?.link.send(message, 0);
  }

  /** Sends a chunk, and what it needs before it; false when there is no link. */
  push(peer: PeerId, chunk: HeldChunk): boolean {
    const entry = this.#entries.get(peer);
    if (!entry?.isUp || chunk.message.length > MAX_CHANNEL_MESSAGE) return false;
    if (!entry.inits.has(chunk.init)) {
      entry.inits.add(chunk.init);
      // One too long for a data channel comes from the relay.
      if (chunk.init.message.length <= MAX_CHANNEL_MESSAGE) entry.link.send(chunk.init.message, 0);
    }
    entry.link.send(chunk.message, CHUNK_LANE);
    return true;
  }

  /** Bytes that wait on the link. */
  backlog(peer: PeerId): number {
    return this.#entries.get(peer)?.link.backlog ?? 0;
  }

  /** Pings who is due. */
  tick(now: Millis): void {
    for (const entry of this.#entries.values()) {
      if (!entry.isUp || now - entry.pingedAt < PING_MS) continue;
      entry.pingedAt = now;
      entry.link.send(encodeMessage(ping, { sentAt: Math.round(now) }), 0);
    }
  }

  close(): void {
    for (const peer of [...this.#entries.keys()]) this.remove(peer, 'the viewer leaves');
  }

  #receive(peer: PeerId, entry: Entry, type: number, body: Bytes): void {
    if (this.#entries.get(peer) !== entry) return;
    try {
      if (type === ping.type) {
        const { sentAt } = decodeBody(ping, body);
        entry.link.send(encodeMessage(pong, { sentAt, clock: Date.now() }), 0);
      } else if (type === pong.type) {
        const ms = performance.now() - decodeBody(pong, body).sentAt;
        if (ms >= -1) this.#owner.roundTrip(peer, Math.max(0, ms));
      } else this.#owner.receive(peer, type, body);
    } catch (error) {
      if (error instanceof ProtocolViolation) this.#owner.violation(peer);
      throw error;
    }
  }
}
