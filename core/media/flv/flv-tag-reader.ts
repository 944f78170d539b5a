// Bytes of an FLV in any split -> tags as they come (Adobe FLV 10.1, annex E.2 to E.4.1), with resynchronisation after garbage.

import { type Bytes, concat, NO_BYTES } from '../../bytes.ts';
import { NotThisMedia } from '../../errors.ts';
import {
  FILE_HEADER_SIZE,
  type FlvTag,
  isFileHeader,
  isTagHeader,
  readTag,
  TAG_HEADER_SIZE,
  TAG_PROBE_SIZE,
  TAG_SIZE_FIELD,
  tagSize,
  u32,
} from './flv-tag.ts';
import { tagFits } from './tag-fit.ts';

/** How much of a tag's body comes with its `tag` event at least (or all of it): enough to classify the tag. */
export const TAG_HEAD = 32;

/** What the reader finds, in order. Views point into the pushed bytes, or into a copy where a header was split. */
export type FlvReadEvent =
  /** At the start, or in mid-stream: another recording follows. `flags`: 4 audio, 1 video. */
  | { readonly type: 'file'; readonly flags: number }
  /** A tag begins. `bytes`: its header and as much of its body as is there, at least `TAG_HEAD` bytes or all of it. */
  | { readonly type: 'tag'; readonly tag: FlvTag; readonly bytes: Bytes }
  /** More of the body. */
  | { readonly type: 'data'; readonly bytes: Bytes }
  /** The tag is complete. `bytes`: its PreviousTagSize, right or wrong; fewer than 4 where it is missing. */
  | { readonly type: 'end'; readonly bytes: Bytes }
  /** The tag that began is cut short or false: forget it. */
  | { readonly type: 'lost' }
  /** Bytes passed over, or a harmless fault (`bytes` 0). */
  | { readonly type: 'damage'; readonly reason: string; readonly bytes: number };

/** Garbage is reported at the latest after this many bytes. */
const GARBAGE_REPORT = 0x10_0000;

type State = 'start' | 'header' | 'body' | 'between' | 'scan';

/**
 * A header in its expected place is believed when it looks like one, so that a tag can stream out before it is complete. When a tag's end shows that it was
 * false (wrong PreviousTagSize and no tag behind it), the bytes since its header are searched again, where a tag counts only if its own end fits.
 * Holds the views of one tag, at most 16 MiB. Decisions never depend on how the bytes were split.
 */
export class FlvTagReader {
  #state: State = 'start';
  #bytes: Bytes = NO_BYTES;
  #at = 0;
  /** Whether `#bytes` ends in room of our own to append to. */
  #own = false;
  /** Offset of `#bytes[0]` since the last reset. */
  #base = 0;
  #tag: FlvTag | undefined;
  #left = 0;
  #tagParts: Bytes[] = [];
  /** Tags that start before this offset count only when their end fits. */
  #strictUntil = 0;
  #skipped = 0;
  #anyType = false;
  #final = false;

  /** The next bytes, which must stay unchanged. Throws `NotThisMedia` when the first ones are neither a file header nor a tag. */
  push(bytes: Bytes): FlvReadEvent[] {
    const events: FlvReadEvent[] = [];
    this.#append(bytes);
    while (this.#step(events));
    return events;
  }

  /** Bytes are missing; the next push starts at a tag. */
  gap(): FlvReadEvent[] {
    const events: FlvReadEvent[] = [];
    this.#drop(events, 'a gap in the middle of a tag');
    this.#state = 'header';
    return events;
  }

  /** The next push starts anywhere: looks for a tag whose end fits. */
  resync(): void {
    this.gap();
    this.#search();
  }

  /** The stream ends: completes what can be completed. The next push starts afresh. */
  flush(): FlvReadEvent[] {
    const events: FlvReadEvent[] = [];
    this.#final = true;
    while (this.#step(events));
    // A tag that lacks its end may be a false one, with true ones inside.
    while (this.#state === 'body' && this.#tag) {
      this.#searchAgain(this.#tag, events);
      while (this.#step(events));
    }
    this.#drop(events, 'cut in the middle of a tag');
    this.reset();
    return events;
  }

  /** Forgets everything. */
  reset(): void {
    this.#clear();
    this.#state = 'start';
    this.#base = 0;
    this.#final = false;
  }

  #clear(): void {
    this.#base += this.#bytes.length;
    this.#bytes = NO_BYTES;
    this.#at = 0;
    this.#own = false;
    this.#tag = undefined;
    this.#tagParts = [];
    this.#left = 0;
    this.#strictUntil = 0;
    this.#skipped = 0;
  }

  #drop(events: FlvReadEvent[], reason: string): void {
    const held = this.#bytes.length - this.#at;
    if (this.#state === 'between' && this.#tag) {
      events.push({ type: 'end', bytes: this.#bytes.subarray(this.#at, this.#at + TAG_SIZE_FIELD) });
    } else if (this.#state === 'body' && this.#tag) {
      events.push({ type: 'lost' });
      events.push({ type: 'damage', reason, bytes: this.#base + this.#at - this.#tag.offset });
    } else if (held + this.#skipped > 0) {
      events.push({ type: 'damage', reason, bytes: held + this.#skipped });
    }
    this.#clear();
  }

  #append(bytes: Bytes): void {
    const held = this.#bytes.length - this.#at;
    this.#base += this.#at;
    if (held === 0) {
      this.#bytes = bytes;
      this.#own = false;
    } else {
      const start = this.#bytes.byteOffset + this.#at;
      const size = held + bytes.length;
      if (this.#own && start + size <= this.#bytes.buffer.byteLength) {
        this.#bytes = new Uint8Array(this.#bytes.buffer, start, size);
      } else {
        const room = new Uint8Array(Math.max(size, held * 2));
        room.set(this.#bytes.subarray(this.#at));
        this.#bytes = room.subarray(0, size);
        this.#own = true;
      }
      this.#bytes.set(bytes, held);
    }
    this.#at = 0;
  }

  #step(events: FlvReadEvent[]): boolean {
    switch (this.#state) {
      case 'start':
        return this.#start();
      case 'header':
        return this.#header(events);
      case 'body':
        return this.#body(events);
      case 'between':
        return this.#between(events);
      case 'scan':
        return this.#scan(events);
    }
  }

  #start(): boolean {
    if (this.#bytes.length - this.#at < TAG_PROBE_SIZE) return false;
    if (!isFileHeader(this.#bytes, this.#at) && !isTagHeader(this.#bytes, this.#at)) {
      throw new NotThisMedia(
        `not FLV: it starts with ${quote(this.#bytes.subarray(this.#at, this.#at + TAG_PROBE_SIZE))}, not "FLV"`,
      );
    }
    this.#state = 'header';
    return true;
  }

  #header(events: FlvReadEvent[]): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const held = bytes.length - at;
    if (held < TAG_PROBE_SIZE) return false;
    if (isFileHeader(bytes, at)) {
      const size = u32(bytes, at + 5);
      if (held < size) return false;
      events.push({ type: 'file', flags: bytes[at + 4]! });
      this.#at = at + size;
      this.#state = 'between';
      return true;
    }
    if (!isTagHeader(bytes, at) || this.#base + at < this.#strictUntil) {
      this.#state = 'scan';
      this.#anyType = true;
      return true;
    }
    return this.#open(events);
  }

  // Announces the tag at the cursor, whose header is believed.
  #open(events: FlvReadEvent[]): boolean {
    const at = this.#at;
    const size = tagSize(this.#bytes, at);
    const held = this.#bytes.length - at - TAG_HEADER_SIZE;
    if (held < Math.min(size, TAG_HEAD)) return false;
    const taken = Math.min(size, held);
    const tag = readTag(this.#bytes, at, this.#base + at);
    const part = this.#bytes.subarray(at, at + TAG_HEADER_SIZE + taken);
    events.push({ type: 'tag', tag, bytes: part });
    this.#tag = tag;
    this.#tagParts = [part];
    this.#left = size - taken;
    this.#at = at + part.length;
    this.#state = this.#left > 0 ? 'body' : 'between';
    return true;
  }

  #body(events: FlvReadEvent[]): boolean {
    const taken = Math.min(this.#left, this.#bytes.length - this.#at);
    if (taken === 0) return false;
    const part = this.#bytes.subarray(this.#at, this.#at + taken);
    events.push({ type: 'data', bytes: part });
    this.#tagParts.push(part);
    this.#at += taken;
    this.#left -= taken;
    if (this.#left === 0) this.#state = 'between';
    return true;
  }

  #between(events: FlvReadEvent[]): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const held = bytes.length - at;
    if (held < TAG_SIZE_FIELD) return false;
    const expected = this.#tag ? TAG_HEADER_SIZE + this.#tag.size : 0;
    const found = u32(bytes, at);
    if (found === expected) return this.#end(events, TAG_SIZE_FIELD);
    const next = at + TAG_SIZE_FIELD;
    if (held < TAG_SIZE_FIELD + TAG_PROBE_SIZE) return false;
    if (isTagHeader(bytes, next) || isFileHeader(bytes, next)) {
      events.push({ type: 'damage', reason: `PreviousTagSize ${found}, not ${expected}`, bytes: 0 });
      return this.#end(events, TAG_SIZE_FIELD);
    }
    if (isTagHeader(bytes, at) || isFileHeader(bytes, at)) {
      events.push({ type: 'damage', reason: 'PreviousTagSize is missing', bytes: 0 });
      return this.#end(events, 0);
    }
    if (this.#tag) this.#searchAgain(this.#tag, events);
    else this.#search();
    return true;
  }

  #search(): void {
    this.#state = 'scan';
    this.#anyType = false;
  }

  #end(events: FlvReadEvent[], size: number): boolean {
    if (this.#tag) events.push({ type: 'end', bytes: this.#bytes.subarray(this.#at, this.#at + size) });
    this.#tag = undefined;
    this.#tagParts = [];
    this.#at += size;
    this.#state = 'header';
    return true;
  }

  // The tag was false: what was taken for it may hold true ones.
  #searchAgain(tag: FlvTag, events: FlvReadEvent[]): void {
    events.push({ type: 'lost' });
    this.#strictUntil = Math.max(this.#strictUntil, this.#base + this.#at);
    this.#bytes = concat([...this.#tagParts, this.#bytes.subarray(this.#at)]);
    this.#own = true;
    this.#base = tag.offset;
    this.#at = 1;
    this.#skipped = 1;
    this.#tag = undefined;
    this.#tagParts = [];
    this.#search();
  }

  #scan(events: FlvReadEvent[]): boolean {
    const bytes = this.#bytes;
    for (; bytes.length - this.#at >= TAG_PROBE_SIZE; this.#at++) {
      const file = isFileHeader(bytes, this.#at);
      const verdict = file ? true : tagFits(bytes, this.#at, this.#anyType);
      if (verdict === undefined && !this.#final) return false;
      this.#anyType = false;
      if (verdict) {
        if (this.#skipped > 0) events.push({ type: 'damage', reason: GARBAGE, bytes: this.#skipped });
        this.#skipped = 0;
        this.#state = 'header';
        return file || this.#open(events);
      }
      if (++this.#skipped === GARBAGE_REPORT) {
        events.push({ type: 'damage', reason: GARBAGE, bytes: this.#skipped });
        this.#skipped = 0;
      }
    }
    return false;
  }
}

const GARBAGE = 'garbage between tags';

function quote(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes) text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·';
  return JSON.stringify(text);
}

/** The smallest number of bytes from which the reader can tell whether a source is FLV. */
export const SNIFF_SIZE: number = Math.max(FILE_HEADER_SIZE, TAG_PROBE_SIZE);
