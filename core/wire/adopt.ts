// A viewer asks a peer to push a stripe to it. Answered with `adopted` or `release`.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';
import { checkStripeCount } from './push-stripes.ts';

export interface Adopt {
  readonly track: number;
  /** How many stripes the asker counts. */
  readonly count: number;
  readonly stripe: number;
  /** The first sequence of the stripe that the asker lacks. */
  readonly from: number;
}

/** Throws `ProtocolViolation` unless `stripe` is one of `count`. */
export function checkStripe(stripe: number, count: number): number {
  if (stripe < count) return stripe;
  throw new ProtocolViolation(`stripe ${stripe} of ${count}`);
}

export const adopt: Codec<Adopt> = {
  type: 25,
  name: 'adopt',
  maxSize: 32,
  write(writer, message) {
    writer.varint(message.track).varint(message.count).varint(message.stripe).varint(message.from);
  },
  read(reader) {
    const track = reader.varint();
    const count = checkStripeCount(reader.varint());
    return { track, count, stripe: checkStripe(reader.varint(), count), from: reader.varint() };
  },
};
