// ADTS: AAC with a header a frame (ISO/IEC 13818-7 §6.2, 14496-3 annex 1.A.2.2).

import type { Bytes } from '../../bytes.ts';
import { AAC_SAMPLE_RATES, aacTrack, audioSpecificConfig } from '../codecs/aac.ts';
import type { AudioFrame, FrameFormat } from './frame-format.ts';

const HEADER = 7;
const CRC = 2;
const SAMPLES = 1_024;

/** Frames with an ADTS header; what comes out is without it. */
export const ADTS: FrameFormat = {
  name: 'ADTS',

  sizeAt(bytes: Bytes, at: number): number {
    if (bytes[at] !== 0xff) return 0;
    if (at + 1 >= bytes.length) return -1;
    if ((bytes[at + 1]! & 0xf6) !== 0xf0) return 0; // the sync word's end, and layer 0
    if (at + HEADER > bytes.length) return -1;
    if (AAC_SAMPLE_RATES[(bytes[at + 2]! >> 2) & 15] === undefined) return 0;
    const size = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
    return size > headerSize(bytes, at) ? size : 0;
  },

  read(bytes: Bytes, at: number, size: number): AudioFrame | undefined {
    if ((bytes[at + 6]! & 3) !== 0) return undefined; // several raw data blocks: nothing tells where each ends
    const objectType = (bytes[at + 2]! >> 6) + 1;
    const sampleRate = AAC_SAMPLE_RATES[(bytes[at + 2]! >> 2) & 15]!; // sizeAt has seen that it is known
    const channels = ((bytes[at + 2]! & 1) << 2) | (bytes[at + 3]! >> 6);
    const data = bytes.slice(at + headerSize(bytes, at), at + size);
    // Channel configuration 0 leaves it to a program_config_element in the frame: stereo is by far the likeliest.
    const config = audioSpecificConfig({ objectType, sampleRate, channels: channels || 2 });
    return {
      size,
      units: [{ data, samples: SAMPLES }],
      sampleRate,
      configuration: config.join(),
      track: () => aacTrack(0, config),
    };
  },
};

function headerSize(bytes: Bytes, at: number): number {
  return (bytes[at + 1]! & 1) !== 0 ? HEADER : HEADER + CRC;
}
