// Encoded frames -> FLV: H.264 and AAC in the legacy tags that every player knows (Adobe FLV 10.1, annex E.4), the rest as enhanced FLV (Veovera E-RTMP v2).

import { type Bytes, concat, equalBytes, NO_BYTES, utf8 } from '../../bytes.ts';
import type { Millis } from '../../time.ts';
import { writeFileHeader, writeTag } from './flv-tag.ts';

/** What can be written. */
export type FlvVideoCodec = 'avc1' | 'vp09' | 'av01';
/** What can be written. */
export type FlvAudioCodec = 'mp4a' | 'Opus';

/** A decoder configuration: avcC, vpcC or av1C; AudioSpecificConfig or OpusHead. */
export interface FlvConfig<Codec> {
  readonly codec: Codec;
  readonly description: Bytes;
}

/** Those of a stream's kinds. */
export interface FlvConfigs {
  readonly video?: FlvConfig<FlvVideoCodec>;
  readonly audio?: FlvConfig<FlvAudioCodec>;
}

/** One encoded picture, in decode order, without reordering. */
export interface FlvPicture {
  /** Whole milliseconds of any clock; may pass 2³². */
  readonly time: Millis;
  readonly key: boolean;
  /** AVC: NAL units behind 4-byte lengths. */
  readonly data: Bytes;
}

/** One encoded audio frame. */
export interface FlvSound {
  readonly time: Millis;
  readonly data: Bytes;
}

/** Pieces of the first body byte. */
const KEY = 0x10;
const INTER = 0x20;
const LEGACY_AVC = 7;
const EX_VIDEO = 0x80;
const EX_AUDIO = 0x90;
/** AAC, 44 kHz, 16 bits, stereo: what the specification wants for every AAC. */
const LEGACY_AAC = 0xaf;
const SEQUENCE_START = 0;
const CODED_FRAMES = 1;

/** Writes one recording after another; each begins with `begin`. A configuration is written before the first frame that needs it. */
export class FlvWriter {
  #video: FlvConfig<FlvVideoCodec> | undefined;
  #audio: FlvConfig<FlvAudioCodec> | undefined;

  /** The file header. What was configured before counts no longer. */
  begin(kinds: { readonly audio: boolean; readonly video: boolean }): Bytes {
    this.#video = undefined;
    this.#audio = undefined;
    return writeFileHeader(kinds.audio, kinds.video);
  }

  /** Configurations ahead of their first frames. */
  configure(configs: FlvConfigs, time: Millis): Bytes {
    const { video, audio } = configs;
    const tags: Bytes[] = [];
    if (video && !isSame(video, this.#video)) tags.push(videoConfigTag(video, time));
    if (audio && !isSame(audio, this.#audio)) tags.push(audioConfigTag(audio, time));
    this.#video = video ?? this.#video;
    this.#audio = audio ?? this.#audio;
    return tags.length > 0 ? concat(tags) : NO_BYTES;
  }

  /** A picture's tag, behind that of its configuration where that is new. */
  picture(config: FlvConfig<FlvVideoCodec>, { time, key, data }: FlvPicture): Bytes {
    const tag = writeTag('video', time, videoBody(config.codec, key, CODED_FRAMES, data));
    const configuration = this.configure({ video: config }, time);
    return configuration.length > 0 ? concat([configuration, tag]) : tag;
  }

  /** An audio frame's tag, likewise. */
  sound(config: FlvConfig<FlvAudioCodec>, { time, data }: FlvSound): Bytes {
    const tag = writeTag('audio', time, audioBody(config.codec, CODED_FRAMES, data));
    const configuration = this.configure({ audio: config }, time);
    return configuration.length > 0 ? concat([configuration, tag]) : tag;
  }
}

function isSame<Codec>(config: FlvConfig<Codec>, other: FlvConfig<Codec> | undefined): boolean {
  return config.codec === other?.codec && equalBytes(config.description, other.description);
}

function videoConfigTag({ codec, description }: FlvConfig<FlvVideoCodec>, time: Millis): Bytes {
  return writeTag('video', time, videoBody(codec, true, SEQUENCE_START, description));
}

function audioConfigTag({ codec, description }: FlvConfig<FlvAudioCodec>, time: Millis): Bytes {
  return writeTag('audio', time, audioBody(codec, SEQUENCE_START, description));
}

function videoBody(codec: FlvVideoCodec, key: boolean, type: number, data: Bytes): Bytes {
  const frame = key ? KEY : INTER;
  // The three zeros are the composition time.
  if (codec === 'avc1') return concat([Uint8Array.of(frame | LEGACY_AVC, type, 0, 0, 0), data]);
  return concat([Uint8Array.of(EX_VIDEO | frame | type), utf8(codec), data]);
}

function audioBody(codec: FlvAudioCodec, type: number, data: Bytes): Bytes {
  if (codec === 'mp4a') return concat([Uint8Array.of(LEGACY_AAC, type), data]);
  return concat([Uint8Array.of(EX_AUDIO | type), utf8(codec), data]);
}
