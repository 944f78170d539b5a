// What a demuxer tells of the elementary streams it finds, and the access units they are made of.

import type { Bytes } from '../bytes.ts';
import type { Ticks } from '../time.ts';

/** Codecs that can be carried into fragmented MP4. */
export type VideoCodec = 'avc' | 'hevc' | 'av1' | 'vp9';
/** Codecs that can be carried into fragmented MP4. */
export type AudioCodec = 'aac' | 'mp3' | 'opus' | 'ac3' | 'eac3' | 'flac';

/** A video stream's decoder configuration. */
export interface VideoTrack {
  readonly kind: 'video';
  /** Stays the same when the configuration changes. */
  readonly id: number;
  readonly codec: VideoCodec;
  /** RFC 6381, e.g. `avc1.64001f`. */
  readonly codecString: string;
  /** The payload of the configuration box: avcC, hvcC, av1C, vpcC (without box header). */
  readonly description: Bytes;
  readonly width: number;
  readonly height: number;
}

/** An audio stream's decoder configuration. */
export interface AudioTrack {
  readonly kind: 'audio';
  readonly id: number;
  readonly codec: AudioCodec;
  /** RFC 6381, e.g. `mp4a.40.2`. */
  readonly codecString: string;
  /** AAC: AudioSpecificConfig. Opus, AC-3, E-AC-3, FLAC: payload of dOps, dac3, dec3, dfLa. MP3: empty. */
  readonly description: Bytes;
  readonly sampleRate: number;
  readonly channels: number;
}

export type MediaTrack = VideoTrack | AudioTrack;

/** One decodable picture or audio frame. Video of AVC and HEVC is length-prefixed (4 bytes), without AUDs and without in-band parameter sets. */
export interface AccessUnit {
  /** The id of its track. */
  readonly track: number;
  /** Source time, as it is in the container, unwrapped. */
  readonly dts: Ticks;
  /** At or after `dts`. */
  readonly pts: Ticks;
  /** A decoder can start here. Always true for audio. */
  readonly key: boolean;
  readonly data: Bytes;
  /** Audio: samples in this frame, at the track's rate. Video: 0. */
  readonly samples: number;
}

/** What a demuxer has to say, in stream order. */
export type DemuxEvent =
  /** A stream was found, or its configuration changed: the units that follow need it. */
  | { readonly type: 'track'; readonly track: MediaTrack }
  | { readonly type: 'unit'; readonly unit: AccessUnit }
  /** A stream that can't be carried; told once per stream. `codec` is its common name, e.g. `Sorenson H.263`. */
  | { readonly type: 'unsupported-codec'; readonly kind: 'video' | 'audio'; readonly codec: string }
  /** A stream that can't be carried yet: what reads further codecs has not been loaded; told once per stream. */
  | { readonly type: 'unknown-codec'; readonly kind: 'video' | 'audio'; readonly codec: string }
  /** Script data and timed metadata: `name` is onMetaData, onCuePoint, ID3…; `value` is plain JSON-like data (ID3: its bytes). */
  | { readonly type: 'metadata'; readonly name: string; readonly value: unknown; readonly pts: Ticks }
  /** Bytes that could not be used were passed over. */
  | { readonly type: 'damage'; readonly reason: string; readonly bytes: number };

/** Bytes in any split -> access units. A demuxer holds no clock and does no I/O. */
export interface Demuxer {
  /** The next bytes. The view must stay valid and unchanged: units may point into it. Throws `NotThisMedia` when the first bytes can't be this container. */
  push(bytes: Bytes): DemuxEvent[];
  /** Bytes are missing here; the next push starts at a tag or packet. Video is dropped up to the next key unit. */
  gap(): DemuxEvent[];
  /** The stream ends: gives back what is complete. */
  flush(): DemuxEvent[];
  /** Forgets everything but its options; timestamps are unwrapped near `reference` from here on. */
  reset(reference?: Ticks): void;
}
