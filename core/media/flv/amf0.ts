// AMF0 (Adobe AMF 0 specification, 2007): the values in script tags, as plain JSON-like data.

import { ByteReader, type Bytes } from '../../bytes.ts';
import { ProtocolViolation } from '../../errors.ts';

/** A decoded value. A date is its Unix milliseconds; undefined, unsupported and references become `undefined`. */
export type AmfValue = number | boolean | string | null | undefined | AmfValue[] | { [key: string]: AmfValue };

const MAX_DEPTH = 16;
const MAX_VALUES = 100_000;

const Marker = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  reference: 7,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xml: 15,
  typedObject: 16,
} as const;

const decoder = new TextDecoder();

/**
 * Decodes the values that follow each other in a script tag's body: a name, then its arguments. undefined when the body is malformed,
 * nested deeper than 16, or of more than 100,000 values. Trailing bytes that are no value are left out once the name and one value are there.
 */
export function decodeAmf0(body: Bytes): AmfValue[] | undefined {
  const decoding = new AmfDecoding(body);
  const values: AmfValue[] = [];
  while (decoding.left > 0) {
    try {
      values.push(decoding.value(0));
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      return values.length >= 2 ? values : undefined;
    }
  }
  return values;
}

class AmfDecoding {
  readonly #reader: ByteReader;
  #count = 0;

  constructor(body: Bytes) {
    this.#reader = new ByteReader(body);
  }

  get left(): number {
    return this.#reader.left;
  }

  value(depth: number): AmfValue {
    if (depth > MAX_DEPTH) throw new ProtocolViolation(`AMF nested deeper than ${MAX_DEPTH}`);
    if (++this.#count > MAX_VALUES) throw new ProtocolViolation(`more than ${MAX_VALUES} AMF values`);
    const reader = this.#reader;
    const marker = reader.u8();
    switch (marker) {
      case Marker.number:
        return reader.f64();
      case Marker.boolean:
        return reader.u8() !== 0;
      case Marker.string:
        return this.#text(reader.u16());
      case Marker.longString:
      case Marker.xml:
        return this.#text(reader.u32());
      case Marker.object:
        return this.#object(depth);
      case Marker.typedObject:
        this.#text(reader.u16());
        return this.#object(depth);
      case Marker.ecmaArray:
        // The count is a hint that many muxers get wrong: the end marker decides.
        reader.u32();
        return this.#object(depth);
      case Marker.strictArray:
        return this.#array(depth);
      case Marker.date: {
        const millis = reader.f64();
        reader.u16();
        return millis;
      }
      case Marker.reference:
        // Never seen in a script tag, and it could make cycles.
        reader.u16();
        return undefined;
      case Marker.null:
        return null;
      case Marker.undefined:
      case Marker.unsupported:
        return undefined;
      default:
        throw new ProtocolViolation(`AMF marker ${marker}`);
    }
  }

  #text(size: number): string {
    return decoder.decode(this.#reader.take(size));
  }

  #object(depth: number): AmfValue {
    const reader = this.#reader;
    const entries: { [key: string]: AmfValue } = {};
    for (;;) {
      // Some muxers leave out the end marker of the outermost object.
      if (reader.left === 0 && depth === 0) return entries;
      const name = this.#text(reader.u16());
      if (name === '' && reader.bytes[reader.offset] === Marker.objectEnd) {
        reader.u8();
        return entries;
      }
      const value = this.value(depth + 1);
      // Not an assignment: `__proto__` is a name like any other.
      Object.defineProperty(entries, name, { value, enumerable: true, writable: true, configurable: true });
    }
  }

  #array(depth: number): AmfValue {
    const count = this.#reader.u32();
    if (count > this.#reader.left) throw new ProtocolViolation(`AMF array of ${count} in ${this.#reader.left} bytes`);
    const items: AmfValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }
}
