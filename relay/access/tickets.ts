// Tickets: the channel document hands them to pages that may show the channel, for links that don't tell which page makes them.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Millis } from '../../core/time.ts';

/** How long a ticket is good for. */
const GOOD_MS: Millis = 120_000;
const MAC_BYTES = 16;

/** Of one run of the relay: `now` is of any steady clock. */
export class Tickets {
  readonly #key = randomBytes(32);

  /** Text of about 30 characters for an admission to this channel. */
  issue(channel: string, now: Millis): string {
    const endsAt = Math.ceil(now + GOOD_MS).toString(36);
    return `${endsAt}.${this.#mac(channel, endsAt).toString('base64url')}`;
  }

  isGood(ticket: string, channel: string, now: Millis): boolean {
    const [endsAt = '', mac = ''] = ticket.split('.');
    const given = Buffer.from(mac, 'base64url');
    if (given.length !== MAC_BYTES || !(Number.parseInt(endsAt, 36) > now)) return false;
    return timingSafeEqual(given, this.#mac(channel, endsAt));
  }

  #mac(channel: string, endsAt: string): Buffer {
    return createHmac('sha256', this.#key).update(`${endsAt} ${channel}`).digest().subarray(0, MAC_BYTES);
  }
}
