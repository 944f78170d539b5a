// A made-up FLV stream of the relay bench: AVC tags of a steady size, each marked with its number and the time it was sent.

import { type Bytes, ByteWriter } from '../../core/bytes.ts';

export const FRAMES_PER_SECOND = 25;
/** A keyframe starts a group every so many frames. */
export const FRAMES_PER_GROUP = 50;
/** Says that a tag is a frame of this stream. */
export const FRAME_MARK = 0x70_32_70_6c;

/** FLV header and an AVC sequence header (FLV 10.1, E.2 and E.4.3). */
export function flvStart(): Bytes {
  const avcC = Uint8Array.of(1, 66, 0, 30, 255, 225, 0, 4, 0x67, 66, 0, 30, 1, 0, 2, 0x68, 0xce);
  const start = new ByteWriter();
  start
    .put(Uint8Array.of(0x46, 0x4c, 0x56, 1, 1))
    .u32(9)
    .u32(0);
  tag(start, 0, w => w.u8(0x17).u8(0).u24(0).put(avcC));
  return start.finish();
}

/** A frame's tag of about `size` bytes. */
export function flvFrame(number: number, size: number, sentAt: number): Bytes {
  const out = new ByteWriter(size + 64);
  const key = number % FRAMES_PER_GROUP === 0;
  tag(out, Math.round((number * 1_000) / FRAMES_PER_SECOND), w =>
    w
      .u8(key ? 0x17 : 0x27)
      .u8(1)
      .u24(0)
      .u32(size - 24)
      .u32(FRAME_MARK)
      .u32(number)
      .f64(sentAt)
      .put(new Uint8Array(size - 40).fill(number)),
  );
  return out.finish();
}

function tag(out: ByteWriter, timestamp: number, write: (writer: ByteWriter) => void): void {
  const body = new ByteWriter(16_384);
  write(body);
  const bytes = body.finish();
  out
    .u8(9)
    .u24(bytes.length)
    .u24(timestamp)
    .u8(timestamp >>> 24)
    .u24(0)
    .put(bytes)
    .u32(bytes.length + 11);
}
