// An HLS media playlist (RFC 8216 §4.3).

import type { Segment } from './segment.ts';

/** What a playlist says of a segment. */
export interface ListedSegment extends Pick<Segment, 'duration' | 'capturedAt' | 'discontinuity'> {
  readonly number: number;
  /** Names its init segment. */
  readonly initNumber: number;
}

/** A segment with its place in the stream. */
export type NumberedSegment = Segment & ListedSegment;

export interface PlaylistOptions {
  /** At least one, in order. */
  readonly segments: readonly ListedSegment[];
  /** How many discontinuities lie before the first of them. */
  readonly discontinuities: number;
  /** Seconds that no segment exceeds, rounded. */
  readonly targetDuration: number;
  readonly ended: boolean;
  /** Nothing was or will ever be in it but these. */
  readonly isWhole?: boolean;
  /** Stands before each address: `folder/`, or nothing. */
  readonly folder?: string;
  /** Stands behind each address: `?token=…`, or nothing. */
  readonly query: string;
}

/** What a playlist's addresses are, beside it. */
export const segmentName = (number: number): string => `${number}.m4s`;
export const initName = (number: number): string => `init-${number}.mp4`;

/** The whole text. */
export function playlistOf(options: PlaylistOptions): string {
  const { segments, discontinuities, targetDuration, ended, isWhole = false, folder = '', query } = options;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    ...(isWhole ? ['#EXT-X-PLAYLIST-TYPE:VOD'] : []),
    `#EXT-X-TARGETDURATION:${targetDuration}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.number ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuities}`,
  ];
  let init: number | undefined;
  for (const segment of segments) {
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (segment.initNumber !== init) lines.push(`#EXT-X-MAP:URI="${folder}${initName(segment.initNumber)}${query}"`);
    init = segment.initNumber;
    lines.push(
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.capturedAt).toISOString()}`,
      `#EXTINF:${segment.duration.toFixed(5)},`,
      `${folder}${segmentName(segment.number)}${query}`,
    );
  }
  if (ended) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}
