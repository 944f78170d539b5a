// A viewer asks to receive a channel.

import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';
import { checkStripeCount } from './push-stripes.ts';

/** Where a viewer that was cut off goes on; as in `push-stripes`, of the track that viewers get. */
export interface Resume {
  /** How many stripes the sender counts: 1–16. */
  readonly count: number;
  /** Bit s: push stripe s. 0: peers push everything. */
  readonly stripes: number;
  /** Of these stripes, what the relay holds from this sequence on is sent at once, but not more than its two newest groups. 0: the newest group. */
  readonly from: number;
}

export interface Subscribe {
  readonly version: number;
  /** At most 128 bytes; the relay reads more, to say so. */
  readonly channel: string;
  /** Without: everything from the newest group on. */
  readonly resume?: Resume;
}

export const subscribe: Codec<Subscribe> = {
  type: 1,
  name: 'subscribe',
  maxSize: 1_100,
  write(writer, { version, channel, resume }) {
    writer
      .varint(version)
      .text(channel)
      .varint(resume?.count ?? 0);
    if (resume) writer.varint(resume.stripes).varint(resume.from);
  },
  read(reader) {
    const version = reader.varint();
    const channel = reader.text(1_024);
    const count = reader.varint();
    if (count === 0) return { version, channel };
    checkStripeCount(count);
    const stripes = reader.varint();
    if (stripes >= 2 ** count) throw new ProtocolViolation(`stripes beyond the ${count} there are`);
    return { version, channel, resume: { count, stripes, from: reader.varint() } };
  },
};
