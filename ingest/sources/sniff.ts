// Tells what a source is by its first bytes; names and headers are not trusted.

import type { Bytes } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';

/** What the first bytes are, or `undefined` while there are too few to tell. `page`: HTML, XML, JSON or other text. */
export type Sniffed = Container | 'playlist' | 'mp4' | 'page' | 'unknown';

/** With this many bytes the answer is certain. */
export const SNIFF_BYTES = 1_024;

/** Looks at the first bytes; `complete` says that no more will come. */
export function sniff(bytes: Bytes, complete: boolean): Sniffed | undefined {
  if (bytes.length < 16 && !complete) return undefined;
  if (starts(bytes, 'FLV')) return 'flv';
  const text = new TextDecoder()
    .decode(bytes.subarray(0, 256))
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('#EXTM3U')) return 'playlist';
  if (/^(<|\{|\[|HTTP\/)/.test(text)) return 'page';
  if (starts(bytes.subarray(4), 'ftyp') || starts(bytes.subarray(4), 'moof') || starts(bytes.subarray(4), 'styp'))
    return 'mp4';
  if (hasPackets(bytes)) return 'ts';
  if (bytes.length < SNIFF_BYTES && !complete) return undefined;
  return 'unknown';
}

/** One sentence on why this can't be published. */
export function sniffFault(sniffed: Sniffed, bytes: Bytes): string {
  const accepted = 'FLV, MPEG-TS and M3U8 playlists of MPEG-TS are accepted, and what ffmpeg reads as ffmpeg:<source>';
  if (bytes.length === 0) return `it is empty; ${accepted}`;
  if (sniffed === 'page') return `it is a web page or other text (${quote(bytes)}), not media; ${accepted}`;
  if (sniffed === 'mp4') return `it is MP4, which is not carried yet; ${accepted}`;
  if (sniffed === 'playlist') return `it is an M3U8 playlist, which needs a URL: give its http(s) address`;
  return `it is neither FLV nor MPEG-TS (it starts with ${quote(bytes)}); ${accepted}`;
}

function starts(bytes: Bytes, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

// Three sync bytes one packet apart, anywhere in the first packet (ISO/IEC 13818-1 §2.4.3.2; 192 and 204 bytes with a time stamp or parity).
function hasPackets(bytes: Bytes): boolean {
  for (const size of [188, 192, 204]) {
    for (let at = 0; at < size && at + 2 * size < bytes.length; at++) {
      if (bytes[at] === 0x47 && bytes[at + size] === 0x47 && bytes[at + 2 * size] === 0x47) return true;
    }
  }
  // Too short for three: a first packet and the start of the second will do.
  return bytes[0] === 0x47 && bytes.length <= 2 * 188 && (bytes.length <= 188 || bytes[188] === 0x47);
}

function quote(bytes: Bytes): string {
  let text = '';
  for (const byte of bytes.subarray(0, 16)) text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·';
  return JSON.stringify(text);
}
