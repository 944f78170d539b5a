// PES packets (ISO/IEC 13818-1 §2.4.3.6): put together from the payloads of one PID's transport packets.

import { type Bytes, NO_BYTES } from '../../bytes.ts';

/** Period of PTS and DTS, in ticks. */
export const TIMESTAMP_PERIOD = 2 ** 33;
/** A PES packet that grows beyond this is given up, in bytes. */
const MAX_PES = 8 * 1_048_576;
const HEADER = 6;

/** A whole PES packet. */
export interface Pes {
  readonly streamId: number;
  /** As they are written, 33 bits; the decode time is the presentation time where only that is there. */
  readonly pts: number | undefined;
  readonly dts: number | undefined;
  /** data_alignment_indicator. */
  readonly aligned: boolean;
  /** A view of the assembler's buffer: valid until its next call. */
  readonly payload: Bytes;
}

// §2.4.3.7: 33 bits in 5 bytes with three marker bits; undefined when a marker is missing.
function readTimestamp(bytes: Bytes, at: number): number | undefined {
  const [a, b, c, d, e] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!, bytes[at + 4]!];
  if ((a & 1 & c & e) === 0) return undefined;
  return ((a >> 1) & 7) * 2 ** 30 + ((b << 22) | ((c >> 1) << 15) | (d << 7) | (e >> 1));
}

/** What a PES header says, and where the payload begins. */
export interface PesHeader {
  readonly streamId: number;
  readonly pts: number | undefined;
  readonly dts: number | undefined;
  readonly aligned: boolean;
  readonly payloadAt: number;
}

// Streams whose packets have no optional header (§2.4.3.7): program_stream_map, padding, private_stream_2, ECM, EMM, DSM-CC, H.222.1 type E, directory.
const PLAIN_STREAMS = new Set([0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff]);

/** Reads the header at the start of `bytes`: 'short' when it goes on beyond their end, undefined when it is malformed. */
export function parsePesHeader(bytes: Bytes): PesHeader | 'short' | undefined {
  if (bytes.length < HEADER) return 'short';
  if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 1) return undefined;
  const streamId = bytes[3]!;
  if (PLAIN_STREAMS.has(streamId)) {
    return { streamId, pts: undefined, dts: undefined, aligned: false, payloadAt: HEADER };
  }
  if (bytes.length < 9) return 'short';
  const payloadAt = 9 + bytes[8]!;
  if ((bytes[6]! & 0xc0) !== 0x80) return undefined;
  if (bytes.length < payloadAt) return 'short';
  const flags = bytes[7]! >> 6;
  if (flags === 1 || payloadAt < 9 + (flags === 3 ? 10 : flags === 2 ? 5 : 0)) return undefined;
  const pts = flags >= 2 ? readTimestamp(bytes, 9) : undefined;
  const dts = flags === 3 ? readTimestamp(bytes, 14) : pts;
  if ((flags >= 2 && pts === undefined) || (flags === 3 && dts === undefined)) return undefined;
  return { streamId, pts, dts, aligned: (bytes[6]! & 4) !== 0, payloadAt };
}

/** One PID's PES packet in the making. The buffer is used again for each, so what is kept of a packet must be copied. */
export class PesAssembler {
  #buffer: Bytes = NO_BYTES;
  #size = 0;
  /** Bytes the whole packet has; 0 when its length is not told, as video's may be. */
  #total = 0;
  #active = false;

  /** Bytes of the packet that is not complete. */
  get pending(): number {
    return this.#active ? this.#size : 0;
  }

  /** Whether what is pending ends only where the next packet starts. */
  get unbounded(): boolean {
    return this.#active && this.#size >= HEADER && this.#total === 0;
  }

  /** A packet starts with these bytes: what was pending is forgotten. */
  start(bytes: Bytes, from: number, to: number): void {
    this.#active = true;
    this.#size = 0;
    this.#total = 0;
    this.append(bytes, from, to);
  }

  /** The packet goes on. Nothing happens when none has started. False when it has grown too large and was given up. */
  append(bytes: Bytes, from: number, to: number): boolean {
    if (!this.#active) return true;
    const at = this.#size;
    const size = at + to - from;
    if (size > MAX_PES) {
      this.drop();
      return false;
    }
    if (size > this.#buffer.length) this.#grow(size);
    this.#buffer.set(bytes.subarray(from, to), at);
    this.#size = size;
    if (at < HEADER && size >= HEADER) {
      const length = (this.#buffer[4]! << 8) | this.#buffer[5]!;
      this.#total = length === 0 ? 0 : HEADER + length;
    }
    return true;
  }

  /** Whether the packet has all its bytes, as its length says. */
  get complete(): boolean {
    return this.#active && this.#total > 0 && this.#size >= this.#total;
  }

  /** Gives back the packet with the bytes that are there, and forgets it; undefined when its header is malformed or not whole. */
  take(): Pes | undefined {
    if (!this.#active) return undefined;
    this.#active = false;
    const whole = this.#buffer.subarray(0, this.#total > 0 ? Math.min(this.#total, this.#size) : this.#size);
    const header = parsePesHeader(whole);
    if (header === undefined || header === 'short') return undefined;
    const { streamId, pts, dts, aligned, payloadAt } = header;
    return { streamId, pts, dts, aligned, payload: whole.subarray(payloadAt) };
  }

  /** Forgets the packet; gives back how many bytes it had. */
  drop(): number {
    const dropped = this.pending;
    this.#active = false;
    return dropped;
  }

  #grow(size: number): void {
    const larger = new Uint8Array(Math.max(size, this.#buffer.length * 2, 16_384));
    larger.set(this.#buffer.subarray(0, this.#size));
    this.#buffer = larger;
  }
}
