// From FLV to what a player appends: what nearly every viewer of such a stream needs at once, and what few need when they do.

import type { Bytes } from '../../bytes.ts';
import { Transmuxer, type TransmuxerOptions } from '../transmuxer.ts';
import { BASIC_FLV_CODECS } from './basic-flv-codecs.ts';
import { BasicFlvDemuxer } from './basic-flv-demuxer.ts';

/** What has been loaded. */
const codecs = { video: { ...BASIC_FLV_CODECS.video }, audio: { ...BASIC_FLV_CODECS.audio }, isWhole: false };

/** A transmuxer that reads FLV. It tells of codecs that are to be loaded, and reads on with them once they are. */
export function createTransmuxer(options: TransmuxerOptions): Transmuxer {
  return new Transmuxer(new BasicFlvDemuxer(codecs), options);
}

/** Whether this init has codecs that are to be loaded first. Throws `NotThisMedia`. */
export function lacksCodecs(init: Bytes): boolean {
  return new BasicFlvDemuxer(codecs).push(init).some(({ type }) => type === 'unknown-codec');
}

/** Rejects when the file can't be loaded. */
export async function loadCodecs(): Promise<void> {
  const { video, audio } = (await import('./further-flv-codecs.ts')).FURTHER_CODECS;
  Object.assign(codecs.video, video);
  Object.assign(codecs.audio, audio);
  codecs.isWhole = true;
}
