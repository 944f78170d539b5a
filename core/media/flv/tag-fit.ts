// Whether what looks like a tag is one: told by what stands behind it.

import type { Bytes } from '../../bytes.ts';
import { isFileHeader, isTagHeader, TAG_HEADER_SIZE, TAG_PROBE_SIZE, TAG_SIZE_FIELD, tagSize, u32 } from './flv-tag.ts';

/** After garbage, larger tags are not believed: their end would be awaited for too long. */
const LIMIT = 0x20_0000;

/**
 * Whether a tag starts at `at` and its PreviousTagSize is right, or another header stands behind it. `anyType`: a tag of a type that the specification does
 * not name counts too, if its PreviousTagSize is right. undefined when not enough bytes are there to tell.
 */
export function tagFits(bytes: Bytes, at: number, anyType: boolean): boolean | undefined {
  const known = isTagHeader(bytes, at);
  if (!known && !(anyType && isForeignHeader(bytes, at))) return false;
  const size = tagSize(bytes, at);
  if (size > LIMIT) return false;
  const end = at + TAG_HEADER_SIZE + size;
  if (bytes.length < end + TAG_SIZE_FIELD) return undefined;
  if (u32(bytes, end) === TAG_HEADER_SIZE + size) return true;
  if (!known) return false;
  const next = end + TAG_SIZE_FIELD;
  if (bytes.length < next + TAG_PROBE_SIZE) return undefined;
  return isTagHeader(bytes, next) || isFileHeader(bytes, next);
}

function isForeignHeader(bytes: Bytes, at: number): boolean {
  return bytes[at] !== 0 && bytes[at + 8] === 0 && bytes[at + 9] === 0 && bytes[at + 10] === 0;
}
