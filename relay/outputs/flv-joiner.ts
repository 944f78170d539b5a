// Chunks of FLV, in order -> one FLV that any player reads to its end: whole tags, on one timeline.

import { type Bytes, concat } from '../../core/bytes.ts';
import type { InitDocument } from '../../core/init-document.ts';
import { TAG_SIZE_FIELD, u32 } from '../../core/media/flv/flv-tag.ts';
import { FlvRetimer } from '../../core/recording/flv-retimer.ts';
import { TICKS_PER_MILLI, type Ticks } from '../../core/time.ts';

/** Bytes are passed on as they are, as long as the source's own time goes on. */
export class FlvJoiner {
  /** Channel time minus the stream's time; undefined before the first epoch. */
  #offset: Ticks | undefined;
  readonly #retimer = new FlvRetimer();

  /** An epoch begins, at this channel time: its init, without a second file header. */
  begin({ bytes, timestampOffset }: InitDocument, timestamp: Ticks): Bytes {
    const repaired = this.gap();
    if (this.#offset === undefined) {
      this.#offset = timestampOffset;
      return bytes;
    }
    this.#retimer.shift = Math.round((timestamp - this.#offset) / TICKS_PER_MILLI);
    const init = this.push(bytes.subarray(headerSize(bytes)));
    this.#retimer.shift = Math.round((timestampOffset - this.#offset) / TICKS_PER_MILLI);
    return concat([repaired, init]);
  }

  /** The next payload. */
  push(payload: Bytes): Bytes {
    return this.#retimer.push(payload);
  }

  /** Something is missing before the next payload, which starts at a tag: fills up the tag under way. */
  gap(): Bytes {
    return this.#retimer.restart();
  }
}

/** Bytes of the file header with the first PreviousTagSize; 0 where there is none. */
function headerSize(bytes: Bytes): number {
  return bytes[0] === 0x46 && bytes.length >= 9 ? u32(bytes, 5) + TAG_SIZE_FIELD : 0;
}
