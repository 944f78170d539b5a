// The chunk: the unit that is sent, verified, forwarded and stored, and the header that goes before its payload everywhere.

import { ByteReader, type Bytes, ByteWriter } from './bytes.ts';
import { ProtocolViolation } from './errors.ts';
import type { Millis, Ticks } from './time.ts';

/** The largest payload that any party accepts, in bytes: with its header a chunk fits one data channel message. */
export const MAX_PAYLOAD = 16_000;

/** Length of an Ed25519 signature, the last bytes of each header. */
export const SIGNATURE_SIZE = 64;

/** Length of an init id: the first bytes of the SHA-256 of the init document. */
export const INIT_ID_SIZE = 8;

/** What a header says. All of it is signed. */
export interface ChunkHeader {
  /** The rendition, by number. */
  readonly track: number;
  /** Counts up by one within a track and never goes back: a publisher starts it at its clock's Unix milliseconds. */
  readonly sequence: number;
  /** Sequence of the chunk that starts this chunk's group. */
  readonly group: number;
  /** Sequence of the chunk that starts this chunk's epoch: a run of groups with one init document. */
  readonly epoch: number;
  /** Something is missing between the source's bytes before and these. */
  readonly discontinuity: boolean;
  /** The broadcast ends with this chunk. */
  readonly end: boolean;
  /** Decode time on the channel's timeline of the first unit (FLV tag, PES packet) that starts in this chunk, or of the one that runs on into it. */
  readonly timestamp: Ticks;
  /** How much media starts in this chunk. */
  readonly duration: Ticks;
  /** Offset in the payload of the first FLV tag or TS packet that starts in it, for resynchronising after a gap; the payload's size if none does. */
  readonly entry: number;
  /** Names the init document of this chunk's epoch. */
  readonly initId: Bytes;
  /** When the payload's first byte came from the source: Unix milliseconds of the relay's clock. */
  readonly capturedAt: Millis;
}

/** A chunk with its bytes as they travel: header, signature, payload, contiguous. */
export interface Chunk {
  readonly header: ChunkHeader;
  readonly payload: Bytes;
  readonly signature: Bytes;
  /** Header with signature, then payload. */
  readonly bytes: Bytes;
}

const DISCONTINUITY = 1;
const END = 2;

/** Whether a viewer can join at this chunk. */
export function startsGroup(header: ChunkHeader): boolean {
  return header.sequence === header.group;
}

/** Whether this chunk is the first of an epoch. */
export function startsEpoch(header: ChunkHeader): boolean {
  return header.sequence === header.epoch;
}

/** The header's bytes without the signature: what is signed, together with the channel's name and the payload's hash. */
export function encodeHeader(header: ChunkHeader, payloadSize: number): Bytes {
  if (header.initId.length !== INIT_ID_SIZE) throw new RangeError(`init id of ${header.initId.length} bytes`);
  return new ByteWriter(64)
    .varint(header.track)
    .varint(header.sequence)
    .varint(header.sequence - header.group)
    .varint(header.group - header.epoch)
    .u8((header.discontinuity ? DISCONTINUITY : 0) | (header.end ? END : 0))
    .varint(header.timestamp)
    .varint(header.duration)
    .varint(payloadSize)
    .varint(header.entry)
    .put(header.initId)
    .varint(header.capturedAt)
    .finish();
}

/** Joins a header, its signature and its payload into a chunk. */
export function assembleChunk(header: ChunkHeader, encodedHeader: Bytes, signature: Bytes, payload: Bytes): Chunk {
  if (signature.length !== SIGNATURE_SIZE) throw new RangeError(`signature of ${signature.length} bytes`);
  const at = encodedHeader.length;
  const bytes = new Uint8Array(at + SIGNATURE_SIZE + payload.length);
  bytes.set(encodedHeader);
  bytes.set(signature, at);
  bytes.set(payload, at + SIGNATURE_SIZE);
  return {
    header,
    bytes,
    signature: bytes.subarray(at, at + SIGNATURE_SIZE),
    payload: bytes.subarray(at + SIGNATURE_SIZE),
  };
}

/** Reads a chunk whose bytes end where the view ends; its parts are views. Throws `ProtocolViolation`. The signature is not checked here. */
export function decodeChunk(bytes: Bytes): Chunk {
  const reader = new ByteReader(bytes);
  const track = reader.varint();
  const sequence = reader.varint();
  const group = sequence - reader.varint();
  const epoch = group - reader.varint();
  if (epoch < 0) throw new ProtocolViolation('a chunk before its epoch');
  const flags = reader.u8();
  const timestamp = reader.varint();
  const duration = reader.varint();
  const size = reader.varint();
  if (size > MAX_PAYLOAD) throw new ProtocolViolation(`payload of ${size} bytes, at most ${MAX_PAYLOAD} allowed`);
  const entry = reader.varint();
  if (entry > size) throw new ProtocolViolation(`entry ${entry} behind the end of ${size} bytes`);
  const initId = reader.take(INIT_ID_SIZE);
  const capturedAt = reader.varint();
  const signature = reader.take(SIGNATURE_SIZE);
  const payload = reader.take(size);
  reader.end();
  const discontinuity = (flags & DISCONTINUITY) !== 0;
  const end = (flags & END) !== 0;
  return {
    header: {
      track,
      sequence,
      group,
      epoch,
      discontinuity,
      end,
      timestamp,
      duration,
      entry,
      initId,
      capturedAt,
    },
    payload,
    signature,
    bytes,
  };
}

/** The stripe a chunk belongs to: one push tree (or relay lane) each. */
export function stripeOf(sequence: number, stripes: number): number {
  return sequence % stripes;
}

/** The part of a chunk's bytes that its signature covers besides the payload's hash. */
export function headerBytes(chunk: Chunk): Bytes {
  return chunk.bytes.subarray(0, chunk.bytes.length - chunk.payload.length - SIGNATURE_SIZE);
}
