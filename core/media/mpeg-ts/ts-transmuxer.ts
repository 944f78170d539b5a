// From MPEG-TS to what a player appends: all that a viewer of such a stream needs, to be loaded at once.

import { Transmuxer, type TransmuxerOptions } from '../transmuxer.ts';
import { TsDemuxer } from './ts-demuxer.ts';

/** A transmuxer that reads MPEG-TS. */
export function createTransmuxer(options: TransmuxerOptions): Transmuxer {
  return new Transmuxer(new TsDemuxer(), options);
}
