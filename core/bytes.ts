// Bytes: bounds-checked reading and writing, QUIC variable-length integers (RFC 9000 §16), and text forms.

import { ProtocolViolation } from './errors.ts';

/** Bytes that are not shared between threads, so that every web API takes them. Views, not copies: copy only to keep. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** An empty view. */
export const NO_BYTES: Bytes = new Uint8Array(0);

/** Joins views into one new array; a single view is returned as it is. */
export function concat(parts: readonly Bytes[]): Bytes {
  if (parts.length === 1) return parts[0]!;
  let size = 0;
  for (const part of parts) size += part.length;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Whether two views hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Base64url without padding (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(4, Math.ceil(((bytes.length - i) * 8) / 6));
    for (let d = 0; d < digits; d++) text += BASE64URL[(group >> (18 - 6 * d)) & 63];
  }
  return text;
}

/** Reads base64url without padding; throws `TypeError` on any other character or an impossible length. */
export function fromBase64Url(text: string): Bytes {
  if (text.length % 4 === 1) throw new TypeError(`not base64url: ${text.length} characters`);
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let offset = 0;
  for (const character of text) {
    const value = BASE64URL.indexOf(character);
    if (value < 0) throw new TypeError(`not base64url: ${JSON.stringify(character)}`);
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[offset++] = (held >> (bits -= 8)) & 255;
  }
  return bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** How many bytes the QUIC varint of `value` takes: 1, 2, 4 or 8. */
export function varintSize(value: number): 1 | 2 | 4 | 8 {
  if (value < 0x40) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x4000_0000) return 4;
  return 8;
}

/** Reads forward through a view. Every method throws `ProtocolViolation` when the bytes end too early. */
export class ByteReader {
  readonly bytes: Bytes;
  /** Offset of the next byte to read. */
  offset: number;
  readonly #view: DataView;

  constructor(bytes: Bytes, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.offset;
  }

  #take(size: number): number {
    const at = this.offset;
    if (size > this.bytes.length - at) throw new ProtocolViolation(`needs ${size} bytes at ${at}, has ${this.left}`);
    this.offset = at + size;
    return at;
  }

  u8(): number {
    return this.bytes[this.#take(1)]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u24(): number {
    const at = this.#take(3);
    return (this.bytes[at]! << 16) | this.#view.getUint16(at + 1);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  /** A QUIC varint. Values above 2^53 − 1 are refused: no field of ours needs them. */
  varint(): number {
    const first = this.u8();
    const size = 1 << (first >> 6);
    if (size === 1) return first & 0x3f;
    const at = this.#take(size - 1) - 1;
    if (size === 2) return this.#view.getUint16(at) & 0x3fff;
    if (size === 4) return this.#view.getUint32(at) & 0x3fff_ffff;
    const high = this.#view.getUint32(at) & 0x3fff_ffff;
    if (high >= 0x20_0000) throw new ProtocolViolation('varint above 2^53 - 1');
    return high * 0x1_0000_0000 + this.#view.getUint32(at + 4);
  }

  /** A view of the next `size` bytes. */
  take(size: number): Bytes {
    const at = this.#take(size);
    return this.bytes.subarray(at, at + size);
  }

  /** A view of all that is left. */
  rest(): Bytes {
    return this.take(this.left);
  }

  /** Bytes preceded by their length; at most `max`. */
  block(max: number): Bytes {
    const size = this.varint();
    if (size > max) throw new ProtocolViolation(`block of ${size} bytes, at most ${max} allowed`);
    return this.take(size);
  }

  /** UTF-8 text preceded by its length in bytes; at most `max` bytes. */
  text(max: number): string {
    const bytes = this.block(max);
    try {
      return decoder.decode(bytes);
    } catch {
      throw new ProtocolViolation('text is not UTF-8');
    }
  }

  /** Throws `ProtocolViolation` unless everything has been read. */
  end(): void {
    if (this.left > 0) throw new ProtocolViolation(`${this.left} bytes too many`);
  }
}

/** Writes into a growing buffer. */
export class ByteWriter {
  #bytes: Bytes;
  #view: DataView;
  #size = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  #grow(size: number): number {
    const at = this.#size;
    if (at + size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, at + size));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#size = at + size;
    return at;
  }

  u8(value: number): this {
    const at = this.#grow(1); // may replace the bytes
    this.#bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2); // may replace the view
    this.#view.setUint16(at, value);
    return this;
  }

  u24(value: number): this {
    this.u8(value >> 16);
    return this.u16(value & 0xffff);
  }

  u32(value: number): this {
    const at = this.#grow(4); // may replace the view
    this.#view.setUint32(at, value);
    return this;
  }

  f64(value: number): this {
    const at = this.#grow(8); // may replace the view
    this.#view.setFloat64(at, value);
    return this;
  }

  /** A QUIC varint; throws `RangeError` unless 0 <= value <= 2^53 − 1 and whole. */
  varint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a varint: ${value}`);
    const size = varintSize(value);
    const at = this.#grow(size);
    if (size === 1) this.#bytes[at] = value;
    else if (size === 2) this.#view.setUint16(at, value | 0x4000);
    else if (size === 4) this.#view.setUint32(at, (value | 0x8000_0000) >>> 0);
    else {
      this.#view.setUint32(at, (Math.floor(value / 0x1_0000_0000) | 0xc000_0000) >>> 0);
      this.#view.setUint32(at + 4, value % 0x1_0000_0000);
    }
    return this;
  }

  put(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Bytes preceded by their length. */
  block(bytes: Uint8Array): this {
    return this.varint(bytes.length).put(bytes);
  }

  /** UTF-8 text preceded by its length in bytes. */
  text(text: string): this {
    return this.block(utf8(text));
  }

  /** A view of what was written; further writing may detach it. */
  finish(): Bytes {
    return this.#bytes.subarray(0, this.#size);
  }
}
