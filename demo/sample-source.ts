// The sample channel's bytes: encoded live where there is ffmpeg, else the repository's clip.

import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bytes } from '../core/bytes.ts';
import { onPath } from './find-program.mjs';
import { SAMPLE_PICTURE, testPictureArguments } from './test-picture.ts';

/** The clip that stands in where nothing can be encoded; to be looped. */
export const SAMPLE_CLIP = fileURLToPath(new URL('sample.flv', import.meta.url));

/** A live encoder's FLV, anew at each call; `undefined` where there is no ffmpeg with H.264. */
export function sampleEncoder(): ((signal: AbortSignal) => AsyncIterable<Bytes>) | undefined {
  const ffmpeg = onPath('ffmpeg');
  if (!ffmpeg) return undefined;
  const tell = (what: string) => spawnSync(ffmpeg, ['-hide_banner', what], { encoding: 'utf8' }).stdout ?? '';
  if (!/ libx264 /.test(tell('-encoders'))) return undefined;
  const filters = tell('-filters');
  if (!/ gradients /.test(filters)) return undefined;
  const args = testPictureArguments({ ...SAMPLE_PICTURE, text: / drawtext /.test(filters) });
  return signal => encode(ffmpeg, args, signal);
}

async function* encode(ffmpeg: string, args: readonly string[], signal: AbortSignal): AsyncGenerator<Bytes> {
  const child = spawn(ffmpeg, [...args, '-f', 'flv', 'pipe:1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => child.kill('SIGKILL');
  child.on('error', stop);
  signal.addEventListener('abort', stop);
  try {
    for await (const bytes of child.stdout) yield new Uint8Array(bytes);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
