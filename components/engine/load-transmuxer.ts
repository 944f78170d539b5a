// Loads what reads a channel's container: a viewer of FLV never needs what reads MPEG-TS, nor the reverse.

import type { Container } from '../../core/init-document.ts';
import type { Transmuxer, TransmuxerOptions } from '../../core/media/transmuxer.ts';

/** Makes transmuxers of one container. */
export type CreateTransmuxer = (options: TransmuxerOptions) => Transmuxer;

/** Rejects when the file can't be loaded. */
export async function loadTransmuxer(container: Container): Promise<CreateTransmuxer> {
  const { createTransmuxer } =
    container === 'flv'
      ? await import('../../core/media/flv/flv-transmuxer.ts')
      : await import('../../core/media/mpeg-ts/ts-transmuxer.ts');
  return createTransmuxer;
}
