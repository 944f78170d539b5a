// Says before anything is started what is wrong with a source.

import { stat } from 'node:fs/promises';
import { FFMPEG_SOURCES, readFfmpegInput } from './ffmpeg/ffmpeg-input.ts';
import { fileFault } from './file-source.ts';

/** One sentence on why a source (URL, path or `-`) can't work, or nothing. Only looks; nothing is fetched. */
export async function sourceFault(source: string): Promise<string | undefined> {
  if (source === '-') return undefined;
  if (source === '') return 'the source is empty: give a URL, a path, or - for standard input';
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(source)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') {
    return URL.canParse(source) ? undefined : `${source} is not a URL`;
  }
  try {
    if (readFfmpegInput(source)) return undefined;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  if (scheme) {
    return `${scheme}:// is not a source: http, https, a path, - for standard input, and with ffmpeg ${FFMPEG_SOURCES} are`;
  }
  try {
    const found = await stat(source);
    if (found.isDirectory()) return `${source} is a directory: give a file`;
    return undefined;
  } catch (error) {
    return fileFault(source, error).message;
  }
}
