// ISO base media file format boxes (ISO/IEC 14496-12 §4.2), for what is written once per stream. All numbers are big-endian.

import { type Bytes, concat, utf8 } from '../../bytes.ts';

/** A box of that four-character type around its parts. */
export function box(type: string, ...parts: readonly Bytes[]): Bytes {
  const payload = concat(parts);
  return concat([u32(8 + payload.length), utf8(type), payload]);
}

/** A box with version and flags before its parts. */
export function fullBox(type: string, version: number, flags: number, ...parts: readonly Bytes[]): Bytes {
  return box(type, u32(version * 0x100_0000 + flags), ...parts);
}

/** Bytes. */
export function u8(...values: readonly number[]): Bytes {
  return new Uint8Array(values);
}

/** Numbers of 16 bits. */
export function u16(...values: readonly number[]): Bytes {
  return new Uint8Array(values.flatMap(value => [value >> 8, value]));
}

/** Numbers of 32 bits. */
export function u32(...values: readonly number[]): Bytes {
  return new Uint8Array(values.flatMap(value => [value >> 24, value >> 16, value >> 8, value]));
}

/** That many zeros. */
export function zeros(size: number): Bytes {
  return new Uint8Array(size);
}
