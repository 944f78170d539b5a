// Chunks of MPEG-TS, in order -> one stream on one timeline: packets as they are, with the clock and the times of another epoch moved.

import { type Bytes, concat, NO_BYTES } from '../../core/bytes.ts';
import type { InitDocument } from '../../core/init-document.ts';
import { parsePesHeader, TIMESTAMP_PERIOD } from '../../core/media/mpeg-ts/pes.ts';
import {
  hasPayload,
  PACKET_SIZE,
  payloadStart,
  pidOf,
  SYNC_BYTE,
  startsUnit,
} from '../../core/media/mpeg-ts/ts-packet.ts';
import type { Ticks } from '../../core/time.ts';

const PCR_FLAG = 0x10;

/** Bytes are passed on as they are, as long as the source's own time goes on. Chunks hold whole packets of 188 bytes. */
export class TsJoiner {
  /** Channel time minus the stream's time; undefined before the first epoch. */
  #offset: Ticks | undefined;
  #shift: Ticks = 0;
  /** Streams that go on after what is missing; undefined while nothing is. */
  #resumed: Set<number> | undefined;

  /** An epoch begins: the PAT and PMT of the first; those of the others stand at the head of their groups. */
  begin({ bytes, timestampOffset }: InitDocument): Bytes {
    if (this.#offset === undefined) {
      this.#offset = timestampOffset;
      return bytes;
    }
    this.#shift = timestampOffset - this.#offset;
    return this.gap();
  }

  /** The next payload. */
  push(payload: Bytes): Bytes {
    const whole = this.#resumed ? this.#resume(payload, this.#resumed) : payload;
    if (this.#shift === 0) return whole;
    const bytes = whole.slice();
    for (let at = 0; at + PACKET_SIZE <= bytes.length; at += PACKET_SIZE) this.#retime(bytes, at);
    return bytes;
  }

  /** Something is missing before the next payload: each stream goes on where something starts in it, and says so. */
  gap(): Bytes {
    this.#resumed = new Set();
    return NO_BYTES;
  }

  #resume(payload: Bytes, resumed: Set<number>): Bytes {
    const packets: Bytes[] = [];
    for (let at = 0; at + PACKET_SIZE <= payload.length; at += PACKET_SIZE) {
      const pid = pidOf(payload, at);
      const packet = payload.subarray(at, at + PACKET_SIZE);
      if (!resumed.has(pid)) {
        if (!startsUnit(payload, at) || !hasPayload(payload, at)) continue;
        resumed.add(pid);
        packets.push(discontinuity(pid, payload[at + 3]! & 0xf));
      }
      packets.push(packet);
    }
    return concat(packets);
  }

  /** ISO/IEC 13818-1 §2.4.3.4 (PCR) and §2.4.3.7 (PTS, DTS). */
  #retime(bytes: Bytes, at: number): void {
    const hasField = (bytes[at + 3]! & 0x20) !== 0 && bytes[at + 4]! >= 7;
    if (hasField && (bytes[at + 5]! & PCR_FLAG) !== 0) {
      const base = bytes[at + 6]! * 2 ** 25 + ((bytes[at + 7]! << 17) | (bytes[at + 8]! << 9) | (bytes[at + 9]! << 1));
      const moved = this.#moved(base + (bytes[at + 10]! >> 7));
      const low = moved % 2 ** 25;
      bytes.set([Math.floor(moved / 2 ** 25), low >> 17, low >> 9, low >> 1], at + 6);
      bytes[at + 10] = (bytes[at + 10]! & 0x7f) | ((low & 1) << 7);
    }
    if (!startsUnit(bytes, at)) return;
    const start = payloadStart(bytes, at);
    const header = parsePesHeader(bytes.subarray(start, at + PACKET_SIZE));
    if (header === 'short' || header?.pts === undefined) return;
    this.#write(bytes, start + 9, header.pts);
    if ((bytes[start + 7]! & 0xc0) === 0xc0) this.#write(bytes, start + 14, header.dts!); // its flag is set
  }

  #write(bytes: Bytes, at: number, time: Ticks): void {
    const moved = this.#moved(time);
    const high = Math.floor(moved / 2 ** 30);
    const low = moved % 2 ** 30;
    bytes[at] = (bytes[at]! & 0xf0) | (high << 1) | 1;
    bytes.set([low >> 22, ((low >> 14) & 0xfe) | 1, low >> 7, ((low << 1) & 0xfe) | 1], at + 1);
  }

  #moved(time: Ticks): Ticks {
    const moved = (time + this.#shift) % TIMESTAMP_PERIOD;
    return moved < 0 ? moved + TIMESTAMP_PERIOD : moved;
  }
}

/** A packet without payload that says that the counter goes on elsewhere, namely at `next` (§2.4.3.5). */
function discontinuity(pid: number, next: number): Bytes {
  const packet = new Uint8Array(PACKET_SIZE).fill(0xff);
  packet.set([SYNC_BYTE, pid >> 8, pid & 0xff, 0x20 | ((next + 15) % 16), PACKET_SIZE - 5, 0x80]);
  return packet;
}
