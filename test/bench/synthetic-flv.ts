// A made-up FLV stream of the relay bench: pictures of a steady size and sound, each picture marked with its number and the time it was sent.

import { ByteReader, type Bytes, ByteWriter } from '../../core/bytes.ts';

export const FRAMES_PER_SECOND = 25;
/** A keyframe starts a group every so many frames: each second. */
export const FRAMES_PER_GROUP = 25;
/** AAC frames of 1,024 samples at 48 kHz, 128 kbit/s. */
const SOUNDS_PER_SECOND = 46.875;
const SOUND_BYTES = 341;
/** Says that a tag is a picture of this stream. */
const MARK = 0x70_32_70_6c;
/** Bytes of a tag around its body: header and size after it (FLV 10.1, E.4.1). */
const TAG_BYTES = 15;

/** A picture's number and when it was sent. */
interface Mark {
  readonly number: number;
  readonly sentAt: number;
}

/** FLV header, and the sequence headers of AVC and AAC (FLV 10.1, E.2, E.4.2 and E.4.3). */
export function flvStart(): Bytes {
  const avcC = Uint8Array.of(1, 66, 0, 30, 255, 225, 0, 4, 0x67, 66, 0, 30, 1, 0, 2, 0x68, 0xce);
  const start = new ByteWriter();
  start
    .put(Uint8Array.of(0x46, 0x4c, 0x56, 1, 5))
    .u32(9)
    .u32(0);
  tag(start, 9, 0, w => w.u8(0x17).u8(0).u24(0).put(avcC));
  tag(start, 8, 0, w => w.u8(0xaf).u8(0).u8(0x11).u8(0x90));
  return start.finish();
}

/** A picture's tag and those of the sound beside it, of a stream of `bytesPerSecond`; one after the other, as an encoder sends them. */
export function flvFrame(frame: number, bytesPerSecond: number, sentAt: number): Bytes[] {
  const soundFrom = Math.ceil((frame * SOUNDS_PER_SECOND) / FRAMES_PER_SECOND);
  const soundTo = Math.ceil(((frame + 1) * SOUNDS_PER_SECOND) / FRAMES_PER_SECOND);
  const sound = (SOUNDS_PER_SECOND / FRAMES_PER_SECOND) * (SOUND_BYTES + 2 + TAG_BYTES);
  const size = Math.max(64, Math.round(bytesPerSecond / FRAMES_PER_SECOND - sound - TAG_BYTES));
  const tags = [new ByteWriter(size + 64)];
  tag(tags[0]!, 9, Math.round((frame * 1_000) / FRAMES_PER_SECOND), w =>
    w
      .u8(frame % FRAMES_PER_GROUP === 0 ? 0x17 : 0x27)
      .u8(1)
      .u24(0)
      .u32(size - 9)
      .u32(MARK)
      .u32(frame)
      .f64(sentAt)
      .put(new Uint8Array(size - 25).fill(frame)),
  );
  for (let number = soundFrom; number < soundTo; number++) {
    const out = new ByteWriter(SOUND_BYTES + 32);
    tag(out, 8, Math.round((number * 1_000) / SOUNDS_PER_SECOND), w =>
      w.u8(0xaf).u8(1).put(new Uint8Array(SOUND_BYTES).fill(number)),
    );
    tags.push(out);
  }
  return tags.map(out => out.finish());
}

/** The mark in a tag's body, if it is a picture of this stream. */
export function readMark(body: Bytes): Mark | undefined {
  if (body.length < 25) return undefined;
  const reader = new ByteReader(body, 9);
  if (reader.u32() !== MARK) return undefined;
  return { number: reader.u32(), sentAt: reader.f64() };
}

function tag(out: ByteWriter, type: number, timestamp: number, write: (writer: ByteWriter) => void): void {
  const body = new ByteWriter(16_384);
  write(body);
  const bytes = body.finish();
  out
    .u8(type)
    .u24(bytes.length)
    .u24(timestamp & 0xff_ff_ff)
    .u8(timestamp >>> 24)
    .u24(0)
    .put(bytes)
    .u32(bytes.length + 11);
}
