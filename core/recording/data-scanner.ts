// Reads a recording's data from anywhere a message begins: finds its groups, and where what is whole ends.

import { ByteReader, type Bytes, concat } from '../bytes.ts';
import { type ChunkHeader, startsGroup } from '../chunk.ts';
import { ProtocolViolation } from '../errors.ts';
import { type Container, decodeInit } from '../init-document.ts';
import type { Ticks } from '../time.ts';
import { decodeBody, MAX_BODY } from '../wire/framing.ts';
import { chunk as chunkMessage, init as initMessage } from '../wire/index.ts';
import type { IndexedGroup } from './group-index.ts';
import { type RecordingEnd, recordingEnd } from './recording-end.ts';
import { type RecordingHead, recordingHead } from './recording-head.ts';

/** From where, and what stood before. */
export interface ScanStart {
  readonly offset: number;
  readonly init?: { readonly offset: number; readonly size: number };
}

/** Bytes in any split -> what is in them. */
export class DataScanner {
  readonly groups: IndexedGroup[] = [];
  head: RecordingHead | undefined;
  end: RecordingEnd | undefined;
  track: number | undefined;
  container: Container | undefined;
  /** Of the newest chunk. */
  last: ChunkHeader | undefined;
  /** Channel time up to which there is media. */
  to: Ticks = 0;
  /** How many chunks there are. */
  chunks = 0;
  /** Where the last whole message ends; the end of the recording itself is left out. */
  offset: number;
  /** Why nothing behind `offset` can be read. */
  fault: string | undefined;
  #init: { readonly offset: number; readonly size: number } | undefined;
  #held: Bytes[] = [];
  #heldSize = 0;
  /** How many bytes must be there before reading is tried again. */
  #needed = 1;

  constructor({ offset, init }: ScanStart = { offset: 0 }) {
    this.offset = offset;
    this.#init = init;
  }

  /** Bytes behind `offset` that were pushed: a message that is cut off, or nobody knows what. */
  get rest(): number {
    return this.#heldSize;
  }

  /** Takes the next bytes. */
  push(bytes: Bytes): void {
    this.#held.push(bytes);
    this.#heldSize += bytes.length;
    if (this.fault !== undefined) this.#held = []; // only their number counts any more
    if (this.fault !== undefined || this.#heldSize < this.#needed) return;
    const whole = concat(this.#held);
    let at = 0;
    for (;;) {
      const size = this.#readOne(whole, at);
      if (size === 0) break;
      at += size;
    }
    this.#held = at < whole.length ? [whole.subarray(at)] : [];
    this.#heldSize = whole.length - at;
  }

  /** Reads the message that begins there; returns its size, 0 when it isn't all there or can't be read. */
  #readOne(bytes: Bytes, at: number): number {
    const reader = new ByteReader(bytes, at);
    try {
      if (reader.left < prefixSize(bytes, at)) {
        this.#needed = reader.left + 1;
        return 0;
      }
      const type = reader.varint();
      const length = reader.varint();
      if (length > MAX_BODY) throw new ProtocolViolation(`a message of ${length} bytes`);
      const size = reader.offset - at + length;
      if (reader.left < length) {
        this.#needed = size;
        return 0;
      }
      if (this.end) throw new ProtocolViolation('something behind the end of the recording');
      this.#take(type, reader.take(length), size);
      if (!this.end) this.offset += size;
      this.#needed = 1;
      return size;
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.fault = error.message;
      return 0;
    }
  }

  #take(type: number, body: Bytes, size: number): void {
    if (this.offset === 0) {
      if (type !== recordingHead.type) throw new ProtocolViolation(`a recording can't begin with message type ${type}`);
      this.head = decodeBody(recordingHead, body);
    } else if (type === initMessage.type) {
      const { track, document } = decodeBody(initMessage, body);
      this.track = track;
      this.container = decodeInit(document).container;
      this.#init = { offset: this.offset, size };
    } else if (type === chunkMessage.type) this.#chunk(decodeBody(chunkMessage, body).header);
    else if (type === recordingEnd.type) this.end = decodeBody(recordingEnd, body);
    else throw new ProtocolViolation(`message type ${type} in a recording`);
  }

  #chunk(header: ChunkHeader): void {
    if (!this.#init) throw new ProtocolViolation('a chunk before any init document');
    this.last = header;
    this.chunks++;
    this.to = Math.max(this.to, header.timestamp + header.duration);
    if (!startsGroup(header)) return;
    const { sequence, timestamp, capturedAt } = header;
    const { offset: init, size: initSize } = this.#init;
    this.groups.push({ sequence, timestamp, capturedAt, offset: this.offset, init, initSize });
  }
}

/** How many bytes type and length take, as far as that can be seen. */
function prefixSize(bytes: Bytes, at: number): number {
  const first = 1 << ((bytes[at] ?? 0) >> 6);
  return first + (1 << ((bytes[at + first] ?? 0) >> 6));
}
