// A viewer tells the relay from whom a stripe reaches it now: the plan carried out, or a way that it found itself.

import type { PeerId } from '../peer-id.ts';
import type { Codec } from './codec.ts';

export interface Served {
  readonly stripe: number;
  /** `RELAY` for the relay. */
  readonly parent: PeerId;
}

export const served: Codec<Served> = {
  type: 19,
  name: 'served',
  maxSize: 16,
  write(writer, message) {
    writer.varint(message.stripe).varint(message.parent);
  },
  read(reader) {
    return { stripe: reader.varint(), parent: reader.varint() };
  },
};
