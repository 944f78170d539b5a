// From FLV to what a player appends: all that a viewer of such a stream needs, to be loaded at once.

import { Transmuxer, type TransmuxerOptions } from '../transmuxer.ts';
import { FlvDemuxer } from './flv-demuxer.ts';

/** A transmuxer that reads FLV. */
export function createTransmuxer(options: TransmuxerOptions): Transmuxer {
  return new Transmuxer(new FlvDemuxer(), options);
}
