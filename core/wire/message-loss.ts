// The relay says which messages did not get through: the receiver's own, or those that were meant for it.

import type { Codec } from './codec.ts';

/**
 * Of the receiver's own: `too-fast`, more than one may send; `busy`, more than the channel carries; `off`, the relay carries none;
 * `not-allowed`, it may not speak here. `missed`: the receiver's link was full, and others' messages passed it by.
 */
export type LossCause = 'too-fast' | 'busy' | 'off' | 'not-allowed' | 'missed';

export interface MessageLoss {
  /** A `LossCause`, or what a later relay may say. */
  readonly cause: string;
  /** How many messages, since this was said last. */
  readonly count: number;
  /** For people: what was wrong and what would be accepted. */
  readonly reason: string;
}

export const messageLoss: Codec<MessageLoss> = {
  type: 35,
  name: 'message-loss',
  maxSize: 1_100,
  write(writer, { cause, count, reason }) {
    writer.text(cause).varint(count).text(reason);
  },
  read(reader) {
    return { cause: reader.text(32), count: reader.varint(), reason: reader.text(1_024) };
  },
};
