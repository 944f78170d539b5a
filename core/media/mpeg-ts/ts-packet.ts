// The transport packet (ISO/IEC 13818-1 §2.4.3): fields read in place, without an object a packet.

import type { Bytes } from '../../bytes.ts';

/** Bytes in a packet. */
export const PACKET_SIZE = 188;
/** The first byte of each packet. */
export const SYNC_BYTE = 0x47;
/** The PID of the programme association table. */
export const PAT_PID = 0;
/** The PID of packets that carry nothing. */
export const NULL_PID = 0x1fff;

/** The packet identifier of the packet at `at`. */
export function pidOf(bytes: Bytes, at: number): number {
  return ((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!;
}

/** transport_error_indicator: a demodulator found errors in this packet. */
export function hasTransportError(bytes: Bytes, at: number): boolean {
  return (bytes[at + 1]! & 0x80) !== 0;
}

/** payload_unit_start_indicator: a PES packet or section starts in this packet. */
export function startsUnit(bytes: Bytes, at: number): boolean {
  return (bytes[at + 1]! & 0x40) !== 0;
}

/** Whether the payload is scrambled. */
export function isScrambled(bytes: Bytes, at: number): boolean {
  return (bytes[at + 3]! & 0xc0) !== 0;
}

/** Whether the packet says that it carries payload: only then its continuity counter counts. */
export function hasPayload(bytes: Bytes, at: number): boolean {
  return (bytes[at + 3]! & 0x10) !== 0;
}

/** Where the payload begins; the packet's end when there is none or the adaptation field is malformed. */
export function payloadStart(bytes: Bytes, at: number): number {
  const control = bytes[at + 3]! & 0x30;
  if (control === 0x10) return at + 4;
  if (control !== 0x30) return at + PACKET_SIZE;
  return Math.min(at + 5 + bytes[at + 4]!, at + PACKET_SIZE);
}

// The adaptation field's flags; 0 without one.
function adaptationFlags(bytes: Bytes, at: number): number {
  return (bytes[at + 3]! & 0x20) !== 0 && bytes[at + 4]! > 0 ? bytes[at + 5]! : 0;
}

/** random_access_indicator: the elementary stream can be joined here. */
export function isRandomAccess(bytes: Bytes, at: number): boolean {
  return (adaptationFlags(bytes, at) & 0x40) !== 0;
}

/** discontinuity_indicator: the continuity counter may jump here. */
export function isDiscontinuity(bytes: Bytes, at: number): boolean {
  return (adaptationFlags(bytes, at) & 0x80) !== 0;
}

/** Whether the adaptation field holds stuffing, as it does where a PES packet ends before its transport packet is full. */
export function isStuffed(bytes: Bytes, at: number): boolean {
  if ((bytes[at + 3]! & 0x20) === 0) return false;
  const length = bytes[at + 4]!;
  if (length === 0) return true;
  const flags = bytes[at + 5]!;
  if ((flags & 3) !== 0) return false; // private data and extensions hide where stuffing begins
  return length > 1 + (flags & 0x10 ? 6 : 0) + (flags & 0x08 ? 6 : 0) + (flags & 0x04 ? 1 : 0);
}
