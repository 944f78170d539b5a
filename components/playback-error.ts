// Why the element failed, as pages and their controls know it from <video>.

import type { PlayerError } from './player.ts';

/** A MediaError: `code` is one of its numbers. `reason` is the literal word for programs, `message` one sentence for people. */
export interface PlaybackError extends MediaError {
  readonly reason: string;
}

const DECODE = 3;
const SRC_NOT_SUPPORTED = 4;

/** MEDIA_ERR_DECODE when the stream or the player broke, MEDIA_ERR_SRC_NOT_SUPPORTED for all that can't be played in the first place. */
export function playbackError({ code: reason, message }: PlayerError): PlaybackError {
  const code = reason === 'playback-failed' || reason === 'internal' ? DECODE : SRC_NOT_SUPPORTED;
  const own = Object.entries({ code, reason, message }).map(([name, value]) => [name, { value, enumerable: true }]);
  // MediaError has no constructor.
  return Object.create(MediaError.prototype, Object.fromEntries(own));
}
