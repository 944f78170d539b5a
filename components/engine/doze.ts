// When to do without the stream: the page is hidden, nothing is to be heard, and no peer is fed from here.

import type { Millis } from '../../core/time.ts';

/** Whoever only looks at another tab for a moment finds everything as it was. */
const DOZE_AFTER_MS: Millis = 20_000;

/** Decides; whoever asks it acts. */
export class Doze {
  #since: Millis | undefined;
  #isAsleep = false;

  /** To be asked about once a second, and when something has changed. Whether to sleep from now on; undefined: all stays as it is. */
  step(isNeeded: boolean, now: Millis): boolean | undefined {
    this.#since = isNeeded ? undefined : (this.#since ?? now);
    const isAsleep = this.#since !== undefined && now - this.#since >= DOZE_AFTER_MS;
    if (isAsleep === this.#isAsleep) return undefined;
    this.#isAsleep = isAsleep;
    return isAsleep;
  }
}

/** Whether anybody may be watching or listening. */
export function isAttended(video: HTMLVideoElement, hasSound: boolean): boolean {
  const { muted, volume, paused, ownerDocument } = video;
  if (!ownerDocument.hidden || ownerDocument.pictureInPictureElement) return true;
  return hasSound && !paused && !muted && volume > 0;
}
