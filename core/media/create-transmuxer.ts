// A transmuxer for either container, for programs that have both at hand; a page loads the one that it needs.

import type { Container } from '../init-document.ts';
import * as flv from './flv/flv-transmuxer.ts';
import * as ts from './mpeg-ts/ts-transmuxer.ts';
import type { Transmuxer, TransmuxerOptions } from './transmuxer.ts';

/** A transmuxer that reads `container`. */
export function createTransmuxer(container: Container, options: TransmuxerOptions): Transmuxer {
  return (container === 'flv' ? flv : ts).createTransmuxer(options);
}
