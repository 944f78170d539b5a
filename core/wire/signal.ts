// What two viewers need to say to each other before they are connected passes through the relay, which puts the sender's name in place of the receiver's.

import { ProtocolViolation } from '../errors.ts';
import type { PeerId } from '../peer-id.ts';
import type { Codec } from './codec.ts';

/** `offer`, `answer`: SDP (RFC 8829). `candidate`: JSON of an RTCIceCandidateInit. `bye`: the sender gives the connection up, and why. */
export type SignalKind = 'offer' | 'answer' | 'candidate' | 'bye';

export interface Signal {
  /** From a viewer: to whom; from the relay: from whom. */
  readonly peer: PeerId;
  /** Names one attempt to connect, so that what belongs to an older one is told apart. */
  readonly attempt: number;
  readonly kind: SignalKind;
  /** At most 16,000 bytes. */
  readonly text: string;
}

const KINDS: readonly SignalKind[] = ['offer', 'answer', 'candidate', 'bye'];

export const signal: Codec<Signal> = {
  type: 23,
  name: 'signal',
  maxSize: 16_100,
  write(writer, message) {
    writer.varint(message.peer).varint(message.attempt).u8(KINDS.indexOf(message.kind)).text(message.text);
  },
  read(reader) {
    const peer = reader.varint();
    const attempt = reader.varint();
    const kind = KINDS[reader.u8()];
    if (!kind) throw new ProtocolViolation('unknown kind of signal');
    return { peer, attempt, kind, text: reader.text(16_000) };
  },
};
