// Turns the messages of a recording back into what the source sent: an FLV or TS that any player reads.

import type { Bytes } from '../bytes.ts';
import { type Chunk, startsGroup } from '../chunk.ts';
import { decodeInit } from '../init-document.ts';
import { decodeBody } from '../wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../wire/index.ts';

/** Bytes of an FLV's file header and of the field behind it (Adobe FLV 10.1, E.2); encoders write no other size. */
const FLV_FILE_HEADER = 13;
/** The longest FLV tag there can be: what is held is not more. */
const MAX_HELD = 16_777_216;

/** Where something is missing, the bytes go on with the next tag or packet that is whole. */
export class PlainStream {
  #hasBegun = false;
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
    return this.#release();
  }

  #initBytes(document: Bytes): Bytes {
    const { container, bytes } = decodeInit(document);
    const isRepeated = this.#hasBegun && container === 'flv';
    this.#hasBegun = true; // now that it goes out
    return isRepeated ? bytes.subarray(FLV_FILE_HEADER) : bytes;
  }

  #chunk({ header, payload }: Chunk): Bytes[] {
    const { sequence, entry } = header;
    const goesOn = sequence === this.#next;
    // Where no tag starts, all of it goes on with one that began before: of no use when that is missing.
    const isPart = entry === payload.length && !startsGroup(header);
    this.#next = isPart && !goesOn ? undefined : sequence + 1;
    const out: Bytes[] = [];
    if (!goesOn) this.#release();
    else if (!isPart) out.push(...this.#release(), payload.subarray(0, entry));
    if (this.#init) out.push(...this.#release(), this.#initBytes(this.#init));
    this.#init = undefined;
    if (!isPart) this.#hold(payload.subarray(entry));
    else if (goesOn) this.#hold(payload);
    return this.#heldSize > MAX_HELD ? [...out, ...this.#release()] : out;
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
}
