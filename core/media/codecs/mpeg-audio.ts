// MPEG audio frames: MP3 and its kin (ISO/IEC 11172-3 §2.4.1.3, 13818-3 §2.4.1.3, and the unofficial MPEG 2.5).

import { type Bytes, NO_BYTES } from '../../bytes.ts';
import type { AudioTrack } from '../track.ts';

/** What a frame's 4-byte header says. */
export interface MpegAudioHeader {
  /** 1, 2 or 2.5. */
  readonly version: number;
  /** 1, 2 or 3 (MP3). Browsers play layer 3 only. */
  readonly layer: number;
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples in this frame. */
  readonly samples: number;
  /** Bytes from this header to the next. */
  readonly frameSize: number;
}

const SAMPLE_RATES = [44_100, 48_000, 32_000];
// kbit/s by bitrate index: MPEG-1 layers 1 to 3, then MPEG-2 layer 1 and layers 2 and 3.
const BITRATES_V1: readonly (readonly number[])[] = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
];
const BITRATES_V2_L1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const BITRATES_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Reads the frame header at `offset`; undefined when there is none (free-format frames are not supported). */
export function parseMpegAudioHeader(bytes: Bytes, offset: number): MpegAudioHeader | undefined {
  if (offset + 4 > bytes.length || bytes[offset] !== 0xff) return undefined;
  const second = bytes[offset + 1]!;
  if ((second & 0xe0) !== 0xe0) return undefined;
  const version = [2.5, 0, 2, 1][(second >> 3) & 3]!;
  const layer = 4 - ((second >> 1) & 3);
  const third = bytes[offset + 2]!;
  const rate = SAMPLE_RATES[(third >> 2) & 3];
  if (version === 0 || layer === 4 || rate === undefined) return undefined;
  const table = version === 1 ? BITRATES_V1[layer - 1]! : layer === 1 ? BITRATES_V2_L1 : BITRATES_V2;
  const bitrate = table[third >> 4];
  if (!bitrate) return undefined;
  const sampleRate = rate / (version === 1 ? 1 : version === 2 ? 2 : 4);
  const samples = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152;
  const padding = (third >> 1) & 1;
  const slot = layer === 1 ? 4 : 1;
  const frameSize = (Math.floor(((samples / 8 / slot) * bitrate * 1000) / sampleRate) + padding) * slot;
  const channels = bytes[offset + 3]! >> 6 === 3 ? 1 : 2;
  return { version, layer, sampleRate, channels, samples, frameSize };
}

/** The track whose frames have such headers. */
export function mpegAudioTrack(id: number, header: MpegAudioHeader): AudioTrack {
  // Object type indications of 14496-1 table 5: MPEG-1 audio, and MPEG-2 audio for its lower rates.
  const codecString = header.version === 1 ? 'mp4a.6B' : 'mp4a.69';
  const { sampleRate, channels } = header;
  return { kind: 'audio', id, codec: 'mp3', codecString, description: NO_BYTES, sampleRate, channels };
}
