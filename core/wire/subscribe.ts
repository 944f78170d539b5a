// A viewer asks to receive a channel.

import type { ByteReader } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';
import { MAX_TOKEN } from './publish.ts';
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
  /** What lets its holder watch: a JSON Web Token (RFC 7519), or a key of the channel. */
  readonly token?: string;
  /** From the channel document: the page that fetched it may show the channel. */
  readonly ticket?: string;
}

/** Longest ticket, in bytes. */
const MAX_TICKET = 128;
/** Added to the number of stripes: token and ticket follow. */
const SHOWN = 32;

export const subscribe: Codec<Subscribe> = {
  type: 1,
  name: 'subscribe',
  maxSize: 5_300,
  write(writer, { version, channel, resume, token = '', ticket = '' }) {
    const isShown = token !== '' || ticket !== '';
    writer
      .varint(version)
      .text(channel)
      .varint((resume?.count ?? 0) + (isShown ? SHOWN : 0));
    if (resume) writer.varint(resume.stripes).varint(resume.from);
    if (isShown) writer.text(token).text(ticket);
  },
  read(reader) {
    const version = reader.varint();
    const channel = reader.text(1_024);
    const counted = reader.varint();
    const isShown = counted >= SHOWN;
    const resume = readResume(reader, isShown ? counted - SHOWN : counted);
    const token = isShown ? reader.text(MAX_TOKEN) : '';
    const ticket = isShown ? reader.text(MAX_TICKET) : '';
    return { version, channel, ...(resume && { resume }), ...(token && { token }), ...(ticket && { ticket }) };
  },
};

function readResume(reader: ByteReader, count: number): Resume | undefined {
  if (count === 0) return undefined;
  checkStripeCount(count);
  const stripes = reader.varint();
  if (stripes >= 2 ** count) throw new ProtocolViolation(`stripes beyond the ${count} there are`);
  return { count, stripes, from: reader.varint() };
}
