// Chooses the kind of source for what the user named.

import { type ByteStream, BytesSource } from './bytes-source.ts';
import type { FfmpegOptions } from './ffmpeg/ffmpeg-arguments.ts';
import { readFfmpegInput } from './ffmpeg/ffmpeg-input.ts';
import { FfmpegSource } from './ffmpeg/ffmpeg-source.ts';
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
  /** How ffmpeg is used, for what only ffmpeg reads. */
  readonly ffmpeg?: FfmpegOptions;
}

/** The source that a string (URL, path, `-`) or a stream stands for. Throws `TypeError` with a sentence when it can stand for none. */
export function createSource(
  source: string | ByteStream | ((signal: AbortSignal) => ByteStream) | Source,
  context: SourceContext,
  options: SourceOptions,
): Source {
  if (typeof source === 'function') return new BytesSource('the stream', source, context);
  if (typeof source === 'object') return 'open' in source ? source : new BytesSource('the stream', source, context);
  if (options.ffmpeg?.transcode) return encoded(source, context, options);
  if (source === '-') return new BytesSource('standard input', standardInput(), context);
  if (/^https?:\/\//i.test(source)) return new HttpSource(source, context, options);
  const input = readFfmpegInput(source, options);
  if (input) return new FfmpegSource(input, context, options.ffmpeg);
  return new FileSource(source, context, options);
}

// Whatever it is, ffmpeg reads it.
function encoded(source: string, context: SourceContext, options: SourceOptions): Source {
  if (source === '-')
    throw new TypeError('standard input is taken as it is: --transcode needs an address, a path or a device');
  if (options.mode === 'follow') throw new TypeError('--transcode follows no file that is being written');
  const input = readFfmpegInput(source, options) ?? readFfmpegInput(`ffmpeg:${source}`, options);
  if (!input) throw new TypeError(`${source} is nothing that ffmpeg reads`);
  return new FfmpegSource(input, context, options.ffmpeg);
}
