// FLAC: the STREAMINFO block (RFC 9639 §8.2), the dfLa box (FLAC in ISOBMFF §3.3.2), and frame lengths (RFC 9639 §9.1).

import { type Bytes, concat } from '../../bytes.ts';
import type { AudioTrack } from '../track.ts';
import { BitReader } from './bit-reader.ts';

const MAGIC = [0x66, 0x4c, 0x61, 0x43]; // fLaC
const STREAM_INFO_SIZE = 34;

function streamInfo(blocks: Bytes): Bytes | undefined {
  let at = MAGIC.every((byte, i) => blocks[i] === byte) ? 4 : 0;
  if (at === 0 && blocks.length === STREAM_INFO_SIZE) return blocks;
  // STREAMINFO is the first block: its header is a type of 0 (the high bit says it is the last) and a length of 34.
  if ((blocks[at]! & 0x7f) !== 0 || blocks[at + 1] !== 0 || blocks[at + 2] !== 0) return undefined;
  if (blocks[at + 3] !== STREAM_INFO_SIZE) return undefined;
  at += 4;
  return at + STREAM_INFO_SIZE <= blocks.length ? blocks.subarray(at, at + STREAM_INFO_SIZE) : undefined;
}

/** The track that metadata blocks describe (with or without the `fLaC` marker, or a bare STREAMINFO of 34 bytes); undefined when malformed. */
export function flacTrack(id: number, streamInfoBlocks: Bytes): AudioTrack | undefined {
  const info = streamInfo(streamInfoBlocks);
  if (!info) return undefined;
  const reader = new BitReader(info, 10);
  const sampleRate = reader.bits(20);
  const channels = reader.bits(3) + 1;
  if (sampleRate === 0) return undefined;
  const description = concat([new Uint8Array([0, 0, 0, 0, 0x80, 0, 0, STREAM_INFO_SIZE]), info]);
  return { kind: 'audio', id, codec: 'flac', codecString: 'flac', description, sampleRate, channels };
}

/** Samples in the frame, from its header; 0 when it is malformed. */
export function flacFrameSamples(frame: Bytes): number {
  if (frame.length < 6 || frame[0] !== 0xff || (frame[1]! & 0xfc) !== 0xf8) return 0;
  const code = frame[2]! >> 4;
  if (code === 0) return 0;
  if (code === 1) return 192;
  if (code < 6) return 144 << code;
  if (code > 7) return 1 << code;
  // The block size stands behind the frame number, which is coded like UTF-8 in 1 to 7 bytes.
  let at = 5;
  for (let mask = 0x80; (frame[4]! & mask) !== 0 && mask > 1; mask >>= 1) if (mask !== 0x80) at++;
  const high = frame[at];
  const low = frame[at + 1];
  if (high === undefined || low === undefined) return 0;
  return code === 6 ? high + 1 : ((high << 8) | low) + 1;
}
