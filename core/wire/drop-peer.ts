// The relay tells a viewer to have no more to do with a peer.

import { ProtocolViolation } from '../errors.ts';
import type { PeerId } from '../peer-id.ts';
import type { Codec } from './codec.ts';

export interface DropPeer {
  readonly peer: PeerId;
  /** `left`: it is gone. `banned`: others have complained about it, and it is not to come back. */
  readonly cause: 'left' | 'banned';
}

const CAUSES = ['left', 'banned'] as const;

export const dropPeer: Codec<DropPeer> = {
  type: 24,
  name: 'drop-peer',
  maxSize: 16,
  write(writer, message) {
    writer.varint(message.peer).u8(CAUSES.indexOf(message.cause));
  },
  read(reader) {
    const peer = reader.varint();
    const cause = CAUSES[reader.u8()];
    if (!cause) throw new ProtocolViolation('unknown cause to drop a peer');
    return { peer, cause };
  },
};
