// The init document: what a decoder needs before any group of an epoch, and how the epoch's source timestamps map to the channel's timeline.

import { sha256 } from '@noble/hashes/sha2.js';
import { ByteReader, type Bytes, ByteWriter } from './bytes.ts';
import { INIT_ID_SIZE } from './chunk.ts';
import { ProtocolViolation } from './errors.ts';
import type { Ticks } from './time.ts';

/** Formats that carry a track. */
export type Container = 'flv' | 'ts';

/** Largest init document accepted, in bytes. */
export const MAX_INIT = 65_536;

/** A document per epoch; chunk headers name it by its id, so the publisher's signature vouches for it. */
export interface InitDocument {
  readonly container: Container;
  /** Channel time = source time (unwrapped) + this. */
  readonly timestampOffset: Ticks;
  /** FLV: file header, onMetaData, sequence headers. TS: PAT and PMT packets. */
  readonly bytes: Bytes;
}

const CONTAINERS: readonly Container[] = ['flv', 'ts'];

/** Bytes as they travel and are hashed. */
export function encodeInit(init: InitDocument): Bytes {
  return new ByteWriter(init.bytes.length + 9)
    .u8(CONTAINERS.indexOf(init.container))
    .f64(init.timestampOffset)
    .put(init.bytes)
    .finish();
}

/** Throws `ProtocolViolation`. */
export function decodeInit(bytes: Bytes): InitDocument {
  const reader = new ByteReader(bytes);
  const container = CONTAINERS[reader.u8()];
  if (!container) throw new ProtocolViolation('unknown container');
  const timestampOffset = reader.f64();
  if (!Number.isSafeInteger(timestampOffset)) throw new ProtocolViolation(`timestamp offset ${timestampOffset}`);
  return { container, timestampOffset, bytes: reader.rest() };
}

/** The id by which chunk headers name an encoded init document. */
export function initId(encoded: Bytes): Bytes {
  return initIdOf(sha256(encoded));
}

/** The same, of the document's SHA-256. */
export function initIdOf(hash: Bytes): Bytes {
  return hash.slice(0, INIT_ID_SIZE);
}
