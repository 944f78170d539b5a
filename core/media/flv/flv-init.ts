// The init of an FLV: what a decoder needs before any group: file header, onMetaData, sequence headers.

import { type Bytes, concat } from '../../bytes.ts';
import { type FlvTag, writeFileHeader, writeTag } from './flv-tag.ts';

/** Larger ones are left out: an init document must stay small, and only file indexes in onMetaData are that large. */
const MAX_TAG = 16_384;
const MAX_TOTAL = 60_000;

/** Collects the newest tag of each kind; their timestamps become 0. */
export class FlvInit {
  #flags = 5;
  #metadata: Bytes | undefined;
  readonly #configs = new Map<string, Bytes>();

  /** A recording begins: what was known of an earlier one no longer holds. `flags` as in its file header: 4 audio, 1 video. */
  begin(flags: number): void {
    this.#flags = flags;
    this.#metadata = undefined;
    this.#configs.clear();
  }

  /** Whether video is to be expected: the file header announces it, or nothing at all, or its sequence header came. */
  get announcesVideo(): boolean {
    return (this.#flags & 5) !== 4 || this.hasConfig('video');
  }

  /** Whether the sequence header of a default track is known. */
  hasConfig(kind: 'audio' | 'video'): boolean {
    return this.#configs.has(`${kind} 0`);
  }

  /** Takes a whole onMetaData or sequence header tag; false when it is too large to be kept. */
  take(tag: FlvTag, slot: string, body: Bytes): boolean {
    if (body.length > MAX_TAG || tag.kind === 'other') return false;
    const bytes = writeTag(tag.kind, 0, body);
    if (tag.kind === 'script') this.#metadata = bytes;
    else this.#configs.set(slot, bytes);
    return true;
  }

  /** The sequence headers: video before audio, default tracks first. What can't be decoded without a new init. */
  configs(): Bytes {
    const tags: Bytes[] = [];
    let size = 0;
    for (const kind of ['video ', 'audio ']) {
      const slots = [...this.#configs.keys()].filter(slot => slot.startsWith(kind)).sort();
      for (const slot of slots) {
        const bytes = this.#configs.get(slot)!; // one of its own keys
        if (size + bytes.length > MAX_TOTAL) continue;
        size += bytes.length;
        tags.push(bytes);
      }
    }
    return tags.length > 0 ? concat(tags) : new Uint8Array(0);
  }

  /** The whole init. */
  bytes(): Bytes {
    const configs = this.configs();
    const parts = [writeFileHeader((this.#flags & 4) !== 0, (this.#flags & 1) !== 0)];
    if (this.#metadata && this.#metadata.length + configs.length <= MAX_TOTAL) parts.push(this.#metadata);
    return concat([...parts, configs]);
  }
}
