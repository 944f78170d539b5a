// Says in a sentence why ffmpeg ended, and whether trying again can help.

import { SourceFault } from '../source.ts';
import type { FfmpegEnd } from './ffmpeg-process.ts';

/** It was asked for something that it can't do, now or later. */
const HOPELESS =
  /Unrecognized option|Option .{0,80} not found|Error splitting the argument list|Protocol not found|Unknown input format|Unknown (en|de)coder|No such file or directory|Invalid argument.*option/i;
/** The codecs don't fit the container. */
const UNFIT =
  /not compatible with flv|not currently supported in container|Could not write header|incorrect codec parameters/i;

/** The fault that a picture of this codec, or what ffmpeg says of codecs, is. */
export function unfit(name: string, why: string): SourceFault {
  const message = `${name} can't be carried as it is (${why}): give --transcode, or --transcode-audio if it is the sound`;
  return new SourceFault(message, { permanent: true });
}

/** How a run went: `begun` when bytes came, `lastWords` of ffmpeg's standard error. */
export interface FfmpegRun {
  readonly name: string;
  readonly path: string;
  readonly begun: boolean;
  readonly end: FfmpegEnd;
  readonly lastWords: string;
}

/** The fault, or nothing when it ended well: its input is over, and may be there again. */
export function whyEnded({ name, path, begun, end, lastWords }: FfmpegRun): SourceFault | undefined {
  if (end.missing) {
    return new SourceFault(
      `${name} needs ffmpeg, and "${path}" can't be run: install ffmpeg, or say where it is with --ffmpeg <path>`,
      { permanent: true },
    );
  }
  if (end.code === 0) return undefined;
  if (UNFIT.test(lastWords)) return unfit(name, lastWords);
  const said = lastWords === '' ? `ffmpeg ended with ${end.code}` : `ffmpeg says: ${lastWords}`;
  return new SourceFault(`${name} ${begun ? 'broke off' : "can't be read"}; ${said}`, {
    permanent: HOPELESS.test(lastWords),
  });
}
