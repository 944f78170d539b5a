// Initialisation segments: ftyp and moov of a fragmented file (ISO/IEC 14496-12 §4.3, §8).

import { type Bytes, concat, utf8 } from '../../bytes.ts';
import { TICKS_PER_SECOND } from '../../time.ts';
import type { MediaTrack } from '../track.ts';
import { box, fullBox, u8, u16, u32, zeros } from './box.ts';
import { sampleEntry } from './sample-entry.ts';

/** A track and the number it has in the MP4. */
export interface NumberedTrack {
  /** At least 1. */
  readonly trackId: number;
  readonly track: MediaTrack;
}

/** Units of a track's times in a second: 90,000 for video, the sample rate for audio. */
export function timescaleOf(track: MediaTrack): number {
  return track.kind === 'video' ? TICKS_PER_SECOND : track.sampleRate;
}

/** The MIME type for `MediaSource.isTypeSupported` and `addSourceBuffer`. */
export function mimeOf(track: MediaTrack): string {
  return `${track.kind}/mp4; codecs="${track.codecString}"`;
}

const UNITY_MATRIX = u32(0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000);
// sample_depends_on: 2 = on no other (audio), 1 = on others, with sample_is_non_sync_sample (video, where runs tell of key frames).
const AUDIO_SAMPLE_FLAGS = 0x0200_0000;
const VIDEO_SAMPLE_FLAGS = 0x0101_0000;

/** One init segment for these tracks: one each for a page's source buffers, all together for a file. */
export function initSegment(tracks: readonly NumberedTrack[]): Bytes {
  const nextTrackId = Math.max(...tracks.map(({ trackId }) => trackId)) + 1;
  return concat([
    box('ftyp', utf8('iso5'), u32(512), utf8('iso5iso6mp41')),
    box(
      'moov',
      fullBox(
        'mvhd',
        0,
        0,
        u32(0, 0, TICKS_PER_SECOND, 0, 0x1_0000),
        u16(0x100),
        zeros(10),
        UNITY_MATRIX,
        zeros(24),
        u32(nextTrackId),
      ),
      ...tracks.map(trak),
      box('mvex', ...tracks.map(trex)),
    ),
  ]);
}

function trex({ trackId, track }: NumberedTrack): Bytes {
  return fullBox('trex', 0, 0, u32(trackId, 1, 0, 0, track.kind === 'video' ? VIDEO_SAMPLE_FLAGS : AUDIO_SAMPLE_FLAGS));
}

function trak({ trackId, track }: NumberedTrack): Bytes {
  const video = track.kind === 'video';
  const size = video ? u32(track.width * 0x1_0000, track.height * 0x1_0000) : u32(0, 0);
  const volume = video ? 0 : 0x100;
  const handler = video ? 'videVideo\0' : 'sounAudio\0';
  const empty = zeros(4);
  return box(
    'trak',
    fullBox('tkhd', 0, 3, u32(0, 0, trackId, 0, 0), zeros(8), u16(0, 0, volume, 0), UNITY_MATRIX, size),
    box(
      'mdia',
      fullBox('mdhd', 0, 0, u32(0, 0, timescaleOf(track), 0), u16(0x55c4, 0)), // language: und
      fullBox('hdlr', 0, 0, zeros(4), utf8(handler.slice(0, 4)), zeros(12), utf8(handler.slice(4))),
      box(
        'minf',
        video ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4)),
        box('dinf', fullBox('dref', 0, 0, u8(0, 0, 0, 1), fullBox('url ', 0, 1))),
        box(
          'stbl',
          fullBox('stsd', 0, 0, u32(1), sampleEntry(track)),
          fullBox('stts', 0, 0, empty),
          fullBox('stsc', 0, 0, empty),
          fullBox('stsz', 0, 0, empty, empty),
          fullBox('stco', 0, 0, empty),
        ),
      ),
    ),
  );
}
