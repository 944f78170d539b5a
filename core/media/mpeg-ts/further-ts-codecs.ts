// What few transport streams carry: loaded when one of them does.

import { AC3 } from './ac3-frames.ts';
import { HEVC } from './annex-b-hevc.ts';
import { opusChannelCode } from './elementary-kind.ts';
import { latmFormat } from './latm.ts';
import { MPEG_AUDIO } from './mpeg-audio-frames.ts';
import { opusFormat } from './opus-frames.ts';
import type { TsCodecs } from './ts-codec.ts';

/** Those beside the basic ones. */
export const FURTHER_CODECS: TsCodecs = {
  video: { hevc: HEVC },
  audio: {
    latm: latmFormat,
    'mpeg-audio': () => MPEG_AUDIO,
    ac3: () => AC3,
    opus: ({ descriptors }) => opusFormat(opusChannelCode(descriptors)),
  },
};
