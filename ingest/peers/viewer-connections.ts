// The source's connections with viewers, within limits: the viewers ask for them by way of the relay.

import type { DataChannelLink } from '../../core/links/data-channel-link.ts';
import type { PeerId } from '../../core/peer-id.ts';
import type { Clock } from '../../core/publish/clock.ts';
import type { Millis } from '../../core/time.ts';
import type { Signal } from '../../core/wire/signal.ts';
import type { Werift } from './load-werift.ts';
import type { PeerTerms } from './peer-terms.ts';
import { ViewerConnection } from './viewer-connection.ts';

export interface ViewerConnectionsOptions {
  readonly werift: Werift;
  readonly clock: Clock;
  /** As the relay told last. */
  readonly terms: () => PeerTerms;
  /** At once. */
  readonly maxConnections: number;
  readonly onSignal: (signal: Signal) => void;
  /** Channels that are about to open. An earlier link of the same viewer has ended. */
  readonly onLink: (peer: PeerId, link: DataChannelLink) => void;
}

/** Connections that are being made at once. */
const MAX_PENDING = 6;
/** A viewer may begin one attempt in this time, and a few at once. */
const OFFER_INTERVAL_MS: Millis = 1_000;
const OFFERS_AT_ONCE = 3;

/** Answers offers; makes none. */
export class ViewerConnections {
  readonly #options: ViewerConnectionsOptions;
  readonly #connections = new Map<PeerId, ViewerConnection>();
  /** Until when each viewer has used up its right to make offers, or has of late. */
  readonly #offers = new Map<PeerId, Millis>();

  constructor(options: ViewerConnectionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes what a viewer says by way of the relay. */
  take({ peer, attempt, kind, text }: Signal): void {
    const present = this.#connections.get(peer);
    if (kind === 'offer') this.#offered(peer, attempt, text);
    else if (present?.options.attempt !== attempt)
      return; // what belongs to an attempt that is over
    else if (kind === 'candidate') present.candidate(text);
    else if (kind === 'bye') {
      this.#connections.delete(peer);
      present.close('as the viewer says');
    }
  }

  /** Ends a viewer's connection, if there is one. */
  disconnect(peer: PeerId, reason: string): void {
    this.#connections.get(peer)?.end(reason);
  }

  /** Ends connections whose viewers fill the memory. */
  check(): void {
    for (const connection of this.#connections.values()) connection.check();
  }

  close(): void {
    for (const connection of [...this.#connections.values()]) connection.end('the source leaves');
  }

  #offered(peer: PeerId, attempt: number, offer: string): void {
    const present = this.#connections.get(peer);
    if (present?.options.attempt === attempt) return;
    const reason = this.#refusal(peer, present);
    if (reason !== undefined) {
      this.#options.onSignal({ peer, attempt, kind: 'bye', text: reason });
      return;
    }
    present?.close('the viewer began anew');
    const { werift, clock, terms, onSignal, onLink } = this.#options;
    const connection = new ViewerConnection({
      ...{ peer, attempt, offer, werift, clock },
      terms: terms(),
      onLink: link => onLink(peer, link),
      onSignal: (kind, text) => onSignal({ peer, attempt, kind, text }),
      onEnd: text => {
        if (this.#connections.get(peer) === connection) this.#connections.delete(peer);
        onSignal({ peer, attempt, kind: 'bye', text });
      },
    });
    this.#connections.set(peer, connection);
  }

  #refusal(peer: PeerId, present: ViewerConnection | undefined): string | undefined {
    const { clock, maxConnections } = this.#options;
    if (!present && this.#connections.size >= maxConnections) return `no more than ${maxConnections} viewers at once`;
    const now = clock.now();
    const earliest = now - OFFERS_AT_ONCE * OFFER_INTERVAL_MS;
    for (const [other, used] of this.#offers) if (used <= earliest) this.#offers.delete(other);
    const used = (this.#offers.get(peer) ?? earliest) + OFFER_INTERVAL_MS;
    if (used > now) return 'one attempt a second is enough';
    this.#offers.set(peer, used);
    const pending = [...this.#connections.values()].filter(other => other !== present && other.pending).length;
    return pending < MAX_PENDING ? undefined : 'too many viewers are being connected just now';
  }
}
