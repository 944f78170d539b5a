// Cuts a container's bytes where its units start and reads their decode times, for pacing; every byte comes out again.

import type { Bytes } from '../../core/bytes.ts';
import { concat, NO_BYTES } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import { TAG_HEADER_SIZE, TIMESTAMP_PERIOD } from '../../core/media/flv/flv-tag.ts';
import { FlvTagReader } from '../../core/media/flv/flv-tag-reader.ts';
import { readTagRole } from '../../core/media/flv/tag-role.ts';
import { TICKS_PER_MILLI, type Ticks, unwrapNear } from '../../core/time.ts';

/** A run of bytes; `dts` is of the unit that starts with it, unwrapped. */
export interface Slice {
  readonly bytes: Bytes;
  readonly dts?: Ticks;
}

/** Bytes in any split -> slices. */
export interface Slicer {
  push(bytes: Bytes): Slice[];
  flush(): Slice[];
}

/** The slicer of a container. `anywhere`: the first bytes may be the middle of a tag or packet. */
export function createSlicer(container: Container, anywhere = false): Slicer {
  return container === 'flv' ? new FlvSlicer(anywhere) : new TsSlicer();
}

class FlvSlicer implements Slicer {
  readonly #reader = new FlvTagReader();
  #seen = 0;
  #last = 0;

  constructor(anywhere: boolean) {
    if (anywhere) this.#reader.resync();
  }

  push(bytes: Bytes): Slice[] {
    const slices: Slice[] = [];
    let from = 0;
    let dts: Ticks | undefined;
    for (const event of this.#reader.push(bytes)) {
      if (event.type !== 'tag') continue;
      // Sequence headers repeated in mid-stream often have timestamp 0: only frames tell the time.
      if (readTagRole(event.tag, event.bytes.subarray(TAG_HEADER_SIZE)).role !== 'frame') continue;
      // A tag whose header began in an earlier push is taken to start with this one.
      const at = Math.max(from, event.tag.offset - this.#seen);
      if (at > from) slices.push({ bytes: bytes.subarray(from, at), dts });
      from = at;
      this.#last = unwrapNear(event.tag.timestamp, this.#last, TIMESTAMP_PERIOD);
      dts = this.#last * TICKS_PER_MILLI;
    }
    if (from < bytes.length) slices.push({ bytes: bytes.subarray(from), dts });
    this.#seen += bytes.length;
    return slices;
  }

  flush(): Slice[] {
    this.#reader.flush();
    this.#seen = 0;
    return [];
  }
}

const PACKET = 188;
const TS_PERIOD = 2 ** 33;

class TsSlicer implements Slicer {
  #held: Bytes = NO_BYTES;
  #last: Ticks = 0;

  push(more: Bytes): Slice[] {
    const bytes = this.#held.length > 0 ? concat([this.#held, more]) : more;
    const slices: Slice[] = [];
    let from = 0;
    let dts: Ticks | undefined;
    let at = 0;
    while (at + PACKET <= bytes.length) {
      if (bytes[at] !== 0x47) {
        at++;
        continue;
      }
      const found = pesTime(bytes, at);
      if (found !== undefined) {
        if (at > from) slices.push({ bytes: bytes.subarray(from, at), dts });
        from = at;
        dts = this.#last = unwrapNear(found, this.#last, TS_PERIOD);
      }
      at += PACKET;
    }
    at = Math.min(at, bytes.length);
    if (at > from) slices.push({ bytes: bytes.subarray(from, at), dts });
    this.#held = bytes.subarray(at);
    return slices;
  }

  flush(): Slice[] {
    const rest = this.#held;
    this.#held = NO_BYTES;
    return rest.length > 0 ? [{ bytes: rest }] : [];
  }
}

/** The DTS, else the PTS, of the PES packet that starts in the TS packet at `at` (ISO/IEC 13818-1 §2.4.3.2, §2.4.3.7). */
function pesTime(bytes: Bytes, at: number): Ticks | undefined {
  if ((bytes[at + 1]! & 0x40) === 0) return undefined;
  const control = bytes[at + 3]!;
  if ((control & 0x10) === 0) return undefined;
  const pes = at + 4 + (control & 0x20 ? 1 + bytes[at + 4]! : 0);
  if (pes + 19 > at + PACKET) return undefined;
  if (bytes[pes] !== 0 || bytes[pes + 1] !== 0 || bytes[pes + 2] !== 1) return undefined;
  const id = bytes[pes + 3]!;
  if (!(id >= 0xc0 && id <= 0xef) && id !== 0xbd) return undefined;
  const flags = bytes[pes + 7]! >> 6;
  if (flags < 2) return undefined;
  const field = pes + 9 + (flags === 3 ? 5 : 0);
  return (
    ((bytes[field]! >> 1) & 7) * 2 ** 30 +
    (bytes[field + 1]! << 22) +
    ((bytes[field + 2]! >> 1) << 15) +
    (bytes[field + 3]! << 7) +
    (bytes[field + 4]! >> 1)
  );
}
