// What nearly every transport stream carries: H.264 with AAC.

import { ADTS } from './adts.ts';
import { AVC } from './annex-b-avc.ts';
import type { TsCodecs } from './ts-codec.ts';

/** What a viewer loads with what reads MPEG-TS. */
export const BASIC_TS_CODECS: TsCodecs = { video: { avc: AVC }, audio: { adts: () => ADTS } };
