// How much of what was sent has not arrived: transports buffer megabytes, so a viewer's lag shows only in pings that travel behind the chunks.

import type { Millis } from '../../core/time.ts';

/** A probe is due when this long has passed since the last, or this many bytes. */
const PROBE_EVERY_MS: Millis = 1_000;
const PROBE_EVERY_BYTES = 524_288;
/** A viewer whose probe is out longer than this… */
const MAX_PROBE_MS: Millis = 1_500;
/** …gets no more chunks while more than this many bytes are on the way. */
const MAX_LATE_BYTES = 131_072;
/** And never more than this. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Counts the bytes on the way to one viewer. `now` is any steady clock. */
export class LagGauge {
  #sent = 0;
  #arrived = 0;
  #probe: { readonly sentAt: Millis; readonly sent: number } | undefined;
  #lastProbe = { sentAt: Number.NEGATIVE_INFINITY, sent: 0 };

  /** Bytes sent of which it is not known that they arrived. */
  get onTheWay(): number {
    return this.#sent - this.#arrived;
  }

  /** Notes bytes sent. */
  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** Whether a ping with `sentAt` = `now` is to be sent behind what was sent; if so, it counts as sent. */
  probe(now: Millis): boolean {
    const last = this.#lastProbe;
    if (this.#probe || this.#sent === last.sent) return false;
    const due = now - last.sentAt >= PROBE_EVERY_MS || this.#sent - last.sent >= PROBE_EVERY_BYTES;
    if (!due && this.onTheWay <= MAX_BYTES) return false;
    this.#probe = this.#lastProbe = { sentAt: now, sent: this.#sent };
    return true;
  }

  /** Notes a pong. */
  pong(sentAt: Millis): void {
    if (this.#probe?.sentAt !== sentAt) return;
    this.#arrived = this.#probe.sent;
    this.#probe = undefined;
  }

  /** Whether so much is on the way that more would only make it later. */
  full(now: Millis): boolean {
    const bytes = this.onTheWay;
    if (bytes > MAX_BYTES) return true;
    return this.#probe !== undefined && now - this.#probe.sentAt > MAX_PROBE_MS && bytes > MAX_LATE_BYTES;
  }
}
