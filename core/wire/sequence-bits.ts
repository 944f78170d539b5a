// A set of sequences as several messages carry it: a base and one bit for each sequence from there.

import type { ByteReader, Bytes, ByteWriter } from '../bytes.ts';
import { ProtocolViolation } from '../errors.ts';

/** Sequences of one track: `base + i` is in it when bit `i` (lowest bit of the first byte first) is set. */
export interface SequenceBits {
  readonly track: number;
  readonly base: number;
  readonly bits: Bytes;
}

/** Most bytes of bits in a message: 512 sequences, ten seconds of most streams. */
export const MAX_SEQUENCE_BITS = 64;

/** The sequences in the set, ascending. */
export function sequencesIn({ base, bits }: SequenceBits): number[] {
  const sequences: number[] = [];
  for (let i = 0; i < bits.length * 8; i++) if (((bits[i >> 3]! >> (i & 7)) & 1) === 1) sequences.push(base + i);
  return sequences;
}

/** A set of sequences; those more than 512 behind the lowest are left out. */
export function sequenceBits(track: number, sequences: readonly number[]): SequenceBits {
  const base = sequences.length === 0 ? 0 : Math.min(...sequences);
  const near = sequences.filter(sequence => sequence - base < MAX_SEQUENCE_BITS * 8);
  const bits = new Uint8Array(near.length === 0 ? 0 : ((Math.max(...near) - base) >> 3) + 1);
  for (const sequence of near) bits[(sequence - base) >> 3]! |= 1 << ((sequence - base) & 7);
  return { track, base, bits };
}

/** Writes the body shared by `want`, `have` and `lacking`. */
export function writeSequenceBits(writer: ByteWriter, { track, base, bits }: SequenceBits): void {
  writer.varint(track).varint(base).block(bits);
}

/** Reads it. Throws `ProtocolViolation`. */
export function readSequenceBits(reader: ByteReader): SequenceBits {
  const track = reader.varint();
  const base = reader.varint();
  const bits = reader.block(MAX_SEQUENCE_BITS);
  if (!Number.isSafeInteger(base + bits.length * 8)) throw new ProtocolViolation('sequences beyond all numbers');
  return { track, base, bits };
}
