// A transmuxer for either container and every codec, for programs that have them at hand; a page loads what it needs.

import type { Container } from '../init-document.ts';
import { FlvDemuxer } from './flv/flv-demuxer.ts';
import { TsDemuxer } from './mpeg-ts/ts-demuxer.ts';
import { Transmuxer, type TransmuxerOptions } from './transmuxer.ts';

/** A transmuxer that reads `container`. */
export function createTransmuxer(container: Container, options: TransmuxerOptions): Transmuxer {
  return new Transmuxer(container === 'flv' ? new FlvDemuxer() : new TsDemuxer(), options);
}
