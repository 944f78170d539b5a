// The relay tells a viewer its place in the swarm: a parent for each stripe, and spares. Each plan replaces the one before.

import { ProtocolViolation } from '../errors.ts';
import type { PeerId } from '../peer-id.ts';
import type { Codec } from './codec.ts';
import { checkStripeCount } from './push-stripes.ts';

export interface Plan {
  /** Parent of each stripe; `RELAY` for the relay. Its length is the number of stripes. */
  readonly parents: readonly PeerId[];
  /** Peers to stay connected with beside the parents: they help when something is missing. */
  readonly spares: readonly PeerId[];
}

const MAX_SPARES = 16;

export const plan: Codec<Plan> = {
  type: 22,
  name: 'plan',
  maxSize: 300,
  write(writer, message) {
    for (const list of [message.parents, message.spares]) {
      writer.varint(list.length);
      for (const peer of list) writer.varint(peer);
    }
  },
  read(reader) {
    const parents = Array.from({ length: checkStripeCount(reader.varint()) }, () => reader.varint());
    const count = reader.varint();
    if (count > MAX_SPARES) throw new ProtocolViolation(`${count} spares, at most ${MAX_SPARES} allowed`);
    return { parents, spares: Array.from({ length: count }, () => reader.varint()) };
  },
};
