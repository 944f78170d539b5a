// Loads what reads a channel's container: a viewer of FLV never needs what reads MPEG-TS, nor the reverse.

import type { Bytes } from '../../core/bytes.ts';
import type { Container } from '../../core/init-document.ts';
import type { Transmuxer, TransmuxerOptions } from '../../core/media/transmuxer.ts';

/** What reads one container. */
export interface ContainerReader {
  createTransmuxer(options: TransmuxerOptions): Transmuxer;
  /** Whether streams of this init need what `loadCodecs` brings. Throws `NotThisMedia`. */
  lacksCodecs(init: Bytes): boolean;
  /** Loads what reads the codecs that few streams have. Rejects when the file can't be loaded. */
  loadCodecs(): Promise<void>;
}

/** Rejects when the file can't be loaded. */
export function loadTransmuxer(container: Container): Promise<ContainerReader> {
  return container === 'flv'
    ? import('../../core/media/flv/flv-transmuxer.ts')
    : import('../../core/media/mpeg-ts/ts-transmuxer.ts');
}
