// Labels of channels in metrics: a name of their own for so many, so that what Prometheus keeps stays bounded.

import { isRecordingSwarm } from '../../core/recording/recording-id.ts';
import type { Millis } from '../../core/time.ts';

const OTHER_CHANNELS = 'other';
/** Where viewers of recordings meet. */
const RECORDINGS = 'recordings';
const MAX_LABELS = 100;
/** A channel that is not there any more gives its label back after this long. */
const KEEP_MS: Millis = 3_600_000;

export class ChannelLabels {
  readonly #seenAt = new Map<string, Millis>();

  /** The label of a channel that is there now. */
  of(channel: string, now: Millis): string {
    if (isRecordingSwarm(channel)) return RECORDINGS;
    if (!this.#seenAt.has(channel) && this.#seenAt.size >= MAX_LABELS) return OTHER_CHANNELS;
    this.#seenAt.set(channel, now);
    return channel;
  }

  /** Labels that are given back. */
  expire(now: Millis): string[] {
    const expired: string[] = [];
    for (const [channel, seenAt] of this.#seenAt) {
      if (now - seenAt <= KEEP_MS) continue;
      this.#seenAt.delete(channel);
      expired.push(channel);
    }
    return expired;
  }
}
