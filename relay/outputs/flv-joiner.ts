// Chunks of FLV, in order -> one FLV that any player reads to its end: whole tags, on one timeline.

import { type Bytes, concat, NO_BYTES } from '../../core/bytes.ts';
import type { InitDocument } from '../../core/init-document.ts';
import { TAG_HEADER_SIZE, TAG_SIZE_FIELD, tagSize, u24, u32 } from '../../core/media/flv/flv-tag.ts';
import { TICKS_PER_MILLI, type Ticks } from '../../core/time.ts';

/** Bytes are passed on as they are, as long as the source's own time goes on. */
export class FlvJoiner {
  /** Channel time minus the stream's time; undefined before the first epoch. */
  #offset: Ticks | undefined;
  /** Milliseconds that are added to tags' timestamps. */
  #shift = 0;
  /** The body of the tag under way, and what is missing of it with its size field. */
  #body = 0;
  #missing = 0;
  /** The beginning of a tag's header. */
  #held: Bytes = NO_BYTES;

  /** An epoch begins, at this channel time: its init, without a second file header. */
  begin({ bytes, timestampOffset }: InitDocument, timestamp: Ticks): Bytes {
    const repaired = this.gap();
    if (this.#offset === undefined) {
      this.#offset = timestampOffset;
      return bytes;
    }
    this.#shift = Math.round((timestamp - this.#offset) / TICKS_PER_MILLI);
    const init = this.push(bytes.subarray(headerSize(bytes)));
    this.#shift = Math.round((timestampOffset - this.#offset) / TICKS_PER_MILLI);
    return concat([repaired, init]);
  }

  /** The next payload. */
  push(payload: Bytes): Bytes {
    const bytes = this.#held.length > 0 ? concat([this.#held, payload]) : payload;
    let at = Math.min(this.#missing, bytes.length);
    this.#missing -= at;
    const starts: number[] = [];
    while (at < bytes.length && at + TAG_HEADER_SIZE <= bytes.length) {
      starts.push(at);
      this.#body = tagSize(bytes, at);
      const size = TAG_HEADER_SIZE + this.#body + TAG_SIZE_FIELD;
      this.#missing = Math.max(0, at + size - bytes.length);
      at = Math.min(at + size, bytes.length);
    }
    this.#held = at < bytes.length ? bytes.slice(at) : NO_BYTES;
    const whole = bytes.subarray(0, at);
    return this.#shift === 0 ? whole : this.#retimed(whole, starts);
  }

  /** Something is missing before the next payload, which starts at a tag: fills up the tag under way. */
  gap(): Bytes {
    const filler = new Uint8Array(this.#missing);
    const size = TAG_HEADER_SIZE + this.#body;
    const field = [size >>> 24, size >>> 16, size >>> 8, size].slice(-this.#missing);
    if (this.#missing > 0) filler.set(field, this.#missing - field.length);
    this.#missing = 0;
    this.#held = NO_BYTES;
    return filler;
  }

  #retimed(bytes: Bytes, starts: readonly number[]): Bytes {
    const copy = bytes.slice();
    for (const at of starts) {
      const time = u24(bytes, at + 4) + bytes[at + 7]! * 0x100_0000 + this.#shift;
      copy.set([time >>> 16, time >>> 8, time, time >>> 24], at + 4);
    }
    return copy;
  }
}

/** Bytes of the file header with the first PreviousTagSize; 0 where there is none. */
function headerSize(bytes: Bytes): number {
  return bytes[0] === 0x46 && bytes.length >= 9 ? u32(bytes, 5) + TAG_SIZE_FIELD : 0;
}
