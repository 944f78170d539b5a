// Test vectors written as hexadecimal text.

import type { Bytes } from '../../core/bytes.ts';

/** The bytes of hexadecimal digits; white space is left out. */
export function fromHex(text: string): Bytes {
  const digits = text.replaceAll(/\s/g, '');
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
