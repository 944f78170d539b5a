// The byte range that a request asks for (RFC 9110 §14).

/** From the first byte to behind the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** The one range of a `Range` header over `size` bytes; undefined: all of it is to be sent; `unsatisfiable`: none of it is there. */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes *= *(\d*) *- *(\d*)$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return from < to ? { from, to } : 'unsatisfiable';
}
