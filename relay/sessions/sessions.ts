// All links of a relay: counts them, keeps the limits, and ends them together.

import type { Link, Transport } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelStats } from '../channels/channel-stats.ts';
import type { RelayConfig } from '../config/config.ts';
import type { LinkPage } from '../runtime/runtime.ts';
import { AddressBook } from './address-book.ts';
import { Session } from './session.ts';
import type { SessionContext } from './session-context.ts';

/** Stands for links from this process and its children, which no limit is for. */
const OUR_ADDRESS = 'memory';
const NO_PAGE: LinkPage = { origin: undefined };

export class Sessions {
  readonly #limits: () => RelayConfig['limits'];
  readonly #context: SessionContext;
  readonly #sessions = new Set<Session>();
  readonly #book: AddressBook;
  #leaving = false;

  /** The limits are read when they are needed, so they may change. */
  constructor(limits: () => RelayConfig['limits'], context: SessionContext) {
    this.#limits = limits;
    this.#context = context;
    this.#book = new AddressBook(limits, context.steady);
  }

  /** How many links there are. */
  get count(): number {
    return this.#sessions.size;
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.#sessions.values();
  }

  /** Serves a new link, unless there are too many. `page` is left out where the transport doesn't tell which it is. */
  add(link: Link, address: string, page?: LinkPage): void {
    const isOurs = address === OUR_ADDRESS;
    const book = isOurs ? undefined : this.#book;
    const session = new Session(link, { address, page: isOurs ? NO_PAGE : page, book }, this.#context);
    const surplus = book?.arrive(address);
    this.#sessions.add(session);
    void link.closed.then(() => {
      this.#sessions.delete(session);
      book?.leave(address);
    });
    if (this.#leaving) session.goaway(0, 'the relay leaves');
    const { links } = this.#limits();
    if (this.#sessions.size > links) session.refuse('too-many', `this relay serves at most ${links} links`);
    else if (surplus !== undefined) session.refuse('too-many', surplus);
  }

  /** Pings, and ends what is dead; called about once a second. */
  tick(): void {
    for (const session of this.#sessions) session.tick();
    this.#book.sweep();
  }

  /** Tells everybody to come back later, one after the other within `spreadMs`. */
  goaway(retryAfterMs: Millis, reason: string, spreadMs: Millis = 0): void {
    this.#leaving = true;
    for (const session of this.#sessions) session.goaway(retryAfterMs + Math.floor(Math.random() * spreadMs), reason);
  }

  /** Ends all links. */
  close(code: number, reason: string): void {
    for (const { link } of this.#sessions) link.close(code, reason);
  }

  /** The figures of each channel, by name. */
  channelStats(): Record<string, ChannelStats> {
    const stats: Record<string, ChannelStats> = {};
    for (const channel of this.#context.channels) stats[channel.name] = this.statsOf(channel);
    return stats;
  }

  /** The figures of one channel. */
  statsOf(channel: Channel): ChannelStats {
    const { state, viewers, bytesIn, bytesOut, bytesPulled, copies, swarm, audience } = channel;
    const transports: Partial<Record<Transport, number>> = {};
    for (const { link, role } of this.#sessions) {
      if (role?.kind !== 'viewer' || role.channel !== channel) continue;
      transports[link.transport] = (transports[link.transport] ?? 0) + 1;
    }
    const counts = { viewers: viewers.size, bytesIn, bytesOut, bytesPulled, copies };
    const messages = { listeners: audience.size, delivered: audience.delivered, missed: audience.missed };
    return { state, ...counts, transports, swarm: (swarm ?? channel.replaySwarm)?.stats() ?? null, messages };
  }
}
