// An HLS media playlist (RFC 8216 §4.3).

import type { Segment } from './segment.ts';

/** A segment with its place in the stream. */
export interface NumberedSegment extends Segment {
  readonly number: number;
  /** Names its init segment. */
  readonly initNumber: number;
}

export interface PlaylistOptions {
  /** At least one, in order. */
  readonly segments: readonly NumberedSegment[];
  /** How many discontinuities lie before the first of them. */
  readonly discontinuities: number;
  /** Seconds that no segment exceeds, rounded. */
  readonly targetDuration: number;
  readonly ended: boolean;
  /** Stands behind each address: `?token=…`, or nothing. */
  readonly query: string;
}

/** What a playlist's addresses are, beside it. */
export const segmentName = (number: number): string => `${number}.m4s`;
export const initName = (number: number): string => `init-${number}.mp4`;

/** The whole text. */
export function playlistOf({ segments, discontinuities, targetDuration, ended, query }: PlaylistOptions): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetDuration}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuities}`,
  ];
  let init: number | undefined;
  for (const segment of segments) {
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.initNumber !== init) lines.push(`#EXT-X-MAP:URI="${initName(segment.initNumber)}${query}"`);
    init = segment.initNumber;
    lines.push(
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.capturedAt).toISOString()}`,
      `#EXTINF:${segment.duration.toFixed(5)},`,
      `${segmentName(segment.number)}${query}`,
    );
  }
  if (ended) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}
