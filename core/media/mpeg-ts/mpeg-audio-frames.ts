// MPEG audio frames in a transport stream: MP3, and the layers that browsers don't play (ISO/IEC 11172-3 §2.4.1.3).

import type { Bytes } from '../../bytes.ts';
import { mpegAudioTrack, parseMpegAudioHeader } from '../codecs/mpeg-audio.ts';
import type { AudioFrame, FrameFormat } from './frame-format.ts';

/** Frames with an MPEG audio header, which belongs to the frame. */
export const MPEG_AUDIO: FrameFormat = {
  name: 'MPEG audio',

  sizeAt(bytes: Bytes, at: number): number {
    if (bytes[at] !== 0xff) return 0;
    if (at + 1 < bytes.length && (bytes[at + 1]! & 0xe0) !== 0xe0) return 0;
    if (at + 4 > bytes.length) return -1;
    return parseMpegAudioHeader(bytes, at)?.frameSize ?? 0;
  },

  read(bytes: Bytes, at: number, size: number): AudioFrame | undefined {
    const header = parseMpegAudioHeader(bytes, at);
    if (!header) return undefined;
    const { layer, version, sampleRate, channels, samples } = header;
    return {
      size,
      units: [{ data: bytes.slice(at, at + size), samples }],
      sampleRate,
      configuration: `${version} ${layer} ${sampleRate} ${channels}`,
      track: () => mpegAudioTrack(0, header),
      unsupported: layer === 3 ? undefined : `MPEG audio layer ${layer}`,
    };
  },
};
