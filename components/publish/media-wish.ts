// What a broadcast wants of the devices -> what is asked of the browser.

import type { PublishSource } from './publish-state.ts';

/** What to capture. */
export interface MediaWish {
  readonly source: Exclude<PublishSource, 'own'>;
  /** Device ids; empty for the browser's choice. `none` is no microphone. */
  readonly camera: string;
  readonly microphone: string;
  /** Lines of the picture. */
  readonly height: number;
  /** Frames a second. */
  readonly frameRate: number;
}

/** `microphone` of a wish without one. */
export const NO_MICROPHONE = 'none';

/** For getUserMedia. */
export function cameraConstraints({ camera, height, frameRate }: MediaWish): MediaTrackConstraints {
  return {
    ...(camera && { deviceId: { exact: camera } }),
    width: { ideal: Math.round((height * 16) / 9) },
    height: { ideal: height },
    frameRate: { ideal: frameRate },
  };
}

/** For getUserMedia; false without a microphone. */
export function microphoneConstraints({ microphone }: MediaWish): MediaTrackConstraints | false {
  if (microphone === NO_MICROPHONE) return false;
  return microphone ? { deviceId: { exact: microphone } } : {};
}

/** What TypeScript's DOM doesn't know yet: https://w3c.github.io/mediacapture-screen-share/#dom-displaymediastreamoptions */
interface ScreenOptions extends DisplayMediaStreamOptions {
  readonly systemAudio: 'include';
  readonly surfaceSwitching: 'include';
  readonly selfBrowserSurface: 'exclude';
}

/** For getDisplayMedia: with the sound of what is shared, where the browser offers it. */
export function screenOptions({ height, frameRate }: MediaWish): ScreenOptions {
  const width = Math.round((height * 16) / 9);
  return {
    video: { width: { max: width }, height: { max: height }, frameRate: { ideal: frameRate, max: frameRate } },
    // Made for voices, echo cancellation and the like spoil music.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    systemAudio: 'include',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  };
}
