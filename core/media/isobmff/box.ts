// ISO base media file format boxes (ISO/IEC 14496-12 §4.2), for what is written once per stream. All numbers are big-endian.

import { type Bytes, ByteWriter, concat, utf8 } from '../../bytes.ts';

/** A box of that four-character type around its parts. */
export function box(type: string, ...parts: readonly Bytes[]): Bytes {
  const payload = concat(parts);
  return new ByteWriter(8 + payload.length)
    .u32(8 + payload.length)
    .put(utf8(type))
    .put(payload)
    .finish();
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
  const writer = new ByteWriter(values.length * 2);
  for (const value of values) writer.u16(value);
  return writer.finish();
}

/** Numbers of 32 bits. */
export function u32(...values: readonly number[]): Bytes {
  const writer = new ByteWriter(values.length * 4);
  for (const value of values) writer.u32(value);
  return writer.finish();
}

/** That many zeros. */
export function zeros(size: number): Bytes {
  return new Uint8Array(size);
}
