// How one coding is read from FLV: what the streams of pictures and of sound leave to it.

import type { Bytes } from '../../bytes.ts';
import type { AudioTrack, VideoCodec, VideoTrack } from '../track.ts';
import type { MediaPacket } from './ex-header.ts';

/** A frame of pictures as a decoder takes it. */
export interface Picture {
  /** Empty where there is nothing to decode. */
  readonly data: Bytes;
  /** The frame itself tells of another configuration, which holds from here on. */
  readonly track?: VideoTrack | undefined;
  /** Decoding can start here, but not with all of the pictures that follow. */
  readonly isOpen?: boolean;
  /** It leans on pictures before the one that is open. */
  readonly leans?: boolean;
}

/** One coding of pictures. */
export interface FlvVideoCodec {
  readonly name: VideoCodec;
  /** Of a sequence header; undefined when that is malformed. Without a width, the first key frame tells it. */
  track(id: number, config: Bytes): VideoTrack | undefined;
  /** Of a frame that follows this track and sequence header; undefined where a NAL unit runs past its end. */
  picture(packet: MediaPacket, track: VideoTrack, config: Bytes): Picture | undefined;
}

/** One frame of the sound in a tag. */
export interface SoundFrame {
  /** Offset of what follows it. */
  readonly end: number;
  readonly samples: number;
  /** Where the frame tells of its track. */
  readonly track?: ((id: number) => AudioTrack | undefined) | undefined;
  /** What no browser plays, by its common name. */
  readonly unsupported?: string | undefined;
}

/** One coding of sound. */
export interface FlvAudioCodec {
  readonly name: string;
  /** Of a sequence header; undefined when that is malformed. Left out where there is none. */
  readonly track?: (id: number, config: Bytes) => AudioTrack | undefined;
  /** The frame at an offset; undefined when it is malformed. `config`: its sequence header, empty where a frame has told of the track. */
  frameAt(data: Bytes, at: number, config: Bytes | undefined): SoundFrame | undefined;
}

/** By FourCC, what is read. */
export interface FlvCodecs {
  readonly video: Readonly<Record<string, FlvVideoCodec>>;
  readonly audio: Readonly<Record<string, FlvAudioCodec>>;
  /** There are no others that could be read. */
  readonly isWhole: boolean;
}
