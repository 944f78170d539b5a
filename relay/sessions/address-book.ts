// Who has how many links and channels here, by address, and who comes too often.

import { isIPv6 } from 'node:net';
import type { Millis } from '../../core/time.ts';
import type { RelayConfig } from '../config/config.ts';
import { plainAddress } from '../http/client-address.ts';

const MINUTE: Millis = 60_000;
/** So many addresses that have come and gone are remembered for the rest of their minute. */
const MAX_REMEMBERED = 50_000;

/** One address, or a network of IPv6 that one subscriber has. */
interface Caller {
  links: number;
  handshakes: number;
  /** When the minute ends in which they are counted. */
  endsAt: Millis;
  /** How many of its links are on a channel. */
  readonly channels: Map<string, number>;
}

/** The limits are read when they are needed, so they may change. */
export class AddressBook {
  readonly #limits: () => RelayConfig['limits'];
  readonly #steady: () => Millis;
  readonly #callers = new Map<string, Caller>();

  /** `steady` is of any steady clock, milliseconds. */
  constructor(limits: () => RelayConfig['limits'], steady: () => Millis) {
    this.#limits = limits;
    this.#steady = steady;
  }

  /** A new link; says why it is one too many, or nothing. `leave` follows in either case. */
  arrive(address: string): string | undefined {
    const { linksPerAddress, handshakesPerMinute } = this.#limits();
    const caller = this.#callerOf(address);
    caller.links++;
    caller.handshakes++;
    if (caller.handshakes > handshakesPerMinute)
      return `at most ${handshakesPerMinute} new links a minute from one address`;
    return caller.links > linksPerAddress ? `at most ${linksPerAddress} links from one address` : undefined;
  }

  /** A link of this address is for this channel; says why it is one channel too many, or nothing. With nothing said, `close` follows. */
  open(address: string, channel: string): string | undefined {
    const { channelsPerAddress } = this.#limits();
    const { channels } = this.#callerOf(address);
    const already = channels.get(channel) ?? 0;
    if (already === 0 && channels.size >= channelsPerAddress)
      return `at most ${channelsPerAddress} channels from one address`;
    channels.set(channel, already + 1);
    return undefined;
  }

  close(address: string, channel: string): void {
    const { channels } = this.#callerOf(address);
    const left = (channels.get(channel) ?? 0) - 1;
    if (left > 0) channels.set(channel, left);
    else channels.delete(channel);
  }

  leave(address: string): void {
    const caller = this.#callerOf(address);
    caller.links--;
    if (this.#callers.size > MAX_REMEMBERED) this.sweep();
  }

  /** Forgets who has gone. To be called now and then. */
  sweep(): void {
    const now = this.#steady();
    for (const [key, { links, endsAt }] of this.#callers) {
      if (links <= 0 && (endsAt <= now || this.#callers.size > MAX_REMEMBERED)) this.#callers.delete(key);
    }
  }

  /** How many addresses are known. */
  get size(): number {
    return this.#callers.size;
  }

  #callerOf(address: string): Caller {
    const now = this.#steady();
    const key = subscriberOf(address);
    let caller = this.#callers.get(key);
    if (!caller) {
      caller = { links: 0, handshakes: 0, endsAt: now + MINUTE, channels: new Map() };
      this.#callers.set(key, caller);
    } else if (caller.endsAt <= now) {
      caller.handshakes = 0;
      caller.endsAt = now + MINUTE;
    }
    return caller;
  }
}

/** What one subscriber has: an IPv4 address, or 64 bits of IPv6. */
export function subscriberOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...new Array<string>(zeros).fill('0'), ...last];
  return `${groups
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
