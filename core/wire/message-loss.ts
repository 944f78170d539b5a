// The relay says which messages did not get through: the receiver's own, or those that were meant for it.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

/** `too-fast`: the receiver sent more than one may; `busy`: more than the channel carries; `off`: the relay carries none. `missed`: the receiver's link was full, and others' messages passed it by. */
export type LossCause = 'too-fast' | 'busy' | 'off' | 'missed';

export interface MessageLoss {
  readonly cause: LossCause;
  /** How many messages, since this was said last. */
  readonly count: number;
  /** For people: what was wrong and what would be accepted. */
  readonly reason: string;
}

const CAUSES: readonly LossCause[] = ['too-fast', 'busy', 'off', 'missed'];

export const messageLoss: Codec<MessageLoss> = {
  type: 35,
  name: 'message-loss',
  maxSize: 1_100,
  write(writer, { cause, count, reason }) {
    writer.u8(CAUSES.indexOf(cause)).varint(count).text(reason);
  },
  read(reader) {
    const cause = CAUSES[reader.u8()];
    if (!cause) throw new ProtocolViolation('unknown cause of loss');
    return { cause, count: reader.varint(), reason: reader.text(1_024) };
  },
};
