// Finds transport packets in bytes of any split: packet size, synchronisation, and resynchronisation after damage.

import { type Bytes, concat, NO_BYTES } from '../../bytes.ts';
import { NotThisMedia } from '../../errors.ts';
import { PACKET_SIZE, SYNC_BYTE } from './ts-packet.ts';

/** Distances between packets: plain, M2TS (4 bytes of time code before each), with 16 bytes of Reed-Solomon code behind each. */
const STRIDES: readonly number[] = [PACKET_SIZE, 192, 204];
/** Bytes without a packet after which the input is not taken for MPEG-TS. */
const MAX_LEAD = 4_096;

/** Who takes what a reader finds. */
export interface PacketSink {
  /** A packet lies in `bytes` at `at`; the view stays valid as long as the bytes that were pushed. */
  packet(bytes: Bytes, at: number): void;
  /** So many bytes were passed over. */
  damage(reason: string, size: number): void;
}

/**
 * A packet counts once the sync byte of the next one has been seen behind it, or (188 bytes) when it ends where pushed bytes end:
 * so a writer of whole packets never waits, and a packet that lost bytes is not handed on.
 */
export class TsPacketReader {
  readonly #sink: PacketSink;
  #held: Bytes = NO_BYTES;
  #stride: number | undefined;
  #synced = false;
  #skipped = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  /** The next bytes; they must stay unchanged as long as packets are kept. Throws `NotThisMedia` when the first bytes hold no packets. */
  push(bytes: Bytes): void {
    if (bytes.length === 0) return;
    if (!this.#synced && this.#held.length === 0 && isRunOfPackets(bytes)) this.#lock(PACKET_SIZE);
    let rest: Bytes | undefined = bytes;
    if (this.#held.length > 0) {
      if (this.#synced) rest = this.#joinHeld(bytes);
      else rest = concat([this.#held, bytes]);
    }
    this.#run(rest, false);
  }

  /** Bytes are missing here; the next push starts at a packet if packets have been found. */
  gap(): void {
    if (!this.#synced) this.#skipped += this.#held.length;
    this.#reportSkipped();
    this.#held = NO_BYTES;
    this.#synced = this.#stride !== undefined;
  }

  /** The input ends: what is held is read with as many sync bytes as there are. */
  flush(): void {
    if (!this.#synced) this.#run(this.#held, true);
    const rest = this.#held;
    this.#held = NO_BYTES;
    if (this.#synced && rest.length >= PACKET_SIZE && rest[0] === SYNC_BYTE) this.#sink.packet(rest, 0);
    else if (rest.length > (this.#stride === 192 ? 4 : 0)) this.#skipped += rest.length;
    this.#reportSkipped();
    this.#synced = false;
  }

  /** Forgets everything. */
  reset(): void {
    this.#held = NO_BYTES;
    this.#stride = undefined;
    this.#synced = false;
    this.#skipped = 0;
  }

  #lock(stride: number): void {
    this.#stride = stride;
    this.#synced = true;
    this.#reportSkipped();
  }

  #run(bytes: Bytes | undefined, ended: boolean): void {
    let rest = bytes;
    while (rest) rest = this.#synced ? this.#read(rest) : this.#search(rest, ended);
  }

  // Completes the held packet from the head of `bytes`; gives back what is to be read on, if anything.
  #joinHeld(bytes: Bytes): Bytes | undefined {
    const stride = this.#stride!; // known while synced
    const take = Math.min(bytes.length, stride + 1 - this.#held.length);
    const joined = concat([this.#held, bytes.subarray(0, take)]);
    if (joined.length <= stride && !(stride === PACKET_SIZE && joined.length === PACKET_SIZE)) {
      this.#held = joined;
      return undefined;
    }
    this.#held = NO_BYTES;
    if (joined[0] !== SYNC_BYTE || (joined[stride] ?? SYNC_BYTE) !== SYNC_BYTE) {
      this.#synced = false;
      return concat([joined, bytes.subarray(take)]);
    }
    this.#sink.packet(joined, 0);
    return joined.length > stride ? bytes.subarray(take - 1) : undefined;
  }

  // Reads packets until the bytes end or synchronisation is lost; gives back what is to be searched then.
  #read(bytes: Bytes): Bytes | undefined {
    const stride = this.#stride!; // known while synced
    const sink = this.#sink;
    const size = bytes.length;
    let at = 0;
    while (at + stride < size) {
      if (bytes[at] !== SYNC_BYTE || bytes[at + stride] !== SYNC_BYTE) {
        this.#synced = false;
        return bytes.subarray(at);
      }
      sink.packet(bytes, at);
      at += stride;
    }
    if (at + PACKET_SIZE === size && stride === PACKET_SIZE && bytes[at] === SYNC_BYTE) {
      sink.packet(bytes, at);
      at = size;
    }
    this.#held = at < size ? bytes.slice(at) : NO_BYTES;
    return undefined;
  }

  // Looks for three sync bytes in a row, fewer where the input ends; gives back what is to be read from there.
  #search(bytes: Bytes, ended: boolean): Bytes | undefined {
    const known = this.#stride;
    // A few bytes at the end are too little to believe that the packet size has changed.
    const others = known === undefined || !ended ? STRIDES.filter(stride => stride !== known) : [];
    const strides = known === undefined ? others : [known, ...others];
    this.#held = NO_BYTES;
    let at = 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(SYNC_BYTE, at);
      this.#skip((found < 0 ? bytes.length : found) - at);
      if (found < 0) return undefined;
      at = found;
      const stride = strideAt(bytes, at, strides, ended);
      if (stride === 'unknown') {
        this.#held = bytes.slice(at);
        return undefined;
      }
      if (stride !== undefined) {
        if (stride === 192 && this.#skipped <= 4) this.#skipped = 0;
        this.#lock(stride);
        return bytes.subarray(at);
      }
      this.#skip(1);
      at++;
    }
    return undefined;
  }

  #skip(size: number): void {
    this.#skipped += size;
    if (this.#stride === undefined && this.#skipped >= MAX_LEAD) {
      throw new NotThisMedia(`not MPEG-TS: no packets of 188, 192 or 204 bytes in the first ${this.#skipped} bytes`);
    }
  }

  #reportSkipped(): void {
    if (this.#skipped > 0) this.#sink.damage('no transport packet found', this.#skipped);
    this.#skipped = 0;
  }
}

function isRunOfPackets(bytes: Bytes): boolean {
  if (bytes.length % PACKET_SIZE !== 0) return false;
  for (let at = 0; at < bytes.length; at += PACKET_SIZE) if (bytes[at] !== SYNC_BYTE) return false;
  return true;
}

// 'unknown': the bytes end too early to tell.
function strideAt(
  bytes: Bytes,
  at: number,
  strides: readonly number[],
  ended: boolean,
): number | 'unknown' | undefined {
  for (const stride of strides) {
    const second = bytes[at + stride];
    const third = bytes[at + 2 * stride];
    if (second !== undefined && second !== SYNC_BYTE) continue;
    if (third !== undefined && third !== SYNC_BYTE) continue;
    if (third !== undefined) return stride;
    if (!ended) return 'unknown';
    if (at + PACKET_SIZE <= bytes.length) return stride;
  }
  return undefined;
}
