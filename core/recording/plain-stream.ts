// Turns the messages of a recording back into what the source sent: an FLV or TS that any player reads.

import { type Bytes, concat } from '../bytes.ts';
import { type Chunk, startsGroup } from '../chunk.ts';
import { type Container, decodeInit } from '../init-document.ts';
import { TICKS_PER_MILLI, type Ticks } from '../time.ts';
import { decodeBody } from '../wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../wire/index.ts';
import { FlvRetimer, flvTagLength } from './flv-retimer.ts';

/** Bytes of an FLV's file header and of the field behind it (Adobe FLV 10.1, E.2); encoders write no other size. */
const FLV_FILE_HEADER = 13;
/** The longest FLV tag there can be: what is held is not more. */
const MAX_HELD = 16_777_216;

/** Where something is missing, the bytes go on with the next tag or packet that is whole. An FLV's time begins at 0 and goes on where the source's own began anew. */
export class PlainStream {
  #container: Container | undefined;
  readonly #retimer = new FlvRetimer();
  /** Channel time of the first chunk. */
  #origin: Ticks | undefined;
  /** The document that the next chunk's group needs before it. */
  #init: Bytes | undefined;
  /** The sequence that goes on where the last chunk ended. */
  #next: number | undefined;
  /** What may belong to a tag that goes on in the next chunk. */
  #held: Bytes[] = [];
  #heldSize = 0;

  /** Takes the next message of a recording; returns what comes next in the file. Throws `ProtocolViolation`. */
  take(type: number, body: Bytes): Bytes[] {
    if (type === initMessage.type) this.#init = decodeBody(initMessage, body).document;
    return type === chunkMessage.type ? this.#chunk(decodeBody(chunkMessage, body)) : [];
  }

  /** What is left at the end of a recording. */
  finish(): Bytes[] {
    return this.#retimed(this.#releaseWhole());
  }

  #initBytes(document: Bytes): Bytes {
    const { container, timestampOffset, bytes } = decodeInit(document);
    this.#retimer.shift = Math.round((timestampOffset - (this.#origin ?? 0)) / TICKS_PER_MILLI);
    const isRepeated = this.#container === 'flv' && container === 'flv';
    this.#container = container; // now that it goes out
    return isRepeated ? bytes.subarray(FLV_FILE_HEADER) : bytes;
  }

  #chunk({ header, payload }: Chunk): Bytes[] {
    const { sequence, entry } = header;
    const goesOn = sequence === this.#next;
    // Where no tag starts, all of it goes on with one that began before: of no use when that is missing.
    const isPart = entry === payload.length && !startsGroup(header);
    this.#next = isPart && !goesOn ? undefined : sequence + 1;
    this.#origin ??= header.timestamp;
    const out: Bytes[] = [];
    if (!goesOn) {
      out.push(...this.#retimed(this.#releaseWhole()));
      this.#retimer.restart();
    } else if (!isPart) out.push(...this.#retimed([...this.#release(), payload.subarray(0, entry)]));
    if (this.#init) out.push(...this.#retimed(this.#release()), this.#initBytes(this.#init));
    this.#init = undefined;
    if (!isPart) this.#hold(payload.subarray(entry));
    else if (goesOn) this.#hold(payload);
    return this.#heldSize > MAX_HELD ? [...out, ...this.#retimed(this.#release())] : out;
  }

  #retimed(parts: readonly Bytes[]): Bytes[] {
    return this.#container === 'flv' ? parts.map(part => this.#retimer.push(part)) : [...parts];
  }

  #hold(bytes: Bytes): void {
    this.#held.push(bytes);
    this.#heldSize += bytes.length;
  }

  #release(): Bytes[] {
    const held = this.#held;
    this.#held = [];
    this.#heldSize = 0;
    return held;
  }

  /** What goes on is missing: without the tag that it belongs to. */
  #releaseWhole(): Bytes[] {
    const held = this.#release();
    if (this.#container !== 'flv' || held.length === 0) return held;
    const bytes = concat(held);
    let end = 0;
    for (;;) {
      const next = end + flvTagLength(bytes, end);
      if (next > bytes.length) return [bytes.subarray(0, end)];
      end = next;
    }
  }
}
