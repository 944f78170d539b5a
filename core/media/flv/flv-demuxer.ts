// FLV in any split -> tracks and access units, of every codec that can be carried: for programs that have all of them at hand.

import { BASIC_FLV_CODECS } from './basic-flv-codecs.ts';
import { BasicFlvDemuxer } from './basic-flv-demuxer.ts';
import { FURTHER_CODECS } from './further-flv-codecs.ts';

const { video, audio } = FURTHER_CODECS;

/** Knows all codecs. */
export class FlvDemuxer extends BasicFlvDemuxer {
  constructor() {
    const basic = BASIC_FLV_CODECS;
    super({ video: { ...basic.video, ...video }, audio: { ...basic.audio, ...audio }, isWhole: true });
  }
}
