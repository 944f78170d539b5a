// Chooses the kind of source for what the user named.

import { type ByteStream, BytesSource } from './bytes-source.ts';
import { FileSource } from './file-source.ts';
import { HttpSource } from './http-source.ts';
import type { Source, SourceContext } from './source.ts';
import { standardInput } from './standard-input.ts';

export interface SourceOptions {
  /** Files: whether still being written; found out by watching if not given. */
  readonly mode?: 'follow' | 'paced';
  /** Finished files and playlists start over instead of ending. */
  readonly loop?: boolean;
  /** Playlists: the variant of the highest bandwidth up to this, in bit/s. */
  readonly maxBitrate?: number;
}

/** The source that a string (URL, path, `-`) or a stream stands for. */
export function createSource(
  source: string | ByteStream | ((signal: AbortSignal) => ByteStream) | Source,
  context: SourceContext,
  options: SourceOptions,
): Source {
  if (typeof source === 'function') return new BytesSource('the stream', source, context);
  if (typeof source === 'object') return 'open' in source ? source : new BytesSource('the stream', source, context);
  if (source === '-') return new BytesSource('standard input', standardInput(), context);
  if (/^https?:\/\//i.test(source)) return new HttpSource(source, context, options);
  return new FileSource(source, context, options);
}
