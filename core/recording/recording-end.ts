// The last message of a finished recording's data file. A file without it was cut off, or is still being written.

import { ByteReader, type Bytes } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import type { Millis, Ticks } from '../time.ts';
import type { Codec } from '../wire/codec.ts';
import { decodeBody } from '../wire/framing.ts';
import { checksum } from './checksum.ts';

export interface RecordingEnd {
  /** When the last chunk came: Unix milliseconds of the relay's clock. */
  readonly endedAt: Millis;
  /** Channel time of the first group, and of the last chunk's end. */
  readonly from: Ticks;
  readonly to: Ticks;
  /** How many there are: an index with fewer is not whole. */
  readonly groups: number;
}

const BODY_SIZE = 32;

/** The whole message has always this many bytes. */
export const RECORDING_END_SIZE = BODY_SIZE + 2;

export const recordingEnd: Codec<RecordingEnd> = {
  type: 63,
  name: 'recording-end',
  maxSize: BODY_SIZE,
  write(writer, { endedAt, from, to, groups }) {
    writer.f64(endedAt).f64(from).f64(to).u32(groups);
    writer.u32(checksum(writer.finish()));
  },
  read(reader) {
    const sum = checksum(reader.bytes.subarray(reader.offset, reader.offset + BODY_SIZE - 4));
    const end = { endedAt: reader.f64(), from: reader.f64(), to: reader.f64(), groups: reader.u32() };
    if (reader.u32() !== sum) throw new ProtocolViolation('the end of the recording is damaged');
    return end;
  },
};

/** Reads the last `RECORDING_END_SIZE` bytes of a data file; undefined when they are something else. */
export function readRecordingEnd(tail: Bytes): RecordingEnd | undefined {
  if (tail.length !== RECORDING_END_SIZE || tail[0] !== recordingEnd.type || tail[1] !== BODY_SIZE) return undefined;
  try {
    return decodeBody(recordingEnd, new ByteReader(tail, 2).rest());
  } catch {
    return undefined; // it only looks like one
  }
}
