// Moves the timestamps of FLV tags (Adobe FLV 10.1, E.4.1), whatever pieces they come in.

import { type Bytes, concat, NO_BYTES } from '../bytes.ts';
import type { Millis } from '../time.ts';

/** Bytes of a tag's header, and of the field behind its data. */
const FLV_TAG_HEADER = 11;
const FLV_TAG_SIZE = 4;

const PERIOD = 0x1_0000_0000;

/** Bytes of the whole tag whose header begins there. */
export function flvTagLength(bytes: Uint8Array, at: number): number {
  const [, high = 0, middle = 0, low = 0] = bytes.subarray(at, at + FLV_TAG_HEADER);
  return FLV_TAG_HEADER + ((high << 16) | (middle << 8) | low) + FLV_TAG_SIZE;
}

export class FlvRetimer {
  /** Added to each timestamp; none becomes less than 0. */
  shift: Millis = 0;
  /** How much of the present tag is still to come. */
  #left = 0;
  /** Bytes of the whole tag that is still to come in part. */
  #length = 0;
  /** The beginning of a header. */
  #held: Bytes = NO_BYTES;

  /** Takes the next bytes; returns them, as far as their headers are there, with the timestamps moved in a copy. */
  push(part: Bytes): Bytes {
    const isAsItWas = this.shift === 0 && this.#held.length === 0;
    const bytes = isAsItWas ? part : concat([this.#held, part]);
    this.#held = NO_BYTES;
    let at = this.#left;
    while (at + FLV_TAG_HEADER <= bytes.length) {
      if (this.shift !== 0) this.#move(bytes, at);
      this.#length = flvTagLength(bytes, at);
      at += this.#length;
    }
    this.#left = Math.max(0, at - bytes.length);
    if (at >= bytes.length) return bytes;
    this.#held = bytes.slice(at);
    return bytes.subarray(0, at);
  }

  /** What comes next begins with a tag: returns what the present one lacks, as zeros and its size. */
  restart(): Bytes {
    const filler = new Uint8Array(this.#left);
    const size = this.#length - FLV_TAG_SIZE;
    const field = [size >>> 24, size >>> 16, size >>> 8, size].slice(-this.#left);
    if (this.#left > 0) filler.set(field, this.#left - field.length);
    this.#left = 0;
    this.#held = NO_BYTES;
    return filler;
  }

  #move(bytes: Bytes, at: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    const time = ((view.getUint8(7) << 24) >>> 0) + (view.getUint32(3) & 0xff_ffff);
    const moved = (((time + this.shift) % PERIOD) + PERIOD) % PERIOD;
    const next = moved < PERIOD / 2 || time + this.shift >= 0 ? moved : 0;
    view.setUint8(4, (next >>> 16) & 255);
    view.setUint16(5, next & 0xffff);
    view.setUint8(7, next >>> 24);
  }
}
