// The chunker for whatever a source's first bytes are.

import type { Bytes } from '../core/bytes.ts';
import type { Chunker, CutLimits } from '../core/media/chunker.ts';
import { FlvChunker } from '../core/media/flv/flv-chunker.ts';
import { TsChunker } from '../core/media/mpeg-ts/ts-chunker.ts';
import { sniff, sniffFault } from './sources/sniff.ts';
import { SourceFault } from './sources/source.ts';

/** Undefined while there are too few bytes to tell, unless `complete`. Throws `SourceFault`; `name` is the source's, for people. */
export function createChunker(
  head: Bytes,
  options: { readonly complete: boolean; readonly limits: CutLimits; readonly name: string },
): Chunker | undefined {
  const kind = sniff(head, options.complete);
  if (kind === undefined) return undefined;
  if (kind === 'flv') return new FlvChunker(options.limits);
  if (kind === 'ts') return new TsChunker(options.limits);
  throw new SourceFault(`${options.name} can't be published: ${sniffFault(kind, head)}`, { permanent: true });
}
