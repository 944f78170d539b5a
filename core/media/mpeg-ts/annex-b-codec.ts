// What reading AVC and HEVC from a transport stream have in common: how NAL units are told apart.

import type { Bytes } from '../../bytes.ts';
import type { VideoTrack } from '../track.ts';

/** What a NAL unit is to a demuxer. */
export type NalRole =
  /** Part of a picture. */
  | 'slice'
  /** Part of a picture at which decoding can start. */
  | 'key'
  /** Part of a picture that needs pictures before the random access point it follows (RASL). */
  | 'skipped'
  /** Kept, belongs to the picture that follows. */
  | 'prefix'
  | 'parameters'
  /** Access unit delimiter. */
  | 'delimiter'
  /** Kept, belongs to the picture before. */
  | 'suffix'
  /** Filler, and ends of sequence: left out. */
  | 'dropped';

/** One video coding, as Annex B byte streams carry it. */
export interface AnnexBCodec {
  /** What the NAL unit that begins with this byte is. */
  roleOf(firstByte: number): NalRole;
  /** Whether this slice is its picture's first (within the view, as far as known). */
  startsPicture(nal: Bytes): boolean;
  /** Whether this SEI unit says that decoding can start here without an IDR picture. */
  isRecoveryPoint(nal: Bytes): boolean;
  /** Kind and id of a parameter set; undefined when malformed. `order` sorts VPS, SPS, PPS. */
  parameterSet(nal: Bytes): { readonly order: number; readonly id: number } | undefined;
  track(id: number, sets: readonly (readonly Bytes[])[]): VideoTrack | undefined;
  /** Whether these sets allow pictures that are fields: two of them share a timestamp. */
  hasFields(sets: readonly (readonly Bytes[])[]): boolean;
}
