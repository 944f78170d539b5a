// All links of a relay: counts them, keeps the limits, and ends them together.

import type { Link, Transport } from '../../core/link.ts';
import type { Millis } from '../../core/time.ts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelStats } from '../channels/channel-stats.ts';
import type { RelayConfig } from '../config/config.ts';
import { Session } from './session.ts';
import type { SessionContext } from './session-context.ts';

export class Sessions {
  readonly #limits: RelayConfig['limits'];
  readonly #context: SessionContext;
  readonly #sessions = new Set<Session>();
  readonly #perAddress = new Map<string, number>();
  #leaving = false;

  constructor(limits: RelayConfig['limits'], context: SessionContext) {
    this.#limits = limits;
    this.#context = context;
  }

  /** How many links there are. */
  get count(): number {
    return this.#sessions.size;
  }

  /** Serves a new link, unless there are too many. */
  add(link: Link, address: string): void {
    const session = new Session(link, address, this.#context);
    const already = this.#perAddress.get(address) ?? 0;
    this.#sessions.add(session);
    this.#perAddress.set(address, already + 1);
    void link.closed.then(() => {
      this.#sessions.delete(session);
      const left = this.#perAddress.get(address)! - 1; // set when the session was added
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    });
    if (this.#leaving) session.goaway(0, 'the relay leaves');
    if (this.#sessions.size > this.#limits.links) {
      session.refuse('too-many', `this relay serves at most ${this.#limits.links} links`);
    } else if (already >= this.#limits.linksPerAddress && address !== 'memory') {
      session.refuse('too-many', `at most ${this.#limits.linksPerAddress} links from one address`);
    }
  }

  /** Pings, and ends what is dead; called about once a second. */
  tick(): void {
    for (const session of this.#sessions) session.tick();
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
    return { state, ...counts, transports, swarm: swarm?.stats() ?? null, messages };
  }
}
