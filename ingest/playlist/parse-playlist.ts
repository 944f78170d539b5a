// An M3U8 text (RFC 8216) -> a media playlist or the variants of a master playlist, with all URLs resolved.

import { type ParsedKey, type ParsedManifest, type ParsedSegment, Parser } from 'm3u8-parser';
import type { Bytes } from '../../core/bytes.ts';
import type { Millis } from '../../core/time.ts';
import { publicUrl, SourceFault } from '../sources/source.ts';

/** How a segment is encrypted (RFC 8216 §4.3.2.4). */
export interface SegmentKey {
  readonly url: string;
  /** 16 bytes; the media sequence number where the playlist gives none (§5.2). */
  readonly iv: Bytes;
}

export interface Segment {
  /** Media sequence number. */
  readonly sequence: number;
  readonly url: string;
  readonly durationMs: Millis;
  /** Encoding or timestamps change before it (§4.3.2.3). */
  readonly discontinuity: boolean;
  /** It is missing and must not be loaded (RFC 8216bis §4.4.4.7). */
  readonly gap: boolean;
  readonly range: { readonly offset: number; readonly length: number } | undefined;
  readonly key: SegmentKey | undefined;
}

export interface MediaPlaylist {
  readonly type: 'media';
  readonly url: string;
  readonly targetMs: Millis;
  readonly ended: boolean;
  readonly segments: readonly Segment[];
}

export interface Variant {
  readonly url: string;
  /** Peak bits per second; 0 where the playlist doesn't tell. */
  readonly bandwidth: number;
  readonly audioOnly: boolean;
}

export interface MasterPlaylist {
  readonly type: 'master';
  readonly url: string;
  readonly variants: readonly Variant[];
}

/** What a playlist without a target duration is reloaded by. */
const DEFAULT_TARGET_MS: Millis = 2_000;

/** `url`: where the text came from, after redirects. Throws `SourceFault`: no playlist at all, or one of a kind that can't be carried (then permanent). */
export function parsePlaylist(text: string, url: string): MediaPlaylist | MasterPlaylist {
  const name = publicUrl(url);
  const body = text.replace(/^\uFEFF/, '').trimStart();
  if (!body.startsWith('#EXTM3U')) {
    const what = body === '' ? 'is empty' : body.startsWith('<') ? 'is a web page' : 'does not begin with #EXTM3U';
    throw new SourceFault(`${name} should be a playlist but ${what}`);
  }
  const manifest = parse(body, name);
  if (manifest.playlists) {
    const variants = manifest.playlists.flatMap(({ uri, attributes }): Variant[] => {
      if (!uri) return [];
      const codecs = attributes?.CODECS;
      const audioOnly = codecs !== undefined && !/avc|hvc|hev|av01|vp0?9|mp4v|dvh/i.test(codecs);
      return [{ url: resolve(uri, url), bandwidth: attributes?.BANDWIDTH ?? 0, audioOnly }];
    });
    return { type: 'master', url, variants };
  }
  if (manifest.contentProtection)
    fail(name, `it is protected by ${Object.keys(manifest.contentProtection).join(', ')}`);
  const first = manifest.mediaSequence ?? 0;
  const targetMs = (manifest.targetDuration ?? 0) * 1_000 || DEFAULT_TARGET_MS;
  const segments = manifest.segments.map((segment, index) => toSegment(segment, first + index, url, targetMs));
  return { type: 'media', url, targetMs, ended: manifest.endList === true, segments };
}

function parse(text: string, name: string): ParsedManifest {
  const parser = new Parser();
  parser.addParser({ expression: /^#EXT-X-GAP\s*$/, customType: 'gap', segment: true });
  try {
    parser.push(text);
    parser.end();
  } catch (error) {
    throw new SourceFault(`${name} is a malformed playlist: ${error instanceof Error ? error.message : error}`);
  }
  return parser.manifest;
}

function toSegment(segment: ParsedSegment, sequence: number, url: string, targetMs: Millis): Segment {
  const name = publicUrl(url);
  if (segment.map) fail(name, 'its segments are fragmented MP4 (EXT-X-MAP)');
  const { byterange } = segment;
  return {
    sequence,
    url: resolve(segment.uri ?? '', url),
    durationMs: segment.duration === undefined ? targetMs : segment.duration * 1_000,
    discontinuity: segment.discontinuity === true,
    gap: segment.custom?.gap !== undefined,
    range: byterange?.length ? { offset: byterange.offset ?? 0, length: byterange.length } : undefined,
    key: segment.key ? toKey(segment.key, sequence, url) : undefined,
  };
}

function toKey(key: ParsedKey, sequence: number, url: string): SegmentKey {
  if (key.method !== 'AES-128') fail(publicUrl(url), `it is encrypted with ${key.method}; AES-128 is accepted`);
  const iv = new Uint8Array(16);
  const view = new DataView(iv.buffer);
  if (key.iv) for (let word = 0; word < 4; word++) view.setUint32(word * 4, key.iv[word] ?? 0);
  else view.setBigUint64(8, BigInt(sequence));
  return { url: resolve(key.uri, url), iv };
}

function resolve(uri: string, base: string): string {
  if (!URL.canParse(uri, base)) throw new SourceFault(`${publicUrl(base)} names "${uri}", which is no URL`);
  const { href, protocol } = new URL(uri, base);
  if (protocol === 'http:' || protocol === 'https:') return href;
  // A playlist from the network must not name files of this machine.
  throw new SourceFault(`${publicUrl(base)} names "${uri}": only http and https are followed`, { permanent: true });
}

function fail(name: string, why: string): never {
  throw new SourceFault(
    `${name} can't be published: ${why}; playlists of plain or AES-128 MPEG-TS segments are accepted`,
    {
      permanent: true,
    },
  );
}
