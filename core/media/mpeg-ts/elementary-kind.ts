// What an elementary stream carries, from its stream type and descriptors (ISO/IEC 13818-1 table 2-34, ETSI EN 300 468, ATSC A/53).

import type { Bytes } from '../../bytes.ts';
import type { Descriptor, ElementaryInfo } from './psi.ts';

/** How a stream's PES packets are read. */
export type VideoFormat = 'avc' | 'hevc';
/** How a stream's PES packets are read. */
export type AudioFormat = 'adts' | 'latm' | 'mpeg-audio' | 'ac3' | 'opus';

/** What a stream is to a player. */
export type ElementaryKind =
  | { readonly type: 'video'; readonly format: VideoFormat }
  | { readonly type: 'audio'; readonly format: AudioFormat }
  | { readonly type: 'id3' }
  /** A stream of pictures or sound that can't be carried; `codec` is its common name. */
  | { readonly type: 'unsupported'; readonly kind: 'video' | 'audio'; readonly codec: string }
  /** Subtitles, splice information, private data. */
  | { readonly type: 'other' };

const OTHER: ElementaryKind = { type: 'other' };

function video(format: VideoFormat): ElementaryKind {
  return { type: 'video', format };
}

function audio(format: AudioFormat): ElementaryKind {
  return { type: 'audio', format };
}

function unsupported(kind: 'video' | 'audio', codec: string): ElementaryKind {
  return { type: 'unsupported', kind, codec };
}

const BY_STREAM_TYPE: ReadonlyMap<number, ElementaryKind> = new Map([
  [0x01, unsupported('video', 'MPEG-1 video')],
  [0x02, unsupported('video', 'MPEG-2 video')],
  [0x03, audio('mpeg-audio')],
  [0x04, audio('mpeg-audio')],
  [0x0f, audio('adts')],
  [0x10, unsupported('video', 'MPEG-4 part 2')],
  [0x11, audio('latm')],
  [0x15, { type: 'id3' }],
  [0x1b, video('avc')],
  [0x1c, unsupported('audio', 'AAC without ADTS')],
  [0x21, unsupported('video', 'JPEG 2000')],
  [0x24, video('hevc')],
  [0x32, unsupported('video', 'JPEG XS')],
  [0x33, unsupported('video', 'VVC')],
  [0x42, unsupported('video', 'AVS')],
  [0x81, audio('ac3')],
  [0x87, audio('ac3')],
  [0xc1, unsupported('audio', 'encrypted AC-3')],
  [0xc2, unsupported('audio', 'encrypted E-AC-3')],
  [0xcf, unsupported('audio', 'encrypted AAC')],
  [0xd1, unsupported('video', 'Dirac')],
  [0xd2, unsupported('video', 'AVS2')],
  [0xd4, unsupported('video', 'AVS3')],
  [0xdb, unsupported('video', 'encrypted H.264')],
  [0xea, unsupported('video', 'VC-1')],
]);

// Stream types that Blu-ray discs use in their own way, told by the registration HDMV or by nothing else being known of them.
const BY_BLU_RAY_TYPE: ReadonlyMap<number, ElementaryKind> = new Map([
  [0x80, unsupported('audio', 'Blu-ray LPCM')],
  [0x82, unsupported('audio', 'DTS')],
  [0x83, unsupported('audio', 'Dolby TrueHD')],
  [0x84, audio('ac3')],
  [0x85, unsupported('audio', 'DTS-HD')],
  [0x86, unsupported('audio', 'DTS-HD')],
  [0x8a, unsupported('audio', 'DTS')],
]);

const BY_REGISTRATION: ReadonlyMap<string, ElementaryKind> = new Map([
  ['AC-3', audio('ac3')],
  ['EAC3', audio('ac3')],
  ['Opus', audio('opus')],
  ['HEVC', video('hevc')],
  ['AV01', unsupported('video', 'AV1')],
  ['VC-1', unsupported('video', 'VC-1')],
  ['VANC', OTHER],
  ['drac', unsupported('video', 'Dirac')],
  ['BSSD', unsupported('audio', 'SMPTE 302M')],
  ['DTS1', unsupported('audio', 'DTS')],
  ['DTS2', unsupported('audio', 'DTS')],
  ['DTS3', unsupported('audio', 'DTS')],
  ['AC-4', unsupported('audio', 'AC-4')],
]);

// DVB's descriptors (EN 300 468 §6.2, annexes D and G).
const BY_DESCRIPTOR: ReadonlyMap<number, ElementaryKind> = new Map([
  [0x6a, audio('ac3')],
  [0x7a, audio('ac3')],
  [0x7b, unsupported('audio', 'DTS')],
  [0x7c, unsupported('audio', 'AAC without ADTS')],
]);

const REGISTRATION = 0x05;
const EXTENSION = 0x7f;
const OPUS_CONFIGURATION = 0x80;

function registration(descriptors: readonly Descriptor[]): string | undefined {
  const data = descriptors.find(({ tag, data }) => tag === REGISTRATION && data.length >= 4)?.data;
  return data && String.fromCharCode(...data.subarray(0, 4));
}

/** Tells what a stream of a programme map carries. */
export function elementaryKind({ streamType, descriptors }: ElementaryInfo): ElementaryKind {
  const known = BY_STREAM_TYPE.get(streamType);
  if (known) return known;
  const format = registration(descriptors);
  const registered = format === undefined ? undefined : BY_REGISTRATION.get(format);
  if (registered) return registered;
  if (streamType === 0x06) {
    for (const { tag } of descriptors) {
      const kind = BY_DESCRIPTOR.get(tag);
      if (kind) return kind;
    }
    return OTHER;
  }
  const discs = format === undefined || format === 'HDMV';
  // 0x82 and 0x86 are also subtitles and splice information (SCTE 27, SCTE 35), told by no or another registration.
  if (format === undefined && (streamType === 0x82 || streamType === 0x86)) return OTHER;
  return (discs && BY_BLU_RAY_TYPE.get(streamType)) || OTHER;
}

/** The channel configuration code of an Opus stream (Opus in TS §3.3), 2 where it is not told. */
export function opusChannelCode(descriptors: readonly Descriptor[]): number {
  const isOpus = ({ tag, data }: { tag: number; data: Bytes }) => tag === EXTENSION && data[0] === OPUS_CONFIGURATION;
  return descriptors.find(isOpus)?.data[1] ?? 2;
}
