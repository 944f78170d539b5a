// What becomes of a viewer's wish.

import type { Captions } from './captions.ts';
import type { Wish } from './controls/wish.ts';
import type { Fullscreen } from './fullscreen.ts';
import type { PictureInPicture } from './picture-in-picture.ts';

/** What a wish can be about. */
export interface Wishable {
  muted: boolean;
  volume: number;
  currentTime: number;
  play(): Promise<void>;
  pause(): void;
  stop(): void;
  seekToLive(): void;
}

/** What is switched on and off beside it. */
export interface Switches {
  readonly captions: Captions;
  readonly fullscreen: Fullscreen;
  readonly pip: PictureInPicture;
}

/** Nobody is there to be told of a refusal: the element shows what became of it. */
export function grantWish(wish: Wish, element: Wishable, switches: Switches): void {
  let done: Promise<unknown> | undefined;
  switch (wish.to) {
    case 'play':
    case 'retry':
      done = element.play();
      break;
    case 'pause':
      element.pause();
      break;
    case 'stop':
      element.stop();
      break;
    case 'mute':
      element.muted = true;
      break;
    case 'unmute':
      element.muted = false;
      if (element.volume === 0) element.volume = 0.5;
      break;
    case 'volume':
      element.volume = wish.volume;
      element.muted = wish.volume === 0;
      break;
    case 'seek':
      element.currentTime = wish.time;
      break;
    case 'live':
      element.seekToLive();
      done = element.play();
      break;
    case 'captions':
    case 'fullscreen':
    case 'pip':
      done = switches[wish.to].toggle();
      break;
  }
  done?.catch(() => undefined);
}
