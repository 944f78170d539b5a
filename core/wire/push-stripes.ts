// A viewer tells the relay which stripes to push to it. Until the first such message it gets all.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

/** Most stripes that a channel may have. */
export const MAX_STRIPES = 16;

export interface PushStripes {
  readonly track: number;
  /** How many stripes there are: 1–16. */
  readonly count: number;
  /** Bit s: push stripe s. */
  readonly stripes: number;
  /** Of stripes that were not pushed before, what the relay holds from this sequence on is sent at once. 0: only what comes next. */
  readonly from: number;
}

/** Throws `ProtocolViolation` unless `count` is a number of stripes. */
export function checkStripeCount(count: number): number {
  if (count >= 1 && count <= MAX_STRIPES) return count;
  throw new ProtocolViolation(`${count} stripes: 1 to ${MAX_STRIPES} are allowed`);
}

export const pushStripes: Codec<PushStripes> = {
  type: 20,
  name: 'push-stripes',
  maxSize: 32,
  write(writer, message) {
    writer.varint(message.track).varint(message.count).varint(message.stripes).varint(message.from);
  },
  read(reader) {
    const track = reader.varint();
    const count = checkStripeCount(reader.varint());
    const stripes = reader.varint();
    if (stripes >= 2 ** count) throw new ProtocolViolation(`stripes beyond the ${count} there are`);
    return { track, count, stripes, from: reader.varint() };
  },
};
