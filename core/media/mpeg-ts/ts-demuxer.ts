// MPEG transport stream -> access units, of every codec that can be carried: for programs that have all of them at hand.

import { BASIC_TS_CODECS } from './basic-ts-codecs.ts';
import { BasicTsDemuxer } from './basic-ts-demuxer.ts';
import { FURTHER_CODECS } from './further-ts-codecs.ts';

const { video, audio } = FURTHER_CODECS;

/** Knows all codecs. */
export class TsDemuxer extends BasicTsDemuxer {
  constructor() {
    super({ video: { ...BASIC_TS_CODECS.video, ...video }, audio: { ...BASIC_TS_CODECS.audio, ...audio } });
  }
}
