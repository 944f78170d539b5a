// A viewer tells the relay that it can't rely on a peer.

import { ProtocolViolation } from '../errors.ts';
import type { PeerId } from '../peer-id.ts';
import type { Codec } from './codec.ts';

const GRIEVANCES = ['unreachable', 'lost', 'silent', 'refused', 'slow', 'corrupt', 'mute', 'crowded'] as const;

/**
 * `unreachable`: no connection came about. `lost`: the connection broke. `silent`: a parent stopped pushing. `refused`: it has no place for
 * another child. `slow`: what it pushes comes too late. `corrupt`: it sent a chunk that the publisher never signed. `mute`: asked to push, it never
 * sent a single chunk. `crowded`: the link to it doesn't carry as many stripes.
 */
export type Grievance = (typeof GRIEVANCES)[number];

export interface Complaint {
  readonly peer: PeerId;
  readonly grievance: Grievance;
  /** Bit s: the peer was the sender's parent in stripe s, and is no longer. */
  readonly stripes: number;
}

export const complaint: Codec<Complaint> = {
  type: 18,
  name: 'complaint',
  maxSize: 32,
  write(writer, message) {
    writer.varint(message.peer).u8(GRIEVANCES.indexOf(message.grievance)).varint(message.stripes);
  },
  read(reader) {
    const peer = reader.varint();
    const grievance = GRIEVANCES[reader.u8()];
    if (!grievance) throw new ProtocolViolation('unknown grievance');
    return { peer, grievance, stripes: reader.varint() };
  },
};
