// A member of a room tells how it is.

import type { ByteReader, ByteWriter } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';
import type { Codec } from './codec.ts';

export interface MemberState {
  /** Its microphone is on. */
  readonly microphone: boolean;
  /** Its camera is on. */
  readonly camera: boolean;
  readonly speaking: boolean;
}

const MICROPHONE = 1;
const CAMERA = 2;
const SPEAKING = 4;
/** The bit that is free for whoever uses `writeFlags`. */
export const FREE_FLAG = 8;

/** One byte; `more` is 0 or `FREE_FLAG`. */
export function writeFlags(writer: ByteWriter, { microphone, camera, speaking }: MemberState, more: number): void {
  writer.u8((microphone ? MICROPHONE : 0) | (camera ? CAMERA : 0) | (speaking ? SPEAKING : 0) | more);
}

/** Reads what `writeFlags` wrote; only flags in `known` may be set besides. */
export function readFlags(reader: ByteReader, known: number): MemberState & { readonly more: number } {
  const flags = reader.u8();
  if ((flags & ~(MICROPHONE | CAMERA | SPEAKING | known)) !== 0) throw new ProtocolViolation(`unknown flags ${flags}`);
  return {
    microphone: (flags & MICROPHONE) !== 0,
    camera: (flags & CAMERA) !== 0,
    speaking: (flags & SPEAKING) !== 0,
    more: flags & known,
  };
}

export const memberState: Codec<MemberState> = {
  type: 38,
  name: 'member-state',
  maxSize: 1,
  write(writer, state) {
    writeFlags(writer, state, 0);
  },
  read(reader) {
    const { microphone, camera, speaking } = readFlags(reader, 0);
    return { microphone, camera, speaking };
  },
};
