// The relay tells a viewer that it read too slowly, and which chunks it therefore never gets on this link.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

export interface Skipped {
  readonly track: number;
  /** The first sequence left out. */
  readonly from: number;
  /** The sequence at which sending goes on: it starts a group. */
  readonly to: number;
}

export const skipped: Codec<Skipped> = {
  type: 6,
  name: 'skipped',
  maxSize: 64,
  write(writer, message) {
    writer
      .varint(message.track)
      .varint(message.from)
      .varint(message.to - message.from);
  },
  read(reader) {
    const track = reader.varint();
    const from = reader.varint();
    const to = from + reader.varint();
    if (!Number.isSafeInteger(to)) throw new ProtocolViolation('skips beyond all sequences');
    return { track, from, to };
  },
};
