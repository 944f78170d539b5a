// Loads segments: byte ranges, AES-128, retries.

import type { Bytes } from '../../core/bytes.ts';
import { httpGet, readAll } from '../sources/http-get.ts';
import { sniff, sniffFault } from '../sources/sniff.ts';
import { publicUrl, type SourceContext, SourceFault } from '../sources/source.ts';
import type { Segment, SegmentKey } from './parse-playlist.ts';

/** Largest segment accepted, in bytes. */
const MAX_SEGMENT = 128 * 1_048_576;
const TRIES = 3;
const KEYS = 16;

export class SegmentLoader {
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  /** Imported keys by URL. */
  readonly #keys = new Map<string, CryptoKey>();

  constructor(context: SourceContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  /** The segment's MPEG-TS bytes. Tries three times, half a second apart; then throws the `SourceFault`. */
  async load(segment: Segment): Promise<Bytes> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#once(segment);
      } catch (error) {
        const fault = error instanceof SourceFault && !error.permanent;
        if (!fault || tried === TRIES || this.#signal.aborted) throw error;
        await this.#context.clock.wait(250 + 250 * this.#context.random(), this.#signal);
      }
    }
  }

  async #once(segment: Segment): Promise<Bytes> {
    const { range, key } = segment;
    const answer = await httpGet(segment.url, this.#context, { signal: this.#signal, range });
    let bytes = await readAll(answer, MAX_SEGMENT);
    // A server may ignore the range and send everything (RFC 9110 §14.2).
    if (range && answer.status === 200) bytes = bytes.subarray(range.offset, range.offset + range.length);
    if (key) bytes = await this.#decrypt(bytes, key, segment.url);
    const kind = sniff(bytes, true) ?? 'unknown';
    if (kind !== 'ts') {
      const why = kind === 'flv' ? 'it is FLV' : sniffFault(kind, bytes);
      throw new SourceFault(`segment ${publicUrl(segment.url)} is not MPEG-TS: ${why}`);
    }
    return bytes;
  }

  async #decrypt(bytes: Bytes, key: SegmentKey, url: string): Promise<Bytes> {
    const imported = await this.#key(key.url);
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv: key.iv }, imported, bytes));
    } catch (error) {
      throw new SourceFault(`segment ${publicUrl(url)} can't be decrypted with its key`, { cause: error });
    }
  }

  async #key(url: string): Promise<CryptoKey> {
    const cached = this.#keys.get(url);
    if (cached) return cached;
    const bytes = await readAll(await httpGet(url, this.#context, { signal: this.#signal }), 1_024);
    if (bytes.length !== 16) {
      throw new SourceFault(`the key at ${publicUrl(url)} has ${bytes.length} bytes; AES-128 keys have 16`);
    }
    const key = await crypto.subtle.importKey('raw', bytes, 'AES-CBC', false, ['decrypt']);
    if (this.#keys.size >= KEYS) this.#keys.delete([...this.#keys.keys()][0]!); // size is above 0
    this.#keys.set(url, key);
    return key;
  }
}
