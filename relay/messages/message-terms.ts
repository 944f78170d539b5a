// How much may be said: by one, on a channel, and on all channels together.

import type { Millis } from '../../core/time.ts';
import type { RelayConfig } from '../config/config.ts';
import { RateCap } from '../sessions/rate-cap.ts';

/** Seconds' worth that may come at once. */
const BURST_SECONDS = 3;

/** Bytes that a delivery is charged at least: many small ones are as much work as few large ones. */
const LEAST_CHARGE = 600;

/** Where all channels together want more than the relay gives, each still has this part of it: no channel silences the others. */
const RESERVED_PART = 1 / 50;

/** What all audiences of a relay share. */
export interface MessageTerms {
  readonly settings: RelayConfig['messages'];
  /** Bytes that leave the relay, for all channels together. */
  readonly deliveries: RateCap;
  /** Whole milliseconds of a steady clock. */
  readonly steady: () => Millis;
  readonly after: (ms: Millis, task: () => void) => void;
}

/** The terms of a relay's settings. */
export function messageTerms(
  settings: RelayConfig['messages'],
  { steady, after }: Pick<MessageTerms, 'steady' | 'after'>,
): MessageTerms {
  const deliveries = new RateCap((settings.megabitsPerSecond * 1e6) / 8, steady(), BURST_SECONDS);
  return { settings, deliveries, steady, after };
}

/** What one channel may always give to its listeners. */
export function channelReserve({ settings, steady }: MessageTerms): RateCap {
  return new RateCap(((settings.megabitsPerSecond * 1e6) / 8) * RESERVED_PART, steady(), BURST_SECONDS);
}

/** Messages and their bytes, bounded together. */
export class MessageCap {
  readonly #messages: RateCap;
  readonly #bytes: RateCap;

  constructor(perSecond: number, kilobytesPerSecond: number, now: Millis) {
    this.#messages = new RateCap(perSecond, now, BURST_SECONDS);
    this.#bytes = new RateCap(kilobytesPerSecond * 1_000, now, BURST_SECONDS);
  }

  /** Whether another message of so many bytes may pass now. */
  take(bytes: number, now: Millis): boolean {
    return this.#bytes.take(bytes, now) && this.#messages.take(1, now);
  }
}

/** What it costs to give a message to so many. */
export function chargeOf(bytes: number, listeners: number): number {
  return Math.max(bytes, LEAST_CHARGE) * listeners;
}
