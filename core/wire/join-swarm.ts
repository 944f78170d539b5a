// A viewer enters the channel's swarm: it can be introduced to others from now on. Sent again after each reconnection, and when its wishes change.

import type { Bytes } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import { PEER_SECRET_SIZE, type PeerId } from '../peer-id.ts';
import type { Codec } from './codec.ts';

/** A peer that the sender is connected with. */
export interface Neighbour {
  readonly peer: PeerId;
  /** Bit s: the neighbour pushes stripe s to the sender. */
  readonly stripes: number;
}

export interface JoinSwarm {
  /** 16 random bytes that name the viewer: see `peerIdOf`. Never shown to peers. */
  readonly secret: Bytes;
  /** `source`: it makes the chunks itself and can stand in for the relay. */
  readonly role: 'viewer' | 'source';
  /** What it is ready to upload, in kbit/s; 0 for nothing. */
  readonly uploadKbps: number;
  /** Connections that outlived an earlier relay link; at most 64. */
  readonly neighbours: readonly Neighbour[];
}

const ROLES = ['viewer', 'source'] as const;
const MAX_NEIGHBOURS = 64;

export const joinSwarm: Codec<JoinSwarm> = {
  type: 16,
  name: 'join-swarm',
  maxSize: 1_200,
  write(writer, message) {
    writer.block(message.secret).u8(ROLES.indexOf(message.role)).varint(message.uploadKbps);
    writer.varint(message.neighbours.length);
    for (const { peer, stripes } of message.neighbours) writer.varint(peer).varint(stripes);
  },
  read(reader) {
    const secret = reader.block(PEER_SECRET_SIZE);
    if (secret.length !== PEER_SECRET_SIZE) throw new ProtocolViolation(`peer secret of ${secret.length} bytes`);
    const role = ROLES[reader.u8()];
    if (!role) throw new ProtocolViolation('unknown role in the swarm');
    const uploadKbps = reader.varint();
    const count = reader.varint();
    if (count > MAX_NEIGHBOURS) throw new ProtocolViolation(`${count} neighbours, at most ${MAX_NEIGHBOURS} allowed`);
    const neighbours = Array.from({ length: count }, () => ({ peer: reader.varint(), stripes: reader.varint() }));
    return { secret, role, uploadKbps, neighbours };
  },
};
