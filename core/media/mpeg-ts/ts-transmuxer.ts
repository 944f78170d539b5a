// From MPEG-TS to what a player appends: what nearly every viewer of such a stream needs at once, and what few need when they do.

import type { Bytes } from '../../bytes.ts';
import { Transmuxer, type TransmuxerOptions } from '../transmuxer.ts';
import { BASIC_TS_CODECS } from './basic-ts-codecs.ts';
import { BasicTsDemuxer } from './basic-ts-demuxer.ts';

/** What has been loaded. */
const codecs = { video: { ...BASIC_TS_CODECS.video }, audio: { ...BASIC_TS_CODECS.audio } };

/** A transmuxer that reads MPEG-TS. It tells of codecs that are to be loaded; the next programme map is read with them. */
export function createTransmuxer(options: TransmuxerOptions): Transmuxer {
  return new Transmuxer(new BasicTsDemuxer(codecs), options);
}

/** Whether this init has codecs that are to be loaded first. Throws `NotThisMedia`. */
export function lacksCodecs(init: Bytes): boolean {
  return new BasicTsDemuxer(codecs).push(init).some(({ type }) => type === 'unknown-codec');
}

/** Rejects when the file can't be loaded. */
export async function loadCodecs(): Promise<void> {
  const { video, audio } = (await import('./further-ts-codecs.ts')).FURTHER_CODECS;
  Object.assign(codecs.video, video);
  Object.assign(codecs.audio, audio);
}
